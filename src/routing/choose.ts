import { draw } from '../random.ts'
import { type Candidates, isSecondTry, refusesLearning } from './candidates.ts'
import { isUrgent } from './classes.ts'
import type { FactCode } from './codes.ts'
import type { Option } from './gates.ts'
import { prefer } from './score.ts'
import type { RoutingInput } from './types.ts'

export interface Choice {
  option: Option
  /** Why this one; `weaker` is the best of those passed over, when their answers were compared. */
  why: FactCode
  /** The option the order put first. */
  instead?: Option
  /** Open options left, in the order a fallback would take them. */
  others: readonly Option[]
  /** Passed over because they are closed now and the author asked to switch. */
  closedNow: readonly Option[]
}

/** Picks among the options that passed every gate, in policy order; there is at least one. */
export function choose(input: RoutingInput, candidates: Candidates, options: readonly Option[]): Choice {
  const ranked = rank(candidates, options)
  const pool = ranked.find((group) => group.length > 0) as [Option, ...Option[]]
  const { open, closedNow } = openNow(input, pool)
  const { option, why, instead } = pick(input, candidates, open, ranked)
  const isOther = (other: Option) => other !== option && !closedNow.includes(other)
  const [direct, shared, last] = ranked
  const others = [...byUtility(candidates, direct), ...shared, ...last].filter(isOther)
  return { option, why, instead, others: [...others, ...closedNow], closedNow }
}

/**
 * Three groups, tried one after the other: the person's own channels; a mailbox shared with colleagues; the
 * intranet, where it waits to be found. What an order begins with is never a last resort.
 */
function rank(candidates: Candidates, options: readonly Option[]): [Option[], Option[], Option[]] {
  const direct: Option[] = []
  const shared: Option[] = []
  const last: Option[] = []
  for (const option of options) {
    if (option.target.isSharedMailbox) shared.push(option)
    else if (option.channel === 'intranet' && candidates.channels[0] !== 'intranet') last.push(option)
    else direct.push(option)
  }
  return [direct, shared, last]
}

/** Keeps those open now when the message asks to switch rather than wait, or when it cannot wait. */
function openNow({ message }: RoutingInput, pool: [Option, ...Option[]]) {
  const [first, ...rest] = pool.filter((option) => !option.timing.isDeferred)
  const mayNotWait = message.onQuiet === 'switch_channel' || isUrgent(message)
  if (!mayNotWait || !first) return { open: pool, closedNow: [] }
  const open: [Option, ...Option[]] = [first, ...rest]
  return { open, closedNow: pool.filter((option) => option.timing.isDeferred) }
}

function pick(
  input: RoutingInput,
  candidates: Candidates,
  pool: [Option, ...Option[]],
  [direct, shared, last]: [Option[], Option[], Option[]],
): { option: Option; why: FactCode; instead?: Option } {
  const [first] = pool
  if (direct.length === 0) {
    return { option: first, why: shared.includes(first) ? 'shared_for_site' : 'last_resort' }
  }
  if (!candidates.learns) return { option: first, why: candidates.order }
  if (refusesLearning(input)) return { option: first, why: 'learning_refused' }
  const { values } = input.policy
  const best = prefer(pool, {
    hysteresis: values.hysteresis.value,
    switchProbability: values.switchProbability?.value ?? 1,
    kappa: values.kappa?.value ?? 0,
  })
  const explored = explore(input, pool, best)
  if (explored) return { option: explored, why: 'explored', instead: best }
  // Nobody is written to at a loss while the intranet carries it for nothing.
  const free = last[0]
  if (free && best.utility !== undefined && best.utility < 0) {
    return { option: free, why: 'not_worth_default', instead: best }
  }
  if (best !== first)
    return { option: best, why: (first.utility ?? 0) < 0 ? 'not_worth_default' : 'switched', instead: first }
  return { option: best, why: standingWhy(best, pool) }
}

/** Its own answers when there are any; otherwise that there was no choice, or what its profile usually does. */
function standingWhy({ belief }: Option, pool: readonly Option[]): FactCode {
  if (belief && belief.exposures > 0) return 'learned'
  return pool.length === 1 ? 'only_channel' : 'profile_habit'
}

/**
 * A few in a hundred get another channel than the best known, so that a wrong belief can be found out; drawn from
 * the seed, never at a loss, and not on the second try of a message.
 */
function explore(input: RoutingInput, pool: readonly Option[], best: Option): Option | undefined {
  const share = input.policy.values.exploration.value
  if (pool.length < 2 || share === 0 || isSecondTry(input)) return undefined
  const paying = pool.filter((option) => option !== best && option.utility !== undefined && option.utility >= 0)
  if (paying.length === 0 || draw('explore', input.seed) >= share) return undefined
  return paying[Math.floor(draw('explore which', input.seed) * paying.length)]
}

const byUtility = ({ learns }: Candidates, options: readonly Option[]): readonly Option[] =>
  learns
    ? [...options].sort((a, b) => (b.utility ?? Number.NEGATIVE_INFINITY) - (a.utility ?? Number.NEGATIVE_INFINITY))
    : options
