import type { Tx } from '../db/index.ts'
import { trackingOf } from '../network/consent.ts'
import { countUp } from './aggregate.ts'
import { contactOf, type Happening } from './happening.ts'

/**
 * Whether a click may be kept as this person's. Only `individual` tracking lets it be, and a refusal given since
 * the message left is heeded; otherwise the message's counter moves, or, without any tracking, nothing is kept.
 */
export async function keepsClick(tx: Tx, happening: Happening): Promise<boolean> {
  const { networkId, subject } = happening
  const mode = subject.delivery.trackingMode
  const contactId = contactOf(happening)
  const choices = contactId && mode === 'individual' ? await trackingOf(tx, networkId, [contactId]) : undefined
  const isRefused = contactId !== undefined && choices?.get(contactId)?.clicks === 'refused'
  if (mode === 'individual' && !isRefused) return true
  if (mode === 'aggregate' || isRefused) await countUp(tx, { ...happening, messageId: subject.delivery.messageId })
  return false
}
