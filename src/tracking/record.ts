import { newId, type Tx } from '../db/index.ts'
import { events } from '../db/schema.ts'
import { checkSoon } from '../segment/check.ts'
import { hearEvents } from '../sequence/hear-events.ts'
import type { ChannelName, EventType } from '../words.ts'
import { applyAll } from './apply.ts'
import { holdDelivery } from './subjects.ts'

/** An act that reached us ourselves: a form sent, a button pressed, a page read while signed in. */
export interface RecordedEvent {
  networkId: string
  type: EventType
  /** The delivery it answers. Without one it is an act of the contact alone, which teaches nothing of a channel. */
  deliveryId?: string
  contactId?: string
  messageId?: string
  siteId?: string
  channel?: ChannelName
  /** Unique in the network; the same key again changes nothing. */
  dedupeKey: string
  data?: Record<string, unknown>
  /** `list_unsubscribe`, `portal`, `console` … */
  source: string
  /** Business times. */
  occurredAt: Date
  recordedAt: Date
}

/**
 * Records an act and what follows from it, in the caller's transaction. Returns false for one known already.
 * Throws when the delivery does not exist in the network.
 */
export async function recordEvent(tx: Tx, event: RecordedEvent): Promise<boolean> {
  const { networkId, deliveryId, data = {}, ...rest } = event
  if (deliveryId !== undefined) {
    const subject = await holdDelivery(tx, networkId, deliveryId)
    if (!subject) throw new Error(`There is no delivery ${deliveryId} in this network to record an event on.`)
    const [isNew = false] = await applyAll(tx, [{ ...rest, networkId, subject, data }])
    return isNew
  }
  const { source: _, ...row } = rest
  const kept = { ...row, networkId, id: newId(), verdict: 'human_confirmed' as const, data }
  const stored = await tx.insertRows(events, [kept], 'ignore')
  if (stored !== 1) return false
  await hearEvents(tx, [kept])
  if (row.contactId !== undefined) await checkSoon(tx, networkId, [row.contactId])
  return true
}
