/** An experiment as it runs: opened with its first variant, settled when the rest of the audience is due. */
import { and, eq, inArray, isNull, max } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import { audienceSize } from '../audience/size.ts'
import { writeComing } from '../campaign/message-rows.ts'
import type { Context, Network } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { experiments, messages } from '../db/schema.ts'
import type { Step } from '../outbox/step.ts'
import type { Variant } from './definition.ts'
import { shareFor } from './draw.ts'
import { armsOf } from './outcome.ts'
import { type ExperimentalStep, isExperimental, restOccurrence, variantOf } from './variant.ts'
import { compare } from './verdict.ts'
import { afterWait } from './wait.ts'

/** How much of its audience a step is tried on, 0 … 0.5 each; undefined where it has no experiment. */
export type OpenExperiment = { share: number } | undefined

/**
 * The experiment a step belongs to, opened with its first variant: how many it is tried on is drawn once, and the
 * message to the rest is written with it, so that it comes whatever stops in between. When that one is due, the
 * better variant is chosen, once, and is what it says. Killed anywhere, it is as if it had not begun.
 */
export async function openExperiment(
  context: Context,
  network: Network,
  step: Step,
  now: Date,
): Promise<{ experiment: OpenExperiment; isChosen: boolean }> {
  const written = writtenStep(step)
  if (!written) return { experiment: undefined, isChosen: false }
  const { db } = context
  if (step.message.occurrence === restOccurrence) {
    const isChosen = await choose(db, network, step, written, now)
    return { experiment: await shareOf(db, network.id, step), isChosen }
  }
  const known = await shareOf(db, network.id, step)
  if (known) return { experiment: known, isChosen: false }
  const audience = await audienceSize(context, network, step.campaign.audience, now)
  await db.transaction((tx) => open(tx, network, step, written, audience, now))
  return { experiment: await shareOf(db, network.id, step), isChosen: false }
}

/** The step as its author wrote it, of which a message is one variant. */
function writtenStep({ campaign, message }: Step): ExperimentalStep | undefined {
  const step = campaign.steps.find(({ name }) => name === message.step)
  return step && isExperimental(step) ? step : undefined
}

const own = ({ campaignId, message }: Step, networkId: string) =>
  and(eq(experiments.networkId, networkId), eq(experiments.campaignId, campaignId), eq(experiments.step, message.step))

async function shareOf(db: Db, networkId: string, step: Step): Promise<OpenExperiment> {
  const [row] = await db.select({ share: experiments.shareMillionths }).from(experiments).where(own(step, networkId))
  return row && { share: row.share / 1e6 }
}

async function open(
  tx: Tx,
  network: Network,
  step: Step,
  written: ExperimentalStep,
  audience: number,
  now: Date,
): Promise<void> {
  const { campaignId, campaign, message } = step
  await tx
    .insert(experiments)
    .values({
      networkId: network.id,
      campaignId,
      step: message.step,
      audience,
      shareMillionths: Math.floor(shareFor(audience) * 1e6),
      createdAt: now,
    })
    .onConflictDoNothing()
  const [last] = await tx
    .select({ dueAt: max(messages.dueAt) })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, network.id),
        eq(messages.campaignId, campaignId),
        eq(messages.step, message.step),
        inArray(messages.occurrence, ['a', 'b']),
      ),
    )
  const begins = last?.dueAt && last.dueAt > now ? last.dueAt : now
  const dueAt = afterWait(network, written, begins)
  await writeComing(
    tx,
    network,
    { campaignId, campaign, version: message.campaignVersion },
    [{ step: variantOf(written, 'a'), position: message.position, occurrence: restOccurrence, dueAt }],
    now,
  )
}

/** Chooses the variant that did better for the rest; returns whether this call did. */
async function choose(db: Db, network: Network, step: Step, written: ExperimentalStep, now: Date): Promise<boolean> {
  const arms = await armsOf(db, network.id, step.campaignId, step.message.step, written.experiment.metric)
  const { better, ...figures } = compare(arms.a, arms.b)
  return db.transaction(async (tx) => {
    const decided = await tx
      .update(experiments)
      .set({ decidedAt: now, winner: better, figures: { ...arms, ...figures } })
      .where(and(own(step, network.id), isNull(experiments.decidedAt)))
      .returning({ winner: experiments.winner })
    if (decided.length === 0) return false
    const definition = chosenStep(written, better, network, now)
    await tx
      .update(messages)
      .set({ definition, template: definition.template })
      .where(and(eq(messages.networkId, network.id), eq(messages.id, step.message.id)))
    return true
  })
}

/** The variant as the rest gets it: one that won by its hour waits for that hour to come again. */
function chosenStep(step: ExperimentalStep, variant: Variant, network: Network, now: Date) {
  const chosen = variantOf(step, variant)
  if (step.experiment.vary !== 'hour' || chosen.at === undefined) return chosen
  const hour = chosen.at.split(',')[1]?.trim()
  if (hour === undefined) return chosen
  return { ...chosen, at: nextAt(hour, network.timezone, now) }
}

/** The next local time at which clocks show `hour` (HH:MM), as a campaign file writes it. */
export function nextAt(hour: string, timezone: string, now: Date): string {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime()
  const today = local.toPlainDate()
  // By the calendar: a day may have 25 hours, and tomorrow is not 24 hours from its first.
  const day = local.toPlainTime().toString({ smallestUnit: 'minute' }) <= hour ? today : today.add({ days: 1 })
  return `${day.toString()}T${hour}`
}
