import type { ChallengeRules } from '../../../challenge/definition.ts'
import type { Counts, Grouping, GroupRow } from '../../../challenge/report/groups.ts'
import {
  activeOf,
  costOf,
  costPerActive,
  countsPeople,
  invitedOf,
  registeredOf,
} from '../../../challenge/report/report.ts'
import type { View } from '../../view.ts'

/** Who is counted: people, or outlets where people do not take part. */
export const countedAs = (rules: ChallengeRules): 'people' | 'outlets' => (countsPeople(rules) ? 'people' : 'outlets')

/** How a group of outlets is called. */
export function groupTitle({ t, formats }: View, by: Grouping, { key, name }: GroupRow): string {
  if (by === 'league')
    return key === '0' ? t('challengeReport.noLeague') : t('ranking.league', { league: formats.number(Number(key)) })
  return name === '' ? t('results.unsaid') : name
}

/** One figure with the share it is of the one before it: 42 (97 %). */
export interface Stage {
  name: 'invited' | 'registered' | 'active'
  count: number
  /** Of how many; undefined for the first. */
  of?: number
}

/** From those invited to those with something that counts. */
export const stagesOf = (rules: ChallengeRules, of: Counts): Stage[] => [
  { name: 'invited', count: invitedOf(rules, of) },
  { name: 'registered', count: registeredOf(rules, of), of: invitedOf(rules, of) },
  { name: 'active', count: activeOf(rules, of), of: registeredOf(rules, of) },
]

/** What a group came to in all and for each of its active participants, in words. */
export function costTexts({ formats, t }: View, rules: ChallengeRules, of: Counts, currency: string) {
  const each = costPerActive(rules, of)
  return {
    all: formats.money(costOf(of), currency),
    each: each === undefined ? t('results.notSaid') : formats.money(each, currency),
  }
}
