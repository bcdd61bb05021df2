import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, campaignVersions, messages, segments, sites, stepRuns } from '../db/schema.ts'
import { sendersOf } from '../network/senders.ts'
import { durationMs } from '../segment/duration.ts'
import { schedule } from '../timer/timers.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { type Place, stepMoment } from './moments.ts'
import { parseCampaign } from './parse.ts'

/** The campaign is well written, but cannot be launched as things are; the message says what would mend it. */
export class LaunchRefused extends Error {
  override name = 'LaunchRefused'
}

export interface CampaignSource {
  /** Shown in errors. */
  file: string
  text: string
}

export interface Launched {
  campaignId: string
  /** False when this very file had been launched before: nothing was done twice. */
  isNew: boolean
  steps: { step: string; messageId: string; at: Date }[]
}

/** Reads a campaign file against what the network has. Throws CampaignProblems with every error and its place. */
export async function readCampaign(
  context: Context,
  network: Network,
  source: CampaignSource,
  now: Date,
): Promise<CampaignDefinition> {
  const known = await context.db
    .select({ name: segments.name })
    .from(segments)
    .where(eq(segments.networkId, network.id))
  return parseCampaign(source.text, {
    file: source.file,
    segments: new Set(known.map((row) => row.name)),
    templates: context.templates,
    now,
    network: { timezone: network.timezone },
  })
}

/** The clocks and calendars the network's people live by: a handful, whatever its size. */
export const placesOf = (tx: Tx, networkId: string): Promise<Place[]> =>
  tx
    .selectDistinct({ timezone: sites.timezone, region: sites.region })
    .from(sites)
    .where(eq(sites.networkId, networkId))

/** The first instant at which a step is due for anyone: from then on its audience is worked through. */
export function firstMoment(
  campaign: CampaignDefinition,
  step: StepDefinition,
  places: readonly Place[],
  network: Network,
  launchedAt: Date,
): Date | undefined {
  const home: Place = { timezone: network.timezone, region: network.country }
  const moments = (places.length > 0 ? places : [home]).flatMap(
    (place) => stepMoment(campaign, step, place, network, launchedAt) ?? [],
  )
  return moments.length === 0 ? undefined : new Date(Math.min(...moments.map((moment) => moment.getTime())))
}

async function checkLaunch(tx: Tx, network: Network, campaign: CampaignDefinition) {
  const conditional = campaign.steps.find((step) => step.when !== undefined)
  if (conditional)
    throw new LaunchRefused(
      `Step "${conditional.name}" waits for a condition (when:), which this version cannot watch yet. Give it a date with at:, such as launch + 10 working days.`,
    )
  const senders = await sendersOf(tx, network.id)
  const asking = campaign.steps.find((step) => step.asksReply)
  if (asking && !senders.some((sender) => sender.channel === 'sms' && sender.isTwoWay))
    throw new LaunchRefused(
      `Step "${asking.name}" asks for a reply, but every SMS sender of ${network.name} is one-way: nobody could answer. Add a two-way sender (a short code), or ask with a link instead.`,
    )
}

/**
 * Launches a campaign file: its version, its messages and the wait for each step, in one transaction. Launching
 * the same file again (a double click, a second tab, a retry after a crash) finds the first launch.
 * Throws CampaignProblems or LaunchRefused.
 */
export async function launchCampaign(
  context: Context,
  network: Network,
  source: CampaignSource,
  actor: string,
  now: Date,
): Promise<Launched> {
  const campaign = await readCampaign(context, network, source, now)
  const hash = createHash('sha256').update(source.text).digest('hex')
  return context.db.transaction(async (tx) => {
    await checkLaunch(tx, network, campaign)
    const [created] = await tx
      .insert(campaigns)
      .values({
        networkId: network.id,
        id: newId(),
        name: campaign.name,
        title: campaign.title as Record<string, string>,
        class: campaign.class,
        status: 'running',
        createdAt: now,
        launchedAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: campaigns.id })
    if (!created) return launchedBefore(tx, network, campaign.name, hash)

    await tx.insert(campaignVersions).values({
      networkId: network.id,
      campaignId: created.id,
      version: 1,
      definition: campaign,
      source: source.text,
      hash,
      createdBy: actor,
      createdAt: now,
    })
    const places = await placesOf(tx, network.id)
    const rows = campaign.steps.map((step, position) => {
      const dueAt = firstMoment(campaign, step, places, network, now) as Date
      return {
        networkId: network.id,
        id: newId(),
        campaignId: created.id,
        campaignVersion: 1,
        step: step.name,
        position,
        occurrence: '1',
        class: campaign.class,
        urgency: step.urgency,
        intent: step.intent,
        template: step.template,
        topic: campaign.topic,
        definition: step,
        dueAt,
        expiresAt: step.expires ? new Date(dueAt.getTime() + (durationMs(step.expires) as number)) : null,
        createdAt: now,
      }
    })
    await tx.insertRows(messages, rows)
    await tx.insertRows(
      stepRuns,
      rows.map((row) => ({ networkId: network.id, messageId: row.id, status: 'waiting' as const })),
    )
    await schedule(
      tx,
      network.id,
      rows.map((row) => ({ kind: 'step', subject: row.id, occurrence: row.occurrence, dueAt: row.dueAt })),
      now,
    )
    return {
      campaignId: created.id,
      isNew: true,
      steps: rows.map((row) => ({ step: row.step, messageId: row.id, at: row.dueAt })),
    }
  })
}

async function launchedBefore(tx: Tx, network: Network, name: string, hash: string): Promise<Launched> {
  const [existing] = await tx
    .select({ id: campaigns.id, hash: campaignVersions.hash })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.name, name)))
  if (existing?.hash !== hash)
    throw new LaunchRefused(
      `A campaign named "${name}" was already launched in ${network.name} from another file. Give this one another name, such as ${name}-2.`,
    )
  const steps = await tx
    .select({ step: messages.step, messageId: messages.id, at: messages.dueAt })
    .from(messages)
    .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, existing.id)))
    .orderBy(messages.position)
  return { campaignId: existing.id, isNew: false, steps }
}
