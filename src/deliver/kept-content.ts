import { and, eq } from 'drizzle-orm'
import type { Content } from '../channel.ts'
import type { Tx } from '../db/index.ts'
import { contentVersions, deliveries, renderedContents } from '../db/schema.ts'
import { readContent } from './rendered.ts'

/**
 * The very content that was handed over; undefined before that and after its erasure.
 * @throws when what is kept cannot be read, or comes to more than `largest` bytes
 */
export async function keptContent(
  tx: Pick<Tx, 'select'>,
  networkId: string,
  deliveryId: string,
  largest?: number,
): Promise<Content | undefined> {
  const [row] = await tx
    .select({ body: renderedContents.body, dictionary: contentVersions.dictionary })
    .from(renderedContents)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, renderedContents.networkId), eq(deliveries.id, renderedContents.deliveryId)),
    )
    .leftJoin(
      contentVersions,
      and(eq(contentVersions.networkId, deliveries.networkId), eq(contentVersions.id, deliveries.contentVersionId)),
    )
    .where(and(eq(renderedContents.networkId, networkId), eq(renderedContents.deliveryId, deliveryId)))
  return row && readContent(row.body, row.dictionary, largest)
}
