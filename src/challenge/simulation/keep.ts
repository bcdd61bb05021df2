import { createHash } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { audit } from '../../accounts/audit.ts'
import { type Db, newId, type Tx } from '../../db/index.ts'
import { simulations } from '../../db/schema.ts'
import type { ChallengeRules } from '../definition.ts'
import { type Simulated, verdictOf } from './simulate.ts'

export type Simulation = typeof simulations.$inferSelect

/** The same for the same rules, in whatever order a database gives their parts back. */
export const rulesHashOf = (rules: ChallengeRules): string =>
  createHash('sha256').update(JSON.stringify(rules, sorted)).digest('hex')

const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Keeps what a replay came to, so that whoever publishes the rules does so knowingly. The same replay is kept once. */
export async function keepSimulation(
  tx: Tx,
  {
    networkId,
    campaign,
    rules,
    data,
    figures,
    by,
    at,
  }: {
    networkId: string
    /** The campaign's name; there may be no campaign yet. */
    campaign: string
    rules: ChallengeRules
    /** What was replayed, with the prizes. */
    data: string
    figures: Simulated
    by: string
    at: Date
  },
): Promise<Simulation> {
  const key = {
    networkId,
    campaign,
    rulesHash: rulesHashOf(rules),
    dataHash: createHash('sha256').update(data).digest('hex'),
  }
  const { people, reached } = figures
  const [row] = await tx
    .insert(simulations)
    .values({ ...key, id: newId(), people, reached, figures, createdBy: by, createdAt: at })
    .onConflictDoUpdate({
      target: [simulations.networkId, simulations.campaign, simulations.rulesHash, simulations.dataHash],
      set: { people, reached, figures, createdBy: by, createdAt: at },
    })
    .returning()
  return row!
}

/** The last replays of a campaign's rules, the latest first. */
export const simulationsOf = (tx: Tx, networkId: string, campaign: string, limit = 10): Promise<Simulation[]> =>
  tx
    .select()
    .from(simulations)
    .where(and(eq(simulations.networkId, networkId), eq(simulations.campaign, campaign)))
    .orderBy(desc(simulations.createdAt), desc(simulations.id))
    .limit(limit)

export async function findSimulation(tx: Tx, networkId: string, id: string): Promise<Simulation | undefined> {
  const [row] = await tx
    .select()
    .from(simulations)
    .where(and(eq(simulations.networkId, networkId), eq(simulations.id, id)))
  return row
}

/**
 * Takes the responsibility for rules that too few or too many would have reached, with a reason that stays in the
 * trail. False where that was done before, or nothing needs it.
 */
export async function confirmSimulation(
  db: Db,
  networkId: string,
  id: string,
  { reason, by, at, wallAt }: { reason: string; by: string; at: Date; wallAt: Date },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const known = await findSimulation(tx, networkId, id)
    if (!known || verdictOf(known.reached, known.people) === 'fine' || reason.trim() === '') return false
    const confirmed = await tx
      .update(simulations)
      .set({ confirmedReason: reason.trim(), confirmedBy: by, confirmedAt: at })
      .where(and(eq(simulations.networkId, networkId), eq(simulations.id, id), isNull(simulations.confirmedAt)))
      .returning({ id: simulations.id })
    if (confirmed.length === 0) return false
    await audit(tx, {
      ...{ networkId, actor: by, action: 'challenge.confirm_simulation', subject: id, at: wallAt },
      data: { campaign: known.campaign, people: known.people, reached: known.reached, reason: reason.trim() },
    })
    return true
  })
}

export interface ReachObstacle {
  simulationId: string
  verdict: 'too_few' | 'too_many'
  people: number
  reached: number
}

/**
 * What keeps these rules from being published: their last replay is outside of what is aimed at, and nobody took the
 * responsibility. Rules that were never replayed have none: there may be nothing to replay.
 */
export async function reachObstacle(
  tx: Tx,
  networkId: string,
  campaign: string,
  rules: ChallengeRules | undefined,
): Promise<ReachObstacle | undefined> {
  if (!rules) return undefined
  const [last] = await tx
    .select()
    .from(simulations)
    .where(
      and(
        ...[eq(simulations.networkId, networkId), eq(simulations.campaign, campaign)],
        eq(simulations.rulesHash, rulesHashOf(rules)),
      ),
    )
    .orderBy(desc(simulations.createdAt), desc(simulations.id))
    .limit(1)
  if (!last || last.confirmedAt) return undefined
  const verdict = verdictOf(last.reached, last.people)
  return verdict === 'fine' ? undefined : { simulationId: last.id, verdict, people: last.people, reached: last.reached }
}
