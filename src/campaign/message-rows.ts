import type { Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { messages, stepRuns } from '../db/schema.ts'
import { durationMs } from '../segment/duration.ts'
import { schedule } from '../timer/timers.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'

export type MessageRow = typeof messages.$inferInsert

/** One occurrence of a step that is going to be. */
export interface ComingStep {
  step: StepDefinition
  position: number
  occurrence: string
  dueAt: Date
}

/** Until when a message that was due at `dueAt` is worth sending; null where its step does not say. */
export const expiryOf = ({ expires }: Pick<StepDefinition, 'expires'>, dueAt: Date): Date | null =>
  expires === undefined ? null : new Date(dueAt.getTime() + (durationMs(expires) as number))

/**
 * Writes the messages of steps to come, their runs and the wait for each, all in the caller's transaction. One that is
 * there already stays as it is and is left out of the answer: an occurrence asked for twice is one.
 */
export async function writeComing(
  tx: Tx,
  network: Network,
  { campaignId, campaign, version }: { campaignId: string; campaign: CampaignDefinition; version: number },
  coming: readonly ComingStep[],
  now: Date,
): Promise<MessageRow[]> {
  const written: MessageRow[] = []
  for (const { step, position, occurrence, dueAt } of coming) {
    const [row] = await tx
      .insert(messages)
      .values({
        networkId: network.id,
        id: newId(),
        campaignId,
        campaignVersion: version,
        step: step.name,
        position,
        occurrence,
        class: campaign.class,
        urgency: step.urgency,
        intent: step.intent,
        template: step.template,
        topic: campaign.topic,
        definition: step,
        dueAt,
        expiresAt: expiryOf(step, dueAt),
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning()
    if (row) written.push(row)
  }
  await tx.insertRows(
    stepRuns,
    written.map((row) => ({ networkId: network.id, messageId: row.id as string, status: 'waiting' as const })),
  )
  await schedule(
    tx,
    network.id,
    written.map((row) => ({
      kind: 'step' as const,
      subject: row.id as string,
      occurrence: row.occurrence,
      dueAt: row.dueAt,
    })),
    now,
  )
  return written
}
