import { and, asc, eq, lte, ne, sql } from 'drizzle-orm'
import { newId, type Tx } from '../../db/index.ts'
import type { PrizeKind } from '../../db/schema/reward.ts'
import { prizes, rewardBudgets, rewards } from '../../db/schema.ts'

export type Prize = typeof prizes.$inferSelect

export interface NewPrize {
  networkId: string
  challengeId: string
  kind: PrizeKind
  title: Record<string, string>
  /** Minor units of the network's currency, taxes included. */
  valueCents: number
  /** How many there are; absent: as many as the budget allows. */
  stock?: number
}

/** Puts a prize into the catalogue of a challenge. */
export async function addPrize(tx: Tx, { stock, ...prize }: NewPrize, at: Date): Promise<Prize> {
  const [row] = await tx
    .insert(prizes)
    .values({ ...prize, id: newId(), stock: stock ?? null, createdAt: at, updatedAt: at })
    .returning()
  return row!
}

/** Takes a prize out of the catalogue; what was given of it stays given. */
export async function retirePrize(tx: Tx, networkId: string, prizeId: string, at: Date): Promise<boolean> {
  const retired = await tx
    .update(prizes)
    .set({ isRetired: true, updatedAt: at })
    .where(and(eq(prizes.networkId, networkId), eq(prizes.id, prizeId), eq(prizes.isRetired, false)))
    .returning({ id: prizes.id })
  return retired.length > 0
}

export const prizesOf = (tx: Tx, networkId: string, challengeId: string): Promise<Prize[]> =>
  tx
    .select()
    .from(prizes)
    .where(and(eq(prizes.networkId, networkId), eq(prizes.challengeId, challengeId)))
    .orderBy(asc(prizes.isRetired), asc(prizes.id))

export interface Budget {
  capCents: number
  committedCents: number
}

/** What a challenge may give away and has promised; undefined where nobody set it. */
export async function budgetOf(tx: Tx, networkId: string, challengeId: string): Promise<Budget | undefined> {
  const [row] = await tx
    .select({ capCents: rewardBudgets.capCents, committedCents: rewardBudgets.committedCents })
    .from(rewardBudgets)
    .where(and(eq(rewardBudgets.networkId, networkId), eq(rewardBudgets.challengeId, challengeId)))
  return row
}

/**
 * Sets what a challenge may give away in all, minor units. Refused, with false, below what is promised already: a
 * budget does not take back what somebody was told.
 */
export async function setBudget(
  tx: Tx,
  { networkId, challengeId, capCents, at }: { networkId: string; challengeId: string; capCents: number; at: Date },
): Promise<boolean> {
  const written = await tx
    .insert(rewardBudgets)
    .values({ networkId, challengeId, capCents, updatedAt: at })
    .onConflictDoUpdate({
      target: [rewardBudgets.networkId, rewardBudgets.challengeId],
      set: { capCents, updatedAt: at },
      setWhere: lte(rewardBudgets.committedCents, capCents),
    })
    .returning({ capCents: rewardBudgets.capCents })
  return written.length > 0
}

/**
 * Takes the budget the rules of a challenge name, in units of the currency. Changed rules change it only while it is
 * what the rules before said: one that head office set by hand stays, and none goes below what is promised.
 */
export async function openBudget(
  tx: Tx,
  of: { networkId: string; challengeId: string; units: number | undefined; before: number | undefined; at: Date },
): Promise<void> {
  if (of.units === undefined) return
  const known = await budgetOf(tx, of.networkId, of.challengeId)
  if (known && (of.before === undefined || known.capCents !== centsOfUnits(of.before))) return
  await setBudget(tx, { ...of, capCents: centsOfUnits(of.units) })
}

const centsOfUnits = (units: number): number => Math.round(units * 100)

/** What is promised, from the rewards alone: what `committedCents` must say. */
export async function promisedOf(tx: Tx, networkId: string, challengeId: string): Promise<number> {
  const [row] = await tx
    .select({ sum: sql<number>`coalesce(sum(${rewards.valueCents}), 0)`.mapWith(Number) })
    .from(rewards)
    .where(and(eq(rewards.networkId, networkId), eq(rewards.challengeId, challengeId), ne(rewards.status, 'canceled')))
  return row?.sum ?? 0
}
