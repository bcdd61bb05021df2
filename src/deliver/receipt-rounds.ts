import type { Channel } from '../channel.ts'
import type { Wait } from '../timer/timers.ts'
import type { Outcome } from './outcome.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Deliveries one wait is for. */
const mostTogether = 100

/** What is done about receipts that have not come, so long after the hand-over (business time). */
export interface Round {
  afterMs: number
  /** The provider is asked how each message goes. */
  asks?: boolean
  /** Should nobody have called at all, that is told. */
  minds?: boolean
  /** The silence is written down: sent, without a receipt. */
  ends?: boolean
}

/**
 * Twilio's callbacks come within seconds of what they tell and are never repeated once we have failed to answer, so it
 * is asked; a carrier that has said nothing for four hours mostly says nothing. SendGrid can be asked about nothing in
 * its European region, and tries an address for up to three days.
 */
const rounds: Partial<Record<Channel['name'], readonly Round[]>> = {
  sms: [
    { afterMs: 5 * minuteMs, asks: true },
    { afterMs: 10 * minuteMs, minds: true },
    { afterMs: 30 * minuteMs, asks: true },
    { afterMs: 4 * hourMs, asks: true, ends: true },
  ],
  email: [
    { afterMs: 10 * minuteMs, minds: true },
    { afterMs: 24 * hourMs, ends: true },
  ],
}

/** What a wait for receipts holds: which deliveries, by which attempt, and how often they have been looked after. */
export interface Awaiting {
  channel: Channel['name']
  provider: string
  /** When they were handed over, in business time. */
  sentAt: string
  round: number
  attempts: [deliveryId: string, attempt: number][]
}

export const roundOf = ({ channel, round }: Awaiting): Round | undefined => rounds[channel]?.[round]

/** The waits for a round, by the hundred; none once there are no more rounds, or nothing is left to wait for. */
export function waitsFor(awaiting: Awaiting): Wait[] {
  const round = roundOf(awaiting)
  if (!round) return []
  const pages = Math.ceil(awaiting.attempts.length / mostTogether)
  return Array.from({ length: pages }, (_, page) => {
    const attempts = awaiting.attempts.slice(page * mostTogether, (page + 1) * mostTogether)
    const [id, attempt] = attempts[0]!
    return {
      kind: 'receipt',
      subject: id,
      occurrence: `${attempt}-${awaiting.round + 1}`,
      dueAt: new Date(Date.parse(awaiting.sentAt) + round.afterMs),
      payload: { ...awaiting, attempts },
    }
  })
}

/** The waits for the receipts of what was just accepted: only of a provider that calls us. */
export function receiptWaits(outcomes: readonly Outcome[], now: Date): Wait[] {
  const byProvider = new Map<string, Awaiting>()
  for (const { claimed, receipt } of outcomes) {
    const { channel, delivery } = claimed
    if (receipt.outcome !== 'accepted' || !channel.webhook || !rounds[channel.name]) continue
    const { name, provider } = channel
    const key = `${name} ${provider}`
    const awaiting = byProvider.get(key) ?? {
      channel: name,
      provider,
      sentAt: now.toISOString(),
      round: 0,
      attempts: [],
    }
    awaiting.attempts.push([delivery.id, delivery.attempt])
    byProvider.set(key, awaiting)
  }
  return [...byProvider.values()].flatMap(waitsFor)
}
