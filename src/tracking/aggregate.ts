import { and, eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { events } from '../db/schema.ts'

interface Counted {
  networkId: string
  messageId: string
  type: 'open' | 'click' | 'scan'
  /** The link, when links are counted apart. */
  data: Record<string, unknown>
  occurredAt: Date
  recordedAt: Date
}

/** Moves the counter of a message: one row per message, kind, link and day, nobody's in particular. */
export async function countUp(tx: Tx, happened: Omit<Counted, 'type'> & { type: string }): Promise<void> {
  const { networkId, messageId, data, occurredAt, recordedAt } = happened
  const type = happened.type === 'open' ? 'open' : happened.type === 'scan' ? 'scan' : 'click'
  const linkId = typeof data.linkId === 'string' ? data.linkId : undefined
  const day = occurredAt.toISOString().slice(0, 10)
  const dedupeKey = `count:${type}:${messageId}:${linkId ?? ''}:${day}`
  const row = and(eq(events.networkId, networkId), eq(events.dedupeKey, dedupeKey))
  await tx.insertRows(
    events,
    [
      {
        ...{
          networkId,
          id: newId(),
          type,
          messageId,
          channel: 'email' as const,
          dedupeKey,
          verdict: 'unknown' as const,
        },
        ...{ data: { count: 0, ...(linkId ? { linkId } : {}) }, occurredAt: new Date(`${day}T00:00:00Z`), recordedAt },
      },
    ],
    'ignore',
  )
  const [held] = await tx.update(events).set({ recordedAt }).where(row).returning({ data: events.data })
  const before = typeof held?.data.count === 'number' ? held.data.count : 0
  await tx
    .update(events)
    .set({ data: { ...held?.data, count: before + 1 } })
    .where(row)
}
