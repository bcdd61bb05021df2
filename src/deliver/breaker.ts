import { and, asc, eq, gt, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { breakers } from '../db/schema.ts'
import type { Account } from './account.ts'
import { tellOfBreaker } from './tell-of-breaker.ts'

export type Breaker = typeof breakers.$inferSelect

/** So many failures in a row that speak of the provider, and nothing more is handed to it. */
export const opensAfter = 5
const firstPauseMs = 30_000
/** Urgent notices may be waiting: however long it lasts, it is tried this often. */
const longestPauseMs = 600_000

/** How long after a try that failed the next one follows; `tries` have failed since it opened. */
export const pauseAfter = (tries: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** tries)

const of = ({ account, channel, provider }: Account) =>
  and(eq(breakers.account, account), eq(breakers.channel, channel), eq(breakers.provider, provider))

/** What is known against an account; undefined while it takes what it is given. */
export const readBreaker = async (tx: Tx, account: Account): Promise<Breaker | undefined> =>
  (await tx.select().from(breakers).where(of(account)))[0]

/** Every account nothing is handed to, the longest first. */
export const openBreakers = (tx: Tx): Promise<Breaker[]> =>
  tx.select().from(breakers).where(isNotNull(breakers.openedAt)).orderBy(asc(breakers.openedAt))

/**
 * Counts a failure that speaks of the provider, for all workers; the fifth in a row opens the breaker and leaves word
 * for those in charge. `at` is wall time.
 */
export const countFailure = (db: Db, account: Account, reason: string, at: Date): Promise<Breaker> =>
  db.transaction(async (tx) => {
    const { account: whose, channel, provider } = account
    await tx.insertRows(breakers, [{ account: whose, channel, provider, reason, updatedAt: at }], 'ignore')
    const [counted] = await tx
      .update(breakers)
      .set({ failures: sql`${breakers.failures} + 1`, reason, updatedAt: at })
      .where(of(account))
      .returning()
    if (!counted) throw new Error('A breaker that was just written is not there.')
    if (counted.openedAt || counted.failures < opensAfter) return counted
    const [opened] = await tx
      .update(breakers)
      .set({ openedAt: at, retryAt: new Date(at.getTime() + pauseAfter(0)), tries: 0 })
      .where(and(of(account), isNull(breakers.openedAt)))
      .returning()
    if (opened) await tellOfBreaker(tx, 'provider_down', opened, at)
    return opened ?? counted
  })

/** Opens the breaker of an account at once: the provider itself says that it takes nothing. `at` is wall time. */
export async function openBreaker(tx: Tx, { account, channel, provider }: Account, reason: string, at: Date) {
  await tx.insertRows(breakers, [{ account, channel, provider, reason, updatedAt: at }], 'ignore')
  const [opened] = await tx
    .update(breakers)
    .set({ reason, updatedAt: at, openedAt: at, retryAt: new Date(at.getTime() + pauseAfter(0)), tries: 0 })
    .where(and(of({ account, channel, provider }), isNull(breakers.openedAt)))
    .returning()
  if (opened) await tellOfBreaker(tx, 'provider_down', opened, at)
}

/** The account has taken something: nothing is held against it any more. */
export const countSuccess = (db: Db, account: Account, at: Date): Promise<void> =>
  db.transaction(async (tx) => {
    const [closed] = await tx.delete(breakers).where(of(account)).returning()
    if (closed?.openedAt) await tellOfBreaker(tx, 'provider_back', closed, at)
  })

/** Takes the turn to try an open account with one delivery, for one worker alone; the next turn comes later each time. */
export async function takeTry(tx: Tx, account: Account, at: Date): Promise<boolean> {
  const breaker = await readBreaker(tx, account)
  if (!breaker?.openedAt) return true
  const tries = breaker.tries + 1
  const taken = await tx
    .update(breakers)
    .set({ tries, retryAt: new Date(at.getTime() + pauseAfter(tries)), updatedAt: at })
    .where(and(of(account), eq(breakers.tries, breaker.tries), lte(breakers.retryAt, at)))
    .returning({ tries: breakers.tries })
  return taken.length > 0
}

/** The turn to try was of no use: what was to leave may not any more. The next delivery may have it. */
export async function giveTryBack(tx: Tx, account: Account, at: Date): Promise<void> {
  await tx
    .update(breakers)
    .set({ tries: sql`${breakers.tries} - 1`, retryAt: at, updatedAt: at })
    .where(and(of(account), isNotNull(breakers.openedAt), gt(breakers.tries, 0)))
}

/** Somebody asks that it be tried at once. Returns whether it was open. */
export async function tryNow(tx: Tx, account: Account, at: Date): Promise<boolean> {
  const asked = await tx
    .update(breakers)
    .set({ retryAt: at, updatedAt: at })
    .where(and(of(account), isNotNull(breakers.openedAt)))
    .returning({ account: breakers.account })
  return asked.length > 0
}
