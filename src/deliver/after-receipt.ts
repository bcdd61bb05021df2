import type { Receipt } from '../channel.ts'
import type { ChannelName, DeliveryStatus } from '../words.ts'
import type { Delivery } from './batch.ts'
import { failureOf } from './failure-codes.ts'

/** How long a doubt may be settled by the provider's own word before we ask it (providers list late). */
export const graceMs = 60_000
const firstRetryMs = 30_000
const longestRetryMs = 3_600_000
/**
 * Certain refusals are tried again this often; then it is a failure, and the next channel's turn. What is refused with
 * everybody else is not counted: it stays queued until the provider is there again, or it has expired.
 */
export const mostAttempts = 10
/** So often a provider's own Retry-After is enough; then our pauses grow although it asks for less. */
const trustedRetries = 3

/** The channel's word, or that it was never asked: the lease was nearly over, or the process is stopping. */
export type HandedOver = Receipt | { outcome: 'not_sent' }

/** Once accepted: carriers report what follows, the intranet has it at once, a screen and a printer not yet. */
const statusOnceAccepted: Record<ChannelName, DeliveryStatus> = {
  sms: 'accepted',
  email: 'accepted',
  print: 'accepted',
  intranet: 'delivered',
  screen: 'sent',
}

export type Written = Pick<
  Delivery,
  'status' | 'reason' | 'dueAt' | 'doubts' | 'providerRef' | 'parts' | 'sentAt' | 'deliveredAt'
>

/** The pause before the next attempt: doubling from 30 seconds to an hour, never less than the provider asks. */
export function retryPauseMs(attempt: number, retryAfterMs?: number): number {
  const own = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1))
  if (retryAfterMs === undefined) return own
  return attempt <= trustedRetries ? retryAfterMs : Math.max(own, retryAfterMs)
}

/** The delivery after its receipt, at business time `now`. Pure. */
export function afterReceipt(delivery: Delivery, receipt: HandedOver, now: Date): Written {
  const kept: Written = delivery
  switch (receipt.outcome) {
    case 'accepted': {
      const status = statusOnceAccepted[delivery.channel]
      return {
        ...kept,
        status,
        reason: null,
        providerRef: receipt.ref,
        parts: receipt.parts ?? delivery.parts,
        sentAt: now,
        deliveredAt: status === 'delivered' ? now : delivery.deliveredAt,
      }
    }
    case 'refused': {
      const isOfProvider = failureOf(receipt.code).scope === 'provider'
      if (receipt.permanent || (!isOfProvider && delivery.attempt >= mostAttempts))
        return { ...kept, status: 'failed', reason: receipt.code }
      // Who is refused with everybody else is not to blame: their turn comes as soon as the provider's breaker closes.
      const attempt = isOfProvider ? 1 : delivery.attempt
      const dueAt = new Date(now.getTime() + retryPauseMs(attempt, receipt.retryAfterMs))
      return { ...kept, status: 'queued', reason: receipt.code, dueAt }
    }
    case 'unknown':
      return {
        ...kept,
        status: 'unknown',
        reason: receipt.reason,
        doubts: delivery.doubts + 1,
        dueAt: new Date(now.getTime() + graceMs),
      }
    case 'not_sent':
      return { ...kept, status: 'queued', reason: null }
  }
}
