import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { renderedContents } from '../db/schema.ts'

/** The most contents erased in one look. */
export const forgetPage = 500

/**
 * Erases rendered content whose time is over (13 months unless the network says otherwise); the delivery keeps its
 * hash. Returns how many were erased.
 */
export async function forgetContent({ db }: Context, network: Network, now: Date): Promise<number> {
  const over = await db
    .select({ deliveryId: renderedContents.deliveryId })
    .from(renderedContents)
    .where(and(eq(renderedContents.networkId, network.id), lte(renderedContents.keepUntil, now)))
    .limit(forgetPage)
  if (over.length === 0) return 0
  await db.delete(renderedContents).where(
    and(
      eq(renderedContents.networkId, network.id),
      inArray(
        renderedContents.deliveryId,
        over.map((row) => row.deliveryId),
      ),
    ),
  )
  return over.length
}
