import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { Network } from '../../context.ts'
import { type Db, newId, type Tx } from '../../db/index.ts'
import { contacts, prizes, rewardBudgets, rewards } from '../../db/schema.ts'
import { localDay } from '../result.ts'

export type Reward = typeof rewards.$inferSelect

export interface Asked {
  challengeId: string
  prizeId: string
  contactId: string
  /** Names the occasion: asked twice, it is given once. */
  requestKey: string
  reason?: string
  /** Who pays, where it is not the network itself. */
  payer?: string
  by: string
  /** Business time. */
  at: Date
}

export const awardRefusals = ['no_prize', 'retired', 'out_of_stock', 'over_budget', 'no_budget', 'nobody'] as const
export type AwardRefusal = (typeof awardRefusals)[number]

export type Awarded =
  | { outcome: 'awarded'; reward: Reward }
  | { outcome: 'already'; reward: Reward }
  | { outcome: 'refused'; code: AwardRefusal }

/** Carries a refusal out of the transaction, so that nothing of it is kept. */
class Refused extends Error {
  readonly code: AwardRefusal
  constructor(code: AwardRefusal) {
    super(code)
    this.code = code
  }
}

/**
 * Gives somebody a prize: one of the stock and its worth of the budget are taken in the same transaction, each by an
 * update that holds only while there is enough, so that of any number at once no two get the last. Refused beyond.
 */
export async function award(
  db: Db,
  network: Pick<Network, 'id' | 'title' | 'timezone'>,
  asked: Asked,
): Promise<Awarded> {
  try {
    return await db.transaction((tx) => awardIn(tx, network, asked))
  } catch (error) {
    if (error instanceof Refused) return { outcome: 'refused', code: error.code }
    throw error
  }
}

async function awardIn(tx: Tx, network: Pick<Network, 'id' | 'title' | 'timezone'>, asked: Asked): Promise<Awarded> {
  const { challengeId, prizeId, contactId, requestKey, by, at } = asked
  const networkId = network.id
  const [prize] = await tx
    .select()
    .from(prizes)
    .where(and(eq(prizes.networkId, networkId), eq(prizes.id, prizeId), eq(prizes.challengeId, challengeId)))
  if (!prize) throw new Refused('no_prize')
  const [person] = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId), isNull(contacts.erasedAt)))
  if (!person) throw new Refused('nobody')
  const id = newId()
  const inserted = await tx
    .insert(rewards)
    .values({
      ...{ networkId, id, challengeId, prizeId, contactId, requestKey, reason: asked.reason ?? '' },
      ...{ payer: asked.payer?.trim() || network.title, kind: prize.kind, title: prize.title },
      ...{ valueCents: prize.valueCents, year: Number(localDay(at, network.timezone).slice(0, 4)) },
      ...{ status: 'awarded', awardedBy: by, awardedAt: at },
    })
    .onConflictDoNothing({ target: [rewards.networkId, rewards.challengeId, rewards.requestKey] })
    .returning()
  if (inserted.length === 0)
    return { outcome: 'already', reward: (await byRequest(tx, networkId, challengeId, requestKey))! }
  if (prize.isRetired) throw new Refused('retired')
  const stocked = await tx
    .update(prizes)
    .set({ given: sql`${prizes.given} + 1`, updatedAt: at })
    .where(
      and(
        ...[eq(prizes.networkId, networkId), eq(prizes.id, prizeId), eq(prizes.isRetired, false)],
        or(isNull(prizes.stock), sql`${prizes.given} < ${prizes.stock}`),
      ),
    )
    .returning({ id: prizes.id })
  if (stocked.length === 0) throw new Refused('out_of_stock')
  const paid = await tx
    .update(rewardBudgets)
    .set({ committedCents: sql`${rewardBudgets.committedCents} + ${prize.valueCents}`, updatedAt: at })
    .where(
      and(
        ...[eq(rewardBudgets.networkId, networkId), eq(rewardBudgets.challengeId, challengeId)],
        lte(sql`${rewardBudgets.committedCents} + ${prize.valueCents}`, rewardBudgets.capCents),
      ),
    )
    .returning({ capCents: rewardBudgets.capCents })
  if (paid.length === 0) throw new Refused((await hasBudget(tx, networkId, challengeId)) ? 'over_budget' : 'no_budget')
  return { outcome: 'awarded', reward: inserted[0]! }
}

async function byRequest(tx: Tx, networkId: string, challengeId: string, requestKey: string) {
  const [row] = await tx
    .select()
    .from(rewards)
    .where(
      and(eq(rewards.networkId, networkId), eq(rewards.challengeId, challengeId), eq(rewards.requestKey, requestKey)),
    )
  return row
}

async function hasBudget(tx: Tx, networkId: string, challengeId: string): Promise<boolean> {
  const [row] = await tx
    .select({ capCents: rewardBudgets.capCents })
    .from(rewardBudgets)
    .where(and(eq(rewardBudgets.networkId, networkId), eq(rewardBudgets.challengeId, challengeId)))
  return row !== undefined
}

const ofState = (networkId: string, id: string, status: 'awarded' | 'delivered') =>
  and(eq(rewards.networkId, networkId), eq(rewards.id, id), eq(rewards.status, status))

/** Notes that a prize was handed over. False where it was already, or was taken back. */
export async function markDelivered(tx: Tx, networkId: string, id: string, at: Date): Promise<boolean> {
  const delivered = await tx
    .update(rewards)
    .set({ status: 'delivered', deliveredAt: at })
    .where(ofState(networkId, id, 'awarded'))
    .returning({ id: rewards.id })
  return delivered.length > 0
}

/**
 * Takes a prize back before it is handed over: its worth and its place in the stock are free again, and the year's
 * sum of the person falls. What is handed over stays. False where there was nothing to take back.
 */
export async function cancelReward(tx: Tx, networkId: string, id: string, reason: string, at: Date): Promise<boolean> {
  const [canceled] = await tx
    .update(rewards)
    .set({ status: 'canceled', canceledAt: at, cancelReason: reason })
    .where(ofState(networkId, id, 'awarded'))
    .returning()
  if (!canceled) return false
  const { challengeId, prizeId, valueCents } = canceled
  await tx
    .update(prizes)
    .set({ given: sql`${prizes.given} - 1`, updatedAt: at })
    .where(and(eq(prizes.networkId, networkId), eq(prizes.id, prizeId)))
  await tx
    .update(rewardBudgets)
    .set({ committedCents: sql`${rewardBudgets.committedCents} - ${valueCents}`, updatedAt: at })
    .where(and(eq(rewardBudgets.networkId, networkId), eq(rewardBudgets.challengeId, challengeId)))
  return true
}
