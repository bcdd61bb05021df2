import type { Channel, Receipt } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { type Account, accountOf } from './account.ts'
import { type Breaker, countFailure, countSuccess, opensAfter, readBreaker } from './breaker.ts'
import { failureOf } from './failure-codes.ts'
import { accountLimit } from './limits.ts'

/** What a lane knows of the providers it hands over to: whether they take anything, and how much at a time. */
export interface Gate {
  /** Forgets what was read, which others may have changed; what was learnt here stays. */
  refresh(context: Context, network: Network): void
  /** What is held against an account. */
  breaker(account: Account): Promise<Breaker | undefined>
  /** How many of so many batches may be under way: few until a provider has answered. */
  atOnce(most: number): number
  /** How many deliveries may be tried together at most, so that no more fail than it takes to know. */
  together(breaker: Breaker | undefined, most: number): number
  /** Calls may begin again by this channel. */
  open(channel: Channel): void
  /** A provider has just refused everybody: what was claimed for it and not begun is put back. */
  isShut(channel: Channel): boolean
  /** The provider has been asked to slow down and is not known to take anything yet. */
  watch(channel: Channel): void
  /** What a provider answered, for this lane, the pace and the other workers to know. */
  heard(channel: Channel, receipts: readonly Receipt[]): Promise<void>
}

/** `rate_limited` and `queue_overflow` ask for time: the provider is there, and is given it. */
const asksForTime: ReadonlySet<string> = new Set(['rate_limited', 'queue_overflow'])

export function openGate(givenContext: Context, givenNetwork: Network): Gate {
  let context = givenContext
  let network = givenNetwork
  const known = new Map<string, Promise<Breaker | undefined>>()
  const shut = new Set<string>()
  const slowed = new Set<string>()
  /** Batches at once: one more with every message taken, one again after a failure. */
  let allowed = 1
  const nameOf = ({ account, channel, provider }: Account) => `${account} ${channel} ${provider}`

  const breaker = (account: Account) => {
    const name = nameOf(account)
    const there = known.get(name) ?? readBreaker(context.db, account)
    known.set(name, there)
    return there
  }

  async function taken(account: Account): Promise<void> {
    const name = nameOf(account)
    allowed += 1
    if (slowed.delete(name)) {
      const limit = accountLimit(context, network, account)
      if (limit) await context.pace.goOn(limit)
    }
    if (!(await breaker(account))) return
    known.set(name, Promise.resolve(undefined))
    await countSuccess(context.db, account, context.wall.now())
  }

  async function failed(account: Account, code: string): Promise<void> {
    const name = nameOf(account)
    allowed = 1
    const counted = await countFailure(context.db, account, code, context.wall.now())
    known.set(name, Promise.resolve(counted))
    if (counted.openedAt) shut.add(name)
  }

  async function asked(account: Account, retryAfterMs: number | undefined): Promise<void> {
    const limit = accountLimit(context, network, account)
    const name = nameOf(account)
    allowed = 1
    slowed.add(name)
    shut.add(name)
    if (limit) await context.pace.slowDown(limit, retryAfterMs)
  }

  return {
    refresh: (freshContext, freshNetwork) => {
      context = freshContext
      network = freshNetwork
      known.clear()
    },
    breaker,
    atOnce: (most) => Math.min(most, allowed),
    together: (breaker, most) =>
      breaker || allowed === 1 ? Math.max(1, Math.min(most, opensAfter - (breaker?.failures ?? 0))) : most,
    open: (channel) => void shut.delete(nameOf(accountOf(context, network, channel))),
    isShut: (channel) => shut.has(nameOf(accountOf(context, network, channel))),
    watch: (channel) => void slowed.add(nameOf(accountOf(context, network, channel))),
    heard: async (channel, receipts) => {
      if (channel.isLocal) return
      const account = accountOf(context, network, channel)
      const trouble = receipts.map(troubleOf)
      // One call is one word, however many it carried.
      if (receipts.length === 0 || trouble.includes(undefined)) return taken(account)
      const slow = receipts.find((receipt) => receipt.outcome === 'refused' && asksForTime.has(receipt.code))
      if (slow?.outcome === 'refused') await asked(account, slow.retryAfterMs)
      else await failed(account, trouble[0] ?? 'no_answer')
    },
  }
}

/** Why an answer speaks of the provider rather than of its message; undefined when it does not. */
function troubleOf(receipt: Receipt): string | undefined {
  if (receipt.outcome === 'unknown') return 'no_answer'
  if (receipt.outcome !== 'refused' || receipt.permanent) return undefined
  return failureOf(receipt.code).scope === 'provider' ? receipt.code : undefined
}
