import { countedType } from './aggregate.ts'
import { contactOf, type Happening } from './happening.ts'
import type { Round } from './round.ts'

/**
 * Whether a click may be kept as this person's. Only `individual` tracking lets it be, and a refusal given since
 * the message left is heeded; otherwise the message's counter moves, or, without any tracking, nothing is kept.
 */
export function keepsClick(round: Round, happening: Happening): boolean {
  const mode = happening.subject.delivery.trackingMode
  const isRefused = contactOf(happening) !== undefined && round.tracking(happening)?.clicks === 'refused'
  if (mode === 'individual' && !isRefused) return true
  if (mode === 'aggregate' || (mode === 'individual' && isRefused)) countOnly(round, happening)
  return false
}

/** Moves the message's counter, and keeps nothing of whom it was. */
export function countOnly(round: Round, happening: Happening): void {
  const { networkId, subject, type, data, occurredAt, recordedAt } = happening
  const { channel, messageId } = subject.delivery
  const linkId = typeof data.linkId === 'string' ? data.linkId : undefined
  round.count({ networkId, messageId, channel, type: countedType(type), linkId, occurredAt, recordedAt })
}
