import { actionEvents, type DeliveryStatus, type EventType } from '../words.ts'

/**
 * How far a journey has come. Callbacks come late, twice and out of order (Twilio and SendGrid both say so), so
 * a status only ever rises: whatever the order, the same events leave the same status. A bounce after `delivered`
 * is real (mail servers accept first), `delivered` after a failure is kept as an event only, and a letter that
 * came back had been delivered to nobody.
 */
const rank: Partial<Record<DeliveryStatus, number>> = {
  held: 0,
  queued: 0,
  sending: 0,
  unknown: 0,
  needs_review: 0,
  expired: 0,
  canceled: 0,
  accepted: 1,
  sent: 2,
  delivered: 3,
  failed: 4,
  returned: 5,
}

const statusOf: Partial<Record<EventType, DeliveryStatus>> = {
  accepted: 'accepted',
  sent: 'sent',
  posted: 'sent',
  delivered: 'delivered',
  shown: 'delivered',
  failed: 'failed',
  bounced: 'failed',
  returned: 'returned',
}

/** What nobody can do with a message that has not left: for a delivery in doubt, proof that it did. */
const proofs: readonly EventType[] = [...actionEvents, 'auto_reply', 'unsubscribe', 'complaint']

export const isInDoubt = (status: DeliveryStatus): boolean => rank[status] === 0

/**
 * The status an event gives a delivery, or undefined when it changes nothing. A failure told of an earlier
 * attempt is not the failure of the present one; an arrival told of any attempt is an arrival. Who acts on a
 * delivery in doubt has received it. A delivery that was never handed over (attempt 0) has no carrier that could
 * speak of it.
 */
export function statusAfter(
  delivery: { status: DeliveryStatus; attempt: number },
  event: { type: EventType; attempt?: number },
): DeliveryStatus | undefined {
  const from = rank[delivery.status]
  const next = statusOf[event.type] ?? (from === 0 && proofs.includes(event.type) ? 'sent' : undefined)
  if (next === undefined || from === undefined || delivery.attempt === 0) return undefined
  const isFailure = next === 'failed' || next === 'returned'
  if (isFailure && event.attempt !== undefined && event.attempt < delivery.attempt) return undefined
  // Owed after an attempt: this one certainly did not leave, or left to no end, and another is due.
  if (isFailure && (delivery.status === 'queued' || delivery.status === 'held')) return undefined
  return rank[next]! > from ? next : undefined
}

export const isFailure = (status: DeliveryStatus): boolean => status === 'failed' || status === 'returned'
