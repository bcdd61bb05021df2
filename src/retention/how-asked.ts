/** Where the message that asks a silent prospect stands, read from its deliveries alone. Pure. */
import type { DeliveryStatus } from '../words.ts'

const dayMs = 86_400_000

export interface AskDelivery {
  status: DeliveryStatus
  /** When it was handed over. */
  sentAt: Date | null
}

/** Handed over, and nothing told us since that it did not arrive. */
export const leftStatuses = ['sent', 'delivered'] as const satisfies readonly DeliveryStatus[]
/** Not at its end: it may still leave, or be told to have failed. */
export const openStatuses = [
  'planned',
  'held',
  'queued',
  'sending',
  'accepted',
  'unknown',
  'needs_review',
] as const satisfies readonly DeliveryStatus[]

/**
 * coming: it may still leave · answering: it left, and the person has until then · unreached: it never left, or came
 * back, so that nobody was asked.
 */
export type HowAsked = { is: 'coming' } | { is: 'unreached' } | { is: 'answering'; until: Date }

/**
 * How an ask stands: the time to answer counts from the last message that left, and not before none of them is on its
 * way. A message that failed, expired, was suppressed, canceled or returned has asked nobody.
 */
export function howAsked(
  { askedAt, answerDays }: { askedAt: Date; answerDays: number },
  deliveries: readonly AskDelivery[],
  { isComing, now }: { isComing: boolean; now: Date },
): HowAsked {
  const isOneOf = (list: readonly DeliveryStatus[], status: DeliveryStatus) => list.includes(status)
  if (isComing || deliveries.some(({ status }) => isOneOf(openStatuses, status))) return { is: 'coming' }
  const left = deliveries.flatMap(({ status, sentAt }) =>
    sentAt && isOneOf(leftStatuses, status) ? [sentAt.getTime()] : [],
  )
  if (left.length > 0) return { is: 'answering', until: new Date(Math.max(...left) + answerDays * dayMs) }
  // A day for what takes over from a message that has just failed.
  return now.getTime() - askedAt.getTime() < dayMs ? { is: 'coming' } : { is: 'unreached' }
}
