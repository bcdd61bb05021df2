import { isbot } from 'isbot'
import type { Verdict } from '../words.ts'

/** Recorded with every verdict; events of an older version can be judged anew from their features. */
export const classifierVersion = '1'

/** What is kept of a request to judge it: never the address or the agent themselves. */
export interface HitFeatures {
  /** HEAD or OPTIONS, or a user agent that says it is a program. */
  isBotAgent?: boolean
  /** No user agent to speak of (under 10 characters). */
  isBareAgent?: boolean
  /** Salted hash of the network (/24, /48); undefined when the request did not come to us. */
  network?: string
}

export interface Hit extends HitFeatures {
  at: Date
  /** The link followed; hits on the same one are one link. */
  link: string
  isUnsubscribe?: boolean
}

export interface Surroundings {
  /** When the provider said `delivered` (not when it was sent). */
  deliveredAt?: Date
  /** Acts that only a person makes: a form sent, an acknowledgement, a reply. */
  actedAt?: readonly Date[]
  /** The same network was seen on 10 recipients of 3 mail domains within 10 minutes. */
  isSharedNetwork?: boolean
}

export interface Classification {
  verdict: Verdict
  score: number
  reasons: string[]
}

const seconds = (n: number) => n * 1_000
const day = 86_400_000

/** The most distinct values among hits whose times lie within `span` milliseconds. */
function most<T>(hits: readonly Hit[], span: number, of: (hit: Hit) => T | undefined): number {
  const ordered = [...hits].sort((a, b) => a.at.getTime() - b.at.getTime())
  let highest = 0
  for (const [start, first] of ordered.entries()) {
    const seen = new Set<T>()
    for (let index = start; index < ordered.length; index++) {
      const hit = ordered[index]!
      if (hit.at.getTime() - first.at.getTime() > span) break
      const value = of(hit)
      if (value !== undefined) seen.add(value)
    }
    highest = Math.max(highest, seen.size)
  }
  return highest
}

const verdictOf = (score: number): Verdict => {
  if (score <= -60) return 'machine'
  if (score <= -25) return 'suspect'
  if (score < 15) return 'unknown'
  return score < 40 ? 'human_likely' : 'human_confirmed'
}

/**
 * Judges the clicks of one recipient on one message within ten minutes, all together: scanners follow every link
 * in seconds, from several networks, the unsubscribe link included. Weights after the bursts published in
 * putyourlightson/craft-campaign#546 and the rules of mautic, kannon and instantly; at most one burst weight
 * counts. Pure.
 */
export function classifyClicks(hits: readonly Hit[], around: Surroundings = {}): Classification {
  const reasons: [string, number][] = []
  if (hits.some((hit) => hit.isBotAgent)) reasons.push(['bot_agent', -80])
  if (hits.some((hit) => hit.isBareAgent)) reasons.push(['bare_agent', -60])
  const burst = most(hits, seconds(10), (hit) => hit.link)
  if (burst >= 5) reasons.push(['burst_of_5', -80])
  else if (burst >= 3) reasons.push(['burst_of_3', -60])
  if (hasUnsubscribePair(hits)) reasons.push(['unsubscribe_pair', -50])
  const networks = new Set(hits.flatMap((hit) => hit.network ?? [])).size
  if (most(hits, seconds(120), (hit) => hit.network) >= 3) reasons.push(['many_networks', -60])
  if (around.isSharedNetwork) reasons.push(['shared_network', -30])
  const first = Math.min(...hits.map((hit) => hit.at.getTime()))
  if (around.deliveredAt && first - around.deliveredAt.getTime() < seconds(5)) reasons.push(['at_delivery', -40])
  const links = new Set(hits.map((hit) => hit.link)).size
  if (reasons.length === 0 && links <= 2 && networks <= 1) reasons.push(['isolated', 15])
  if (around.actedAt?.some((at) => Math.abs(at.getTime() - first) <= day)) reasons.push(['acted', 60])
  const score = reasons.reduce((sum, [, weight]) => sum + weight, 0)
  return { verdict: verdictOf(score), score, reasons: reasons.map(([reason]) => reason) }
}

function hasUnsubscribePair(hits: readonly Hit[]): boolean {
  const leaving = hits.filter((hit) => hit.isUnsubscribe)
  return hits.some(
    (hit) =>
      !hit.isUnsubscribe && leaving.some((other) => Math.abs(other.at.getTime() - hit.at.getTime()) <= seconds(60)),
  )
}

export interface OpenFeatures {
  /** The provider says that a mail program fetched it unasked (`sg_machine_open`). */
  isMachine?: boolean
  agent?: 'apple' | 'proxy' | 'prefetch' | 'other'
  /** Since the provider said `delivered`. */
  afterMs?: number
}

/**
 * Judges an open. Apple's Mail Privacy Protection fetches for everyone, so its opens say nothing; Gmail and Yahoo
 * fetch when the mail is opened, though not in the first half minute. `isbot` must not be asked: it takes every
 * genuine Gmail open for a program.
 */
export function classifyOpen({ isMachine, agent, afterMs }: OpenFeatures): Classification {
  if (isMachine) return { verdict: 'machine', score: -80, reasons: ['machine_open'] }
  if (agent === 'apple') return { verdict: 'machine', score: -80, reasons: ['apple_privacy'] }
  if (agent === 'prefetch') return { verdict: 'machine', score: -80, reasons: ['prefetch'] }
  if (agent === 'proxy')
    return afterMs !== undefined && afterMs < seconds(30)
      ? { verdict: 'unknown', score: 0, reasons: ['proxy_at_delivery'] }
      : { verdict: 'human_likely', score: 15, reasons: ['proxied'] }
  return { verdict: 'human_likely', score: 15, reasons: ['plausible'] }
}

/** What a click's request shows of who made it. */
export function clickFeatures(method: string, userAgent: string | undefined): HitFeatures {
  const agent = userAgent ?? ''
  return {
    isBotAgent: method === 'HEAD' || method === 'OPTIONS' || isbot(agent) || undefined,
    isBareAgent: agent.length < 10 || undefined,
  }
}

/** What an open's request shows of who made it (mautic#10245 for the Edge 12.246 prefetch at delivery). */
export function openAgent(userAgent: string | undefined): NonNullable<OpenFeatures['agent']> {
  const agent = userAgent?.trim() ?? ''
  if (agent === 'Mozilla/5.0') return 'apple'
  if (/GoogleImageProxy|YahooMailProxy/i.test(agent)) return 'proxy'
  if (agent === '' || /Chrome\/42\b.*Edge\/12\.246/.test(agent)) return 'prefetch'
  return 'other'
}
