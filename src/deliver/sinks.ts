import type { SinkRow } from '../channel.ts'
import { newId, type Tx } from '../db/index.ts'
import { broadcasts, pieces, posts } from '../db/schema.ts'
import type { Outcome } from './outcome.ts'
import type { Kept } from './rendered.ts'

/** Appends what our own sinks keep: letters to be printed, posts, broadcasts. One row a delivery, however often told. */
export async function appendToSinks(
  tx: Tx,
  outcomes: readonly Outcome[],
  kept: ReadonlyMap<string, Kept>,
  now: Date,
): Promise<void> {
  const rowsOf = <T extends SinkRow['table']>(table: T) =>
    outcomes.flatMap(({ claimed, outgoing, receipt }) =>
      receipt.outcome === 'accepted' && receipt.row?.table === table && outgoing
        ? [{ claimed, outgoing, row: receipt.row as Extract<SinkRow, { table: T }> }]
        : [],
    )
  const common = ({ claimed: { delivery } }: Pick<Outcome, 'claimed'>) => ({
    networkId: delivery.networkId,
    id: newId(),
    deliveryId: delivery.id,
    messageId: delivery.messageId,
    createdAt: now,
  })
  await tx.insertRows(
    pieces,
    rowsOf('pieces').map(({ claimed, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      status: 'queued' as const,
      contentHash: kept.get(claimed.delivery.id)!.hash,
      updatedAt: now,
    })),
    'ignore',
  )
  await tx.insertRows(
    posts,
    rowsOf('posts').map(({ claimed, outgoing, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      recipientKey: outgoing.recipientKey,
      language: outgoing.language,
      publishedAt: now,
    })),
    'ignore',
  )
  await tx.insertRows(
    broadcasts,
    rowsOf('broadcasts').map(({ claimed, outgoing, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      recipientKey: outgoing.recipientKey,
      siteId: outgoing.siteId,
      startsAt: now,
    })),
    'ignore',
  )
}
