import type { Db } from '../../db/index.ts'
import { campaignEffect, type Effect } from '../../results/effect.ts'
import { campaignFunnel, type StepResult } from '../../results/funnel.ts'
import type { ChallengeRules } from '../definition.ts'
import { type Counts, type Grouping, type GroupRow, groupsOf, type ReportAsked, wholeOf } from './groups.ts'
import { type SalesEffect, salesEffects } from './sales-effect.ts'

export interface ChallengeReport {
  whole: Counts
  groups: Record<Exclude<Grouping, 'site'>, GroupRow[]>
  /** What each step came to by channel. */
  steps: StepResult[]
  /** Against the outlets left out by lot; of the whole network only, since the draw was of the whole. */
  effect: Effect | undefined
  /** What outlets sold, by measure, against those left out; none for who sees a part of the network. */
  sales: SalesEffect[]
}

/** What a challenge came to, within what the reader may see. Outlets one by one are read by pages. */
export async function challengeReport(db: Db, asked: ReportAsked, now: Date): Promise<ChallengeReport> {
  const { networkId, campaignId } = asked.challenge
  const groups = await groupsOf(db, asked)
  return {
    whole: wholeOf(groups.league),
    groups,
    steps: await campaignFunnel(db, { networkId, campaignId, currency: asked.currency, scope: asked.scope }),
    sales: asked.scope.of === 'network' ? await salesEffects(db, asked.challenge, now) : [],
    effect: asked.scope.of === 'network' ? await campaignEffect(db, { networkId, campaignId, now }) : undefined,
  }
}

/** Who is counted as one who takes part: people where people do, outlets otherwise. */
export const countsPeople = ({ participants }: ChallengeRules): boolean => participants.people

export const invitedOf = (rules: ChallengeRules, of: Counts): number =>
  countsPeople(rules) ? of.invited : of.invitedOutlets
export const registeredOf = (rules: ChallengeRules, of: Counts): number =>
  countsPeople(rules) ? of.registered : of.registeredOutlets
export const activeOf = (rules: ChallengeRules, of: Counts): number =>
  countsPeople(rules) ? of.active : of.activeOutlets

/** Messages and prizes together, minor units with their fractions. */
export const costOf = ({ messagesMillis, prizesCents }: Counts): number => messagesMillis / 1_000 + prizesCents

/** What an active participant came to, minor units; undefined where nobody is active. */
export function costPerActive(rules: ChallengeRules, of: Counts): number | undefined {
  const active = activeOf(rules, of)
  return active > 0 ? costOf(of) / active : undefined
}
