import { createHash } from 'node:crypto'
import { and, eq, notInArray } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { launchRulesOf, needsApproval } from '../approval/rules.ts'
import { audienceSize } from '../audience/size.ts'
import { openChallenge } from '../challenge/open.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, campaignVersions, messages, segments } from '../db/schema.ts'
import { isExperimental, variantNames, variantOf } from '../experiment/variant.ts'
import { beginSequence } from '../sequence/begin.ts'
import type { CampaignDefinition } from './definition.ts'
import { draftStatuses, isDraftStatus } from './draft-status.ts'
import { type FrozenText, freezeSteps, wordsOfCampaign } from './frozen-words.ts'
import { holdLaunch } from './hold.ts'
import { type LaunchNotice, noticesOn } from './launch-notices.ts'
import { LaunchRefused } from './launch-refused.ts'
import { writeComing } from './message-rows.ts'
import { firstMoment, placesOf } from './moments.ts'
import { catalogFor, catalogOf } from './network-templates.ts'
import { obstaclesTo } from './obstacles.ts'
import { isRecurring, nextOccurrence, onlyOccurrence } from './occurrences.ts'
import { type CampaignContext, parseCampaign } from './parse.ts'
import { holdToUrgentQuota } from './urgent-quota.ts'

/** A campaign names a handful of templates; a text that names thousands is not one. */
const mostTemplates = 200

export { LaunchRefused }

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
  /** What its author should know. */
  notices: LaunchNotice[]
}

export interface LaunchOptions {
  /** How long the launch may be undone (business time); 0 where nobody is there to undo it, as on the command line. */
  holdMs?: number
}

/** When a launch of `now` that may be undone for so long begins; null when at once. */
export const heldUntil = (now: Date, holdMs: number): Date | null =>
  holdMs > 0 ? new Date(now.getTime() + holdMs) : null

/** Reads a campaign file against what the network has. Throws CampaignProblems with every error and its place. */
export async function readCampaign(
  context: Context,
  network: Network,
  source: CampaignSource,
  now: Date,
): Promise<CampaignDefinition> {
  return parseCampaign(source.text, { ...(await surroundingsOf(context, network, source)), now })
}

/** What a campaign's text is checked against: the network's segments, and its words before those of the program. */
export async function surroundingsOf(
  { db, templates }: Pick<Context, 'db' | 'templates'>,
  network: Network,
  source: CampaignSource,
): Promise<CampaignContext> {
  const known = await db.select({ name: segments.name }).from(segments).where(eq(segments.networkId, network.id))
  const named = [...source.text.matchAll(/\b(?:template|[ab]):\s*["']?([^\s"',}#]+)/g)].map(
    ([, name]) => name as string,
  )
  return {
    file: source.file,
    segments: new Set(known.map((row) => row.name)),
    templates: await catalogFor(db, templates, network.id, named.slice(0, mostTemplates)),
    network: { timezone: network.timezone },
  }
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
  owner?: { id: string },
  { holdMs = 0 }: LaunchOptions = {},
): Promise<Launched> {
  const hash = hashOf(source)
  // Looked for first: once its launch has passed, the same file would be refused for being late.
  const before = await launchedFrom(context.db, network, hash)
  if (before) return before
  const campaign = await readCampaign(context, network, source, now)
  await refuseObstacles(context, network, campaign)
  const audience = await audienceSize(context, network, campaign.audience, now)
  refuseUnapproved(network, campaign, audience)
  const notices = await noticesOn(context, network, campaign, audience, now)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  const until = heldUntil(now, holdMs)
  return context.db.transaction(async (tx) => {
    await holdToUrgentQuota(tx, network, campaign, actor, now)
    const [created] = await tx
      .insert(campaigns)
      .values({
        networkId: network.id,
        id: newId(),
        name: campaign.name,
        title: campaign.title as Record<string, string>,
        class: campaign.class,
        status: until ? 'scheduled' : 'running',
        createdAt: now,
        launchedAt: now,
        heldUntil: until,
        ownerId: owner?.id ?? null,
      })
      .onConflictDoNothing()
      .returning({ id: campaigns.id })
    if (!created) {
      // A double click: the other one was faster.
      const other = await launchedFrom(tx, network, hash)
      if (other) return other
      throw new LaunchRefused(await nameTaken(tx, network, campaign.name))
    }

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
    const steps = await beginSteps(tx, network, created.id, campaign, { words, until }, now)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.launch',
      subject: created.id,
      data: { name: campaign.name, people: audience, reason: campaign.reason },
      at: context.wall.now(),
    })
    return { campaignId: created.id, isNew: true, steps, notices }
  })
}

async function nameTaken(tx: Tx, network: Network, name: string): Promise<string> {
  const [row] = await tx
    .select({ status: campaigns.status })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.name, name)))
  const what =
    row !== undefined && isDraftStatus(row.status)
      ? `is being drafted in ${network.name}`
      : `was already launched in ${network.name} from another file`
  return `A campaign named "${name}" ${what}. Give this one another name, such as ${name}-2.`
}

/** Throws LaunchRefused with everything that keeps a campaign from being launched as things are. */
export async function refuseObstacles(context: Context, network: Network, campaign: CampaignDefinition): Promise<void> {
  const obstacles = await obstaclesTo(context, network, campaign)
  if (obstacles.length > 0) throw new LaunchRefused(obstacles.map(({ message }) => message).join('\n'))
}

/** Where the network asks for approvals, a file has none: it is launched from a draft. Throws LaunchRefused. */
function refuseUnapproved(network: Network, campaign: CampaignDefinition, people: number): void {
  if (!needsApproval(launchRulesOf(network.settings), campaign, people)) return
  throw new LaunchRefused(
    `In ${network.name} a campaign like this one is approved before it is launched. Upload the file as a draft in the console (Campaigns, New campaign) and ask for its approval there.`,
  )
}

/** Writes the steps, fixes their words and holds them back for as long as the launch may be undone. */
export async function beginSteps(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  { words, until }: { words: readonly FrozenText[]; until: Date | null },
  now: Date,
): Promise<Launched['steps']> {
  const steps = await startSteps(tx, network, campaignId, campaign, now)
  await freezeSteps(tx, network.id, campaignId, campaign.steps, words, now)
  const messageIds = steps.map((step) => step.messageId)
  if (until) await holdLaunch(tx, network.id, campaignId, messageIds, until, now)
  return steps
}

/** Writes a started campaign's messages, their runs and the wait for each, in the transaction that starts it. */
export async function startSteps(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  now: Date,
): Promise<Launched['steps']> {
  await openChallenge(tx, network, campaignId, campaign, 'launch', now)
  const places = await placesOf(tx, network.id)
  const coming = campaign.steps.flatMap((step, position) => {
    if (isExperimental(step))
      return variantNames.flatMap((variant) => {
        const one = variantOf(step, variant)
        const dueAt = firstMoment(campaign, one, places, network, now)
        return dueAt ? [{ step: one, position, occurrence: variant, dueAt }] : []
      })
    const occurrence = isRecurring(step) ? nextOccurrence(campaign, step, network, now) : onlyOccurrence
    const dueAt = occurrence && firstMoment(campaign, step, places, network, now, occurrence)
    return occurrence && dueAt ? [{ step, position, occurrence, dueAt }] : []
  })
  const rows = await writeComing(tx, network, { campaignId, campaign, version: 1 }, coming, now)
  const dated = rows.map((row) => ({ step: row.step, messageId: row.id as string, at: row.dueAt }))
  return [...dated, ...(await beginSequence(tx, network, campaignId, campaign, 1, now))]
}

/** Tells one text of a campaign from another. */
export const hashOf = ({ text }: Pick<CampaignSource, 'text'>): string =>
  createHash('sha256').update(text).digest('hex')

/** What this very file has launched already; undefined when it never was. */
export const launchedBefore = (
  { db }: Context,
  network: Network,
  source: CampaignSource,
): Promise<Launched | undefined> => launchedFrom(db, network, hashOf(source))

/** What the same file launched before; undefined when it never was. */
async function launchedFrom(tx: Tx, network: Network, hash: string): Promise<Launched | undefined> {
  const [existing] = await tx
    .select({ id: campaigns.id })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(
      and(
        eq(campaigns.networkId, network.id),
        eq(campaignVersions.hash, hash),
        notInArray(campaigns.status, [...draftStatuses]),
      ),
    )
  return (
    existing && {
      campaignId: existing.id,
      isNew: false,
      steps: await stepsOf(tx, network.id, existing.id),
      notices: [],
    }
  )
}

/** The steps of a campaign that was launched, in their order. */
export const stepsOf = (tx: Tx, networkId: string, campaignId: string): Promise<Launched['steps']> =>
  tx
    .select({ step: messages.step, messageId: messages.id, at: messages.dueAt })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(messages.position)
