import type { Criterion } from '../criterion.ts'
import type { ChallengeRules } from '../definition.ts'
import { objectiveOf, type Period } from '../objective.ts'
import { progressOf } from '../ranking/progress.ts'
import type { Known } from './known.ts'
import type { PastLine } from './read-results.ts'

/** What a challenge would give away, minor units. */
export interface PrizePlan {
  /** To everybody who reaches their objective. */
  reachedCents: number
  /** To the first, second, third … of each league. */
  topCents: readonly number[]
}

/** Of all who take part, so many should reach their objective: fewer discourages, more means it asked nothing. */
export const leastReach = 0.7
export const mostReach = 0.8
export type Verdict = 'too_few' | 'fine' | 'too_many'

/** Bars of the spread: tenths of the objective, the last holds twice as much and more. */
export const bars = 21

export interface Simulated {
  period: Period
  people: number
  reached: number
  /** 0 … 1 */
  share: number
  verdict: Verdict
  /** How many came to each tenth of their objective. */
  spread: number[]
  /** Who could not have reached it whatever they did: the cap of a day, or more a month than they ever did. */
  neverCould: { who: string; criterion: string; asked: number }[]
  /** By role: who was replayed, and who reached. */
  roles: { role: string; people: number; reached: number }[]
  leagues: number
  cost: { reachedCents: number; topCents: number; allCents: number; perReachedCents: number | null }
  /** Points of everybody together, and of the one in the middle. */
  points: { all: number; median: number }
  /** Nobody did anything before the period, though objectives build on it: they are then all the same. */
  hasNoHistory: boolean
}

interface Past {
  history: Map<string, Record<string, number>>
  done: Map<string, Map<string, number>>
  role: string
}

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length === 0 ? 0 : sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const verdictOf = (reached: number, people: number): Verdict =>
  people === 0 || reached < leastReach * people - 1e-9
    ? 'too_few'
    : reached > mostReach * people + 1e-9
      ? 'too_many'
      : 'fine'

function collect(lines: readonly PastLine[], period: Period, firstRole: string): Map<string, Past> {
  const people = new Map<string, Past>()
  for (const { who, role, criterion, day, quantity } of lines) {
    const past = people.get(who) ?? { history: new Map(), done: new Map(), role: role || firstRole }
    people.set(who, past)
    if (role) past.role = role
    if (day < period.from) {
      const months = past.history.get(criterion) ?? {}
      past.history.set(criterion, months)
      months[day.slice(0, 7)] = (months[day.slice(0, 7)] ?? 0) + quantity
    } else if (day <= period.to) {
      const days = past.done.get(criterion) ?? new Map<string, number>()
      past.done.set(criterion, days)
      days.set(day, (days.get(day) ?? 0) + quantity)
    }
  }
  return people
}

/** What counts of a criterion: each day up to its cap; a line that names a month alone is not held to a day. */
function counted(
  criterion: Criterion,
  days: ReadonlyMap<string, number> | undefined,
  months: ReadonlySet<string>,
): number {
  let sum = 0
  for (const [day, quantity] of days ?? [])
    sum += criterion.capPerDay === undefined || months.has(day) ? quantity : Math.min(criterion.capPerDay, quantity)
  return sum
}

/**
 * Replays what was done in a period under the rules of a challenge: everybody gets the objective the rules would have
 * given them from what they did before it, since when they are there and how large they are, and what they did in it is
 * held against that. Pure: the same lines and rules give the same figures, in whatever order the lines come.
 */
export function simulate(
  rules: ChallengeRules,
  period: Period,
  lines: readonly PastLine[],
  prizes: PrizePlan = { reachedCents: 0, topCents: [] },
  known: ReadonlyMap<string, Known> = new Map(),
): Simulated {
  const roles = new Map(rules.roles.map((role) => [role.name, role]))
  const people = collect(lines, period, rules.roles[0]?.name ?? '')
  const names = [...people.keys()].sort()
  const wholeMonths = new Set(lines.flatMap(({ day, isMonth }) => (isMonth ? [day] : [])))
  const monthsBefore = new Map<string, number[]>()
  for (const past of people.values())
    for (const [criterion, months] of past.history) {
      const key = `${past.role} ${criterion}`
      const share = Object.values(months).reduce((all, one) => all + one, 0) / Math.max(1, Object.keys(months).length)
      monthsBefore.set(key, [...(monthsBefore.get(key) ?? []), share])
    }
  const length = Math.max(1, Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000 / 30.44))
  const neverCould: Simulated['neverCould'] = []
  const byRole = new Map<string, { people: number; reached: number }>()
  const spread = Array.from({ length: bars }, () => 0)
  const scores: number[] = []
  /** Leagues are of outlets; of whom nobody knows the outlet counts as one. */
  const outlets = new Set<string>()
  let [reached, counts] = [0, 0]
  for (const who of names) {
    const past = people.get(who)!
    const role = roles.get(past.role)
    if (!role) continue
    let points = 0
    const { attributes = {}, siteId = who } = known.get(who) ?? {}
    const criteria = role.criteria.map((criterion) => {
      const done = counted(criterion, past.done.get(criterion.name), wholeMonths)
      points += done * criterion.points
      const peers = monthsBefore.get(`${role.name} ${criterion.name}`)
      const column = criterion.objective?.attribute
      const aim = objectiveOf(criterion, rules, period, {
        history: past.history.get(criterion.name) ?? {},
        ...(column === undefined ? {} : { attribute: attributes[column] }),
        ...(rules.seniority ? { began: String(attributes[rules.seniority.attribute] ?? '') } : {}),
        ...(peers ? { peers: Math.round(medianOf(peers) * length) } : {}),
      })
      if (aim?.isUnattainable) neverCould.push({ who, criterion: criterion.name, asked: aim.computed })
      return { weight: criterion.weight, done, asked: aim?.computed }
    })
    const progress = progressOf(criteria)
    if (progress === undefined) continue
    counts += 1
    outlets.add(siteId)
    scores.push(points)
    const own = byRole.get(role.name) ?? { people: 0, reached: 0 }
    byRole.set(role.name, own)
    own.people += 1
    spread[Math.min(bars - 1, Math.floor(progress / 100))]! += 1
    if (progress < 1000) continue
    reached += 1
    own.reached += 1
  }
  const leagues = rules.leagues && counts > 0 ? Math.ceil(outlets.size / rules.leagues.size) : counts > 0 ? 1 : 0
  const topCents = prizes.topCents.slice(0, counts).reduce((all, one) => all + one, 0) * leagues
  const reachedCents = prizes.reachedCents * reached
  const usesHistory = rules.roles.some(({ criteria }) =>
    criteria.some(({ objective }) => objective?.history !== undefined),
  )
  return {
    ...{
      period,
      people: counts,
      reached,
      share: counts > 0 ? reached / counts : 0,
      verdict: verdictOf(reached, counts),
    },
    ...{ spread, neverCould, leagues },
    roles: [...byRole].map(([role, own]) => ({ role, ...own })),
    cost: {
      ...{ reachedCents, topCents, allCents: reachedCents + topCents },
      perReachedCents: reached > 0 ? Math.round((reachedCents + topCents) / reached) : null,
    },
    points: { all: scores.reduce((all, one) => all + one, 0), median: medianOf(scores) },
    hasNoHistory: usesHistory && [...people.values()].every(({ history }) => history.size === 0),
  }
}
