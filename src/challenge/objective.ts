/** What somebody may aim for, from what they did before. Pure: the same facts give the same number. */
import type { ObjectiveGrounds } from '../db/schema/challenge.ts'
import { type Criterion, hundredths } from './criterion.ts'
import type { ChallengeRules } from './definition.ts'

/** A period, as local dates YYYY-MM-DD, both included. */
export interface Period {
  from: string
  to: string
}

export interface ObjectiveFacts {
  /** What was done in each month before, by YYYY-MM; empty where nothing is known. */
  history: Readonly<Record<string, number>>
  /** The column the objective builds on, where it does. */
  attribute?: string | number | boolean
  /** The day they began, YYYY-MM-DD. */
  began?: string
  /** The day they joined, where that was after the start. */
  joinedOn?: string
  /** The middle of what the others of the role did, where nothing is known of this one. */
  peers?: number
}

export interface Objective {
  computed: number
  grounds: ObjectiveGrounds
  isUnattainable: boolean
}

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** The months a period touches, each with the share of it that falls into the period, 0 … 1. */
export function monthsIn({ from, to }: Period): { month: string; share: number }[] {
  const months: { month: string; share: number }[] = []
  const end = to.slice(0, 7)
  for (let month = from.slice(0, 7); month <= end; month = shiftMonth(month, 1)) {
    const first = month === from.slice(0, 7) ? from : `${month}-01`
    const next = `${shiftMonth(month, 1)}-01`
    const last = month === end ? to : undefined
    const days = last === undefined ? daysBetween(first, next) : daysBetween(first, last) + 1
    months.push({ month, share: days / daysBetween(`${month}-01`, next) })
  }
  return months
}

export function shiftMonth(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const index = year * 12 + number - 1 + by
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** The part of a year's business that falls into a period, in hundredths: by the months' weights, or by days alone. */
export function seasonShare(season: ChallengeRules['season'], period: Period): number {
  const months = monthsIn(period)
  if (!season) return (months.reduce((all, { share }) => all + share, 0) / 12) * 100
  return months.reduce((all, { month, share }) => all + share * (season[String(Number(month.slice(5)))] ?? 0), 0)
}

/** The number a column says, be it written “1 250”, “1250,50” or 1250. */
export function numberOf(value: string | number | boolean | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  const text = value.replace(/[\s\u00a0\u202f€]/g, '').replace(',', '.')
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** Whole months since somebody began; undefined where the day cannot be read. */
export function monthsSince(began: string | undefined, day: string): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})/.exec(began ?? '') ?? []
  if (year === undefined) return undefined
  const months = (Number(day.slice(0, 4)) - Number(year)) * 12 + Number(day.slice(5, 7)) - Number(month)
  return Math.max(0, Number(day.slice(8, 10)) < Number(date) ? months - 1 : months)
}

/** Hundredths asked of somebody so long with the company. */
export function seniorityShare({ seniority }: ChallengeRules, months: number | undefined): number {
  if (!seniority || months === undefined) return 100
  const step = seniority.steps.find(({ belowMonths }) => months < belowMonths)
  return step ? hundredths(step.share) : 100
}

/**
 * The objective of one participant for a criterion: what was done × (1 + growth) × season × seniority × what is left of
 * the period, between the bounds of the criterion. Past results of the same months a year before are taken as they
 * are; a yearly figure is brought to the period by the months' weights. Undefined where the criterion has none.
 *
 * Unattainable is one that the daily cap does not allow, or that asks for more in a month than was ever done in one.
 */
export function objectiveOf(
  criterion: Criterion,
  rules: ChallengeRules,
  period: Period,
  facts: ObjectiveFacts,
): Objective | undefined {
  const { objective } = criterion
  if (!objective) return undefined
  const months = monthsSince(facts.began, period.from)
  const found = basisOf(criterion, rules, period, facts)
  const seniority = objective.fixed === undefined ? seniorityShare(rules, months) : 100
  const growth = objective.fixed === undefined ? hundredths(objective.growth) : 0
  const proRata = proRataOf(rules, period, facts.joinedOn)
  const exact =
    (found.past ?? objective.atLeast) *
    (found.past === null ? 1 : 1 + growth / 100) *
    (found.season / 100) *
    (seniority / 100) *
    (proRata / 100)
  const computed = Math.max(Math.min(Math.round(exact), objective.atMost ?? Number.MAX_SAFE_INTEGER), objective.atLeast)
  const days = daysBetween(facts.joinedOn ?? period.from, period.to) + 1
  const best = Math.max(0, ...Object.values(facts.history))
  const length = monthsIn(period).reduce((all, { share }) => all + share, 0) * (proRata / 100)
  return {
    computed,
    grounds: {
      ...{ past: found.past, source: found.source, growth, seniority, season: rounded(found.season), proRata },
      ...(months === undefined ? {} : { months }),
    },
    isUnattainable:
      (criterion.capPerDay !== undefined && computed > criterion.capPerDay * days) ||
      (objective.history !== undefined && best > 0 && length > 0 && computed / length > best),
  }
}

const rounded = (share: number) => Math.round(share * 10) / 10

function basisOf(
  { objective }: Criterion,
  rules: ChallengeRules,
  period: Period,
  { history, attribute, peers }: ObjectiveFacts,
): { past: number | null; source: ObjectiveGrounds['source']; season: number } {
  if (objective?.fixed !== undefined) return { past: objective.fixed, source: 'fixed', season: 100 }
  if (objective?.attribute !== undefined) {
    const past = numberOf(attribute)
    if (past !== undefined) return { past, source: 'attribute', season: seasonShare(rules.season, period) }
  }
  if (objective?.history !== undefined && Object.keys(history).length > 0) {
    if (rules.season) {
      const year = Object.entries(history).reduce(
        (all, [month, quantity]) => (month >= shiftMonth(period.from.slice(0, 7), -12) ? all + quantity : all),
        0,
      )
      return { past: year, source: 'history', season: seasonShare(rules.season, period) }
    }
    const past = monthsIn(period).reduce(
      (all, { month, share }) => all + (history[shiftMonth(month, -12)] ?? 0) * share,
      0,
    )
    return { past: Math.round(past), source: 'history', season: 100 }
  }
  return { past: peers ?? null, source: 'peers', season: 100 }
}

/** What is asked of a late joiner: the part of the period, in hundredths, that was left when they came. */
export function proRataOf({ lateJoiners }: ChallengeRules, { from, to }: Period, joinedOn: string | undefined): number {
  if (lateJoiners === 'whole' || joinedOn === undefined || joinedOn <= from) return 100
  const left = daysBetween(joinedOn, to) + 1
  return Math.max(0, Math.min(100, Math.round((left / (daysBetween(from, to) + 1)) * 100)))
}
