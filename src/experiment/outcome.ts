import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import type { ExperimentFigures } from '../db/schema/experiment.ts'
import { experiments, messages } from '../db/schema.ts'
import { factsOf, measuresOf, surelyByPeople } from '../results/measures.ts'
import type { Variant } from './definition.ts'
import type { Arm } from './verdict.ts'

/** How both variants of a step have gone so far, by what counts; of acts, those surely done by somebody. */
export async function armsOf(
  db: Db,
  networkId: string,
  campaignId: string,
  step: string,
  metric: 'acted' | 'opened',
): Promise<Record<Variant, Arm>> {
  const tried = await db
    .select({ id: messages.id, occurrence: messages.occurrence })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        eq(messages.step, step),
        inArray(messages.occurrence, ['a', 'b']),
      ),
    )
  const arms: Record<Variant, Arm> = { a: { acted: 0, people: 0 }, b: { acted: 0, people: 0 } }
  if (tried.length === 0) return arms
  const facts = factsOf(
    db,
    networkId,
    tried.map(({ id }) => id),
    undefined,
    surelyByPeople,
  )
  const rows = await db
    .select({ messageId: facts.messageId, ...measuresOf(facts) })
    .from(facts)
    .where(eq(facts.isCompanion, 0))
    .groupBy(facts.messageId)
  for (const row of rows) {
    const variant = tried.find(({ id }) => id === row.messageId)?.occurrence as Variant
    arms[variant] =
      metric === 'acted' ? { acted: row.acted, people: row.sent } : { acted: row.opened, people: row.openable }
  }
  return arms
}

/** An experiment of a campaign, as far as it has come. */
export interface ExperimentState {
  step: string
  audience: number
  /** Each variant’s share of the audience, 0 … 0.5. */
  share: number
  decidedAt: Date | null
  winner: Variant | null
  figures: ExperimentFigures | null
}

/** The experiments of a campaign that have begun. */
export async function experimentsOf(db: Db, networkId: string, campaignId: string): Promise<ExperimentState[]> {
  const rows = await db
    .select()
    .from(experiments)
    .where(and(eq(experiments.networkId, networkId), eq(experiments.campaignId, campaignId)))
    .orderBy(experiments.createdAt)
  return rows.map(({ step, audience, shareMillionths, decidedAt, winner, figures }) => ({
    ...{ step, audience, share: shareMillionths / 1e6, decidedAt, winner, figures },
  }))
}
