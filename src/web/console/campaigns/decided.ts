import { and, count, eq, inArray, sum } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { decisions, deliveries } from '../../../db/schema.ts'
import { channelNames } from '../../../words.ts'
import type { PlannedStep } from './plan-view.ts'
import type { StepRow } from './queries.ts'

/** Reasons are counted over at most this many of those who got nothing. */
const examined = 5_000

/**
 * What was decided for a step that has been played, in the shape of a plan: a plan worked out afterwards would
 * already know the answers.
 */
export async function decidedStep(db: Db, networkId: string, step: StepRow, currency: string): Promise<PlannedStep> {
  // Its first decision for each: another channel's turn afterwards makes nobody two people.
  const mine = and(
    eq(decisions.networkId, networkId),
    eq(decisions.messageId, step.id),
    eq(decisions.occurrence, step.occurrence),
  )
  const rows = await db
    .select({ outcome: decisions.outcome, channel: decisions.channel, contacts: count() })
    .from(decisions)
    .where(mine)
    .groupBy(decisions.outcome, decisions.channel)
  const total = (matches: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(matches).reduce((contacts, row) => contacts + row.contacts, 0)
  const leftOut = await db
    .select({ because: decisions.because })
    .from(decisions)
    .where(and(mine, inArray(decisions.outcome, ['none', 'holdout'])))
    .limit(examined)
  const reasons = new Map<string, number>()
  for (const { because } of leftOut) {
    const code = because.find((reason) => reason.code !== 'unreachable')?.code ?? because[0]?.code ?? 'unreachable'
    reasons.set(code, (reasons.get(code) ?? 0) + 1)
  }
  const [cost] = await db
    .select({ millis: sum(deliveries.costMillis) })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.messageId, step.id)))
  const spent = Math.round(Number(cost?.millis ?? 0) / 1_000)
  const isReached = (row: (typeof rows)[number]) => row.outcome === 'send' || row.outcome === 'defer'
  const of = (channel: string) => total((row) => isReached(row) && row.channel === channel)
  const [sms = 0, email = 0, print = 0, intranet = 0, screen = 0] = channelNames.map(of)
  return {
    step: step.step,
    occurrence: step.occurrence,
    at: step.dueAt,
    audience: total(() => true),
    byChannel: { sms, email, print, intranet, screen },
    deferred: total((row) => row.outcome === 'defer'),
    unreachable: total((row) => !isReached(row)),
    reasons: [...reasons].map(([code, times]) => ({ code, count: times })).sort((a, b) => b.count - a.count),
    cost: { currency, min: spent, expected: spent, max: spent },
  }
}
