import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { deliveries, events } from '../db/schema.ts'
import { againAfter } from '../deliver/failure-codes.ts'
import type { Happening } from './happening.ts'

/**
 * A failure told after the hand-over that may pass (a phone that is off, an error nobody explains): the delivery is
 * owed once more, as a new attempt, while its code still grants one and the message is still worth sending by then.
 * Checked again at its claim like any other. False: it has failed, and it is the next channel's turn. The delivery
 * must be held, the event stored and the failure written. Its chances to act stay, since it may still be read.
 */
export async function isOwedAgain(
  tx: Tx,
  { networkId, subject: { delivery, message }, type, data, recordedAt }: Happening,
): Promise<boolean> {
  const { code } = data
  if (type !== 'failed' || typeof code !== 'string' || !againAfter(code, message.urgency, 0)) return false
  const told = await tx
    .select({ data: events.data })
    .from(events)
    .where(and(eq(events.networkId, networkId), eq(events.deliveryId, delivery.id), eq(events.type, 'failed')))
  // This failure is among them.
  const before = told.filter((event) => event.data.code === code).length - 1
  const again = againAfter(code, message.urgency, before)
  if (!again) return false
  const dueAt = new Date(recordedAt.getTime() + again.afterMs)
  if (message.expiresAt && message.expiresAt <= dueAt) return false
  const owed = await tx
    .update(deliveries)
    .set({ status: 'queued', reason: code, dueAt, sentAt: null, updatedAt: recordedAt })
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, delivery.id), eq(deliveries.status, 'failed')))
    .returning({ id: deliveries.id })
  if (owed.length === 0) return false
  Object.assign(delivery, { status: 'queued', reason: code, sentAt: null })
  return true
}
