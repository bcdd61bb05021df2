import { and, eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { events } from '../db/schema.ts'
import type { ChannelName, EventType } from '../words.ts'

/** Opens or clicks of a message that are nobody's in particular. */
export interface Counted {
  networkId: string
  messageId: string
  channel: ChannelName
  type: 'open' | 'click' | 'scan'
  /** The link, when links are counted apart. */
  linkId?: string
  occurredAt: Date
  recordedAt: Date
}

/** What is counted of an event whose person may not be known. */
export const countedType = (type: EventType): Counted['type'] => (type === 'open' || type === 'scan' ? type : 'click')

const keyOf = ({ type, messageId, linkId, occurredAt }: Counted) =>
  `count:${type}:${messageId}:${linkId ?? ''}:${occurredAt.toISOString().slice(0, 10)}`

/** Moves the counters of messages: one row per message, kind, link and day. */
export async function countUp(tx: Tx, counted: readonly Counted[]): Promise<void> {
  const sums = new Map<string, { one: Counted; times: number }>()
  for (const one of counted) {
    const key = `${one.networkId} ${keyOf(one)}`
    const sum = sums.get(key)
    if (sum) sum.times++
    else sums.set(key, { one, times: 1 })
  }
  for (const key of [...sums.keys()].sort()) await addTo(tx, sums.get(key)!)
}

async function addTo(tx: Tx, { one, times }: { one: Counted; times: number }): Promise<void> {
  const { networkId, messageId, channel, type, linkId, occurredAt, recordedAt } = one
  const dedupeKey = keyOf(one)
  const row = and(eq(events.networkId, networkId), eq(events.dedupeKey, dedupeKey))
  await tx.insertRows(
    events,
    [
      {
        ...{ networkId, id: newId(), type, messageId, channel, dedupeKey, verdict: 'unknown' as const },
        data: { count: 0, ...(linkId ? { linkId } : {}) },
        occurredAt: new Date(`${occurredAt.toISOString().slice(0, 10)}T00:00:00Z`),
        recordedAt,
      },
    ],
    'ignore',
  )
  // Written to before it is read, so that PostgreSQL holds it for this transaction.
  const [held] = await tx.update(events).set({ recordedAt }).where(row).returning({ data: events.data })
  const before = typeof held?.data.count === 'number' ? held.data.count : 0
  await tx
    .update(events)
    .set({ data: { ...held?.data, count: before + times } })
    .where(row)
}
