import type { Tx } from '../db/index.ts'
import type { events } from '../db/schema.ts'
import { type Heard, hear } from './hear.ts'
import { reportedName } from './reported.ts'

type EventRow = Pick<
  typeof events.$inferInsert,
  'networkId' | 'type' | 'contactId' | 'messageId' | 'dedupeKey' | 'data' | 'occurredAt' | 'recordedAt'
>

/** Has campaigns hear the events just stored, in the same transaction. */
export async function hearEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  const byNetwork = new Map<string, { heard: Heard[]; now: Date }>()
  for (const row of rows) {
    const heard = heardOf(row)
    if (!heard) continue
    const known = byNetwork.get(row.networkId) ?? { heard: [], now: row.recordedAt }
    known.heard.push(heard)
    byNetwork.set(row.networkId, known)
  }
  for (const [networkId, { heard, now }] of byNetwork) await hear(tx, networkId, heard, now)
}

function heardOf({ type, contactId, messageId, dedupeKey, data, occurredAt: at }: EventRow): Heard | undefined {
  if (contactId === null || contactId === undefined) return undefined
  const what = { contactId, at, key: dedupeKey, ...(messageId ? { messageId } : {}) }
  if (type === 'register') return { ...what, kind: 'registered' }
  if (type === 'returned') return { ...what, kind: 'returned' }
  if (type === 'reply') return { ...what, kind: 'replied', text: typeof data.text === 'string' ? data.text : '' }
  const name = type === 'reported' ? reportedName(data) : undefined
  if (name === undefined) return undefined
  return { ...what, kind: 'event', name, data: (data.data ?? {}) as Record<string, unknown> }
}
