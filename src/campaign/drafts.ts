import { and, eq, inArray, like, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { AuditAction } from '../accounts/audit-actions.ts'
import { audienceSize } from '../audience/size.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { approvals, campaigns, campaignVersions, templates } from '../db/schema.ts'
import { type CampaignStatus, messageClasses } from '../words.ts'
import type { CampaignDefinition } from './definition.ts'
import { draftStatuses } from './draft-status.ts'
import { changedText, type DraftChanges, outlineOf } from './draft-text.ts'
import { type FrozenText, wordsOfCampaign } from './frozen-words.ts'
import {
  beginSteps,
  hashOf,
  heldUntil,
  type Launched,
  type LaunchOptions,
  LaunchRefused,
  readCampaign,
  refuseObstacles,
  stepsOf,
} from './launch.ts'
import { noticesOn } from './launch-notices.ts'
import { catalogOf, type NetworkWords } from './network-templates.ts'
import { type CampaignProblem, CampaignProblems } from './problems.ts'
import { holdToUrgentQuota } from './urgent-quota.ts'

/** Who does something to a draft; a user becomes the owner of what they make. */
export interface Author {
  /** As in the audit trail. */
  actor: string
  ownerId?: string
}

export interface Draft {
  campaignId: string
  name: string
  title: Record<string, string>
  ownerId: string | null
  /** The campaign file as it is written, faults included. */
  text: string
  /** Tells whether the text is still the one a form showed. */
  hash: string
  /** How far it is on its way to a launch. */
  status: CampaignStatus
}

/** Somebody else has changed or launched the draft since the form was shown. */
export class DraftMoved extends Error {
  override name = 'DraftMoved'
}

/** What keeps a text from being a draft; the message is for its author. */
export class DraftRefused extends Error {
  override name = 'DraftRefused'
  readonly problem: 'yaml' | 'name_taken' | 'too_long'

  constructor(problem: DraftRefused['problem'], message: string) {
    super(message)
    this.problem = problem
  }
}

/** As the reader of campaign files has it. */
const maxLength = 512_000

/** Undefined when there is no such draft, or it was launched. */
export async function findDraft(tx: Tx, networkId: string, campaignId: string): Promise<Draft | undefined> {
  const [row] = await tx
    .select({ campaign: campaigns, text: campaignVersions.source, hash: campaignVersions.hash })
    .from(campaigns)
    .innerJoin(campaignVersions, versionOf)
    .where(
      and(
        eq(campaigns.networkId, networkId),
        eq(campaigns.id, campaignId),
        inArray(campaigns.status, [...draftStatuses]),
      ),
    )
  if (!row) return undefined
  const { id, name, title, ownerId, status } = row.campaign
  return { campaignId: id, name, title, ownerId, status, text: row.text, hash: row.hash }
}

const versionOf = and(
  eq(campaignVersions.networkId, campaigns.networkId),
  eq(campaignVersions.campaignId, campaigns.id),
  eq(campaignVersions.version, campaigns.version),
)

/** A name no campaign of the network has: grand-nord, grand-nord-2 … at most 60 characters. */
export async function uniqueName(tx: Tx, networkId: string, wanted: string): Promise<string> {
  const stem = wanted.replace(/-\d{1,4}$/, '').slice(0, 54)
  const rows = await tx
    .select({ name: campaigns.name })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.networkId, networkId),
        or(eq(campaigns.name, wanted), eq(campaigns.name, stem), like(campaigns.name, `${stem}-%`)),
      ),
    )
  const taken = new Set(rows.map((row) => row.name))
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`
}

/**
 * Keeps a campaign's text as a draft under a name of its own, with the changes given; its faults are for its page.
 * `words` go in with it. Throws DraftRefused for a text that is no YAML.
 */
export async function createDraft(
  { db, wall }: Context,
  network: Network,
  given: {
    text: string
    changes?: Omit<DraftChanges, 'name'>
    words?: (name: string) => NetworkWords[]
    /** What it was made from, for the trail. */
    from?: { action: AuditAction; name: string }
  },
  { actor, ownerId }: Author,
  now: Date,
): Promise<Draft> {
  if (given.text.length > maxLength) throw new DraftRefused('too_long', 'A campaign file has at most 512 kB.')
  const outline = outlineOf(given.text)
  if (!outline) throw new DraftRefused('yaml', 'This text is not a campaign file: it cannot be read as YAML.')
  return db.transaction(async (tx) => {
    const name = await uniqueName(tx, network.id, outline.name ?? 'campagne')
    const words = given.words?.(name) ?? (await copiedWords(tx, network.id, outline.name, name))
    const text = renamed(changedText(given.text, { ...given.changes, name }), outline.name, name, words)
    const shown = describe(text, name)
    const campaignId = newId()
    await tx.insert(campaigns).values({
      networkId: network.id,
      id: campaignId,
      name,
      title: shown.title,
      class: shown.class,
      status: 'draft',
      ownerId: ownerId ?? null,
      createdAt: now,
    })
    const hash = hashOf({ text })
    await tx.insert(campaignVersions).values({
      networkId: network.id,
      campaignId,
      version: 1,
      definition: {},
      source: text,
      hash,
      createdBy: actor,
      createdAt: now,
    })
    await putWords(tx, network.id, words, actor, now)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: given.from?.action ?? 'campaign.create',
      subject: campaignId,
      data: { name, from: given.from?.name },
      at: wall.now(),
    })
    return { campaignId, name, title: shown.title, ownerId: ownerId ?? null, text, hash, status: 'draft' }
  })
}

/** The words of one message are its own: a copy of the message has a copy of them. */
async function copiedWords(tx: Tx, networkId: string, from: string | undefined, name: string): Promise<NetworkWords[]> {
  if (from === undefined) return []
  const rows = await tx
    .select()
    .from(templates)
    .where(and(eq(templates.networkId, networkId), eq(templates.template, messageTemplate(from))))
  return rows.map(({ channel, language, source }) => ({ template: messageTemplate(name), channel, language, source }))
}

/** The template of a one-off message, named as its campaign is. */
export const messageTemplate = (campaign: string): string => `message/${campaign}`

function renamed(text: string, from: string | undefined, name: string, words: readonly NetworkWords[]): string {
  if (from === undefined || words.length === 0) return text
  const steps = outlineOf(text)?.steps ?? []
  const own = messageTemplate(from)
  return changedText(text, {
    steps: steps.map((step) => (step.template === own ? { template: messageTemplate(name) } : {})),
  })
}

function describe(text: string, name: string) {
  const outline = outlineOf(text)
  const title = outline?.title ?? {}
  return {
    title: Object.keys(title).length > 0 ? title : { fr: name },
    class: messageClasses.find((one) => one === outline?.class) ?? ('marketing' as const),
  }
}

/** Writes words of a network's own, in place of those that were there. */
export async function putWords(
  tx: Tx,
  networkId: string,
  words: readonly NetworkWords[],
  actor: string,
  now: Date,
): Promise<void> {
  for (const { template, channel, language, source } of words)
    await tx
      .insert(templates)
      .values({ networkId, template, channel, language, source, updatedBy: actor, updatedAt: now })
      .onConflictDoUpdate({
        target: [templates.networkId, templates.template, templates.channel, templates.language],
        set: { source, updatedBy: actor, updatedAt: now },
      })
}

/**
 * Writes a draft's text anew; no version is made of it. What was proved or approved of it no longer counts. `seen` is the hash of the text the author started from: when
 * it is another by now, nothing is written. Throws DraftMoved or DraftRefused.
 */
export async function saveDraft(
  { db, wall }: Context,
  network: Network,
  given: { campaignId: string; seen: string; text: string; words?: NetworkWords[] },
  { actor }: Author,
  now: Date,
): Promise<Draft> {
  const { campaignId, seen, text } = given
  if (text.length > maxLength) throw new DraftRefused('too_long', 'A campaign file has at most 512 kB.')
  return db.transaction(async (tx) => {
    const before = await findDraft(tx, network.id, campaignId)
    if (before?.hash !== seen) throw new DraftMoved('The draft was changed or launched meanwhile.')
    const name = outlineOf(text)?.name ?? before.name
    if (name !== before.name && (await uniqueName(tx, network.id, name)) !== name)
      throw new DraftRefused('name_taken', `There is already a campaign named "${name}" in ${network.name}.`)
    const shown = describe(text, name)
    const hash = hashOf({ text })
    const isOther = hash !== seen || given.words !== undefined
    const isThis = and(
      eq(campaignVersions.networkId, network.id),
      eq(campaignVersions.campaignId, campaignId),
      eq(campaignVersions.hash, seen),
    )
    const written = await tx
      .update(campaignVersions)
      .set({ source: text, hash, createdBy: actor, createdAt: now })
      .where(isThis)
      .returning({ version: campaignVersions.version })
    const [row] = await tx
      .update(campaigns)
      .set({ name, title: shown.title, class: shown.class, ...(isOther ? { status: 'draft' as const } : {}) })
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          inArray(campaigns.status, [...draftStatuses]),
        ),
      )
      .returning()
    if (written.length === 0 || !row) throw new DraftMoved('The draft was changed or launched meanwhile.')
    if (isOther)
      await tx
        .update(approvals)
        .set({ status: 'void', decidedAt: now })
        .where(
          and(
            eq(approvals.networkId, network.id),
            eq(approvals.campaignId, campaignId),
            inArray(approvals.status, ['asked', 'approved']),
          ),
        )
    if (given.words) {
      await tx
        .delete(templates)
        .where(and(eq(templates.networkId, network.id), eq(templates.template, messageTemplate(before.name))))
      await putWords(tx, network.id, given.words, actor, now)
    }
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.change',
      subject: campaignId,
      data: { name },
      at: wall.now(),
    })
    return { campaignId, name, title: shown.title, ownerId: row.ownerId, text, hash, status: row.status }
  })
}

/** Throws a draft away, with the words that were only its own. Returns false when it is none any more. */
export async function discardDraft(
  { db, wall }: Context,
  network: Network,
  campaignId: string,
  { actor }: Author,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [gone] = await tx
      .delete(campaigns)
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          inArray(campaigns.status, [...draftStatuses]),
        ),
      )
      .returning({ name: campaigns.name })
    if (!gone) return false
    await tx
      .delete(templates)
      .where(and(eq(templates.networkId, network.id), eq(templates.template, messageTemplate(gone.name))))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.delete',
      subject: campaignId,
      data: { name: gone.name },
      at: wall.now(),
    })
    return true
  })
}

/** A draft read as a campaign, or everything wrong with it. */
export type Checked = { campaign: CampaignDefinition; problems?: undefined } | { problems: CampaignProblem[] }

/** Reads a text as a campaign to be launched at `now` (business time). */
export async function checkText(
  context: Context,
  network: Network,
  source: { file: string; text: string },
  now: Date,
): Promise<Checked> {
  try {
    return { campaign: await readCampaign(context, network, source, now) }
  } catch (error) {
    if (error instanceof CampaignProblems) return { problems: error.problems }
    throw error
  }
}

/** Asked in the transaction of a launch, with the very words it fixes; throws what keeps it from being launched. */
export type Admit = (
  tx: Tx,
  launch: { campaign: CampaignDefinition; people: number; text: string; words: readonly FrozenText[] },
) => Promise<void>

/**
 * Launches a draft: what `launchCampaign` does with a file. Two presses launch once; the second finds the first.
 * Throws CampaignProblems, LaunchRefused, or DraftMoved when the text is not the one that was confirmed.
 */
export async function launchDraft(
  context: Context,
  network: Network,
  { campaignId, seen }: { campaignId: string; seen: string },
  { actor }: Author,
  now: Date,
  { holdMs = 0, admit }: LaunchOptions & { admit?: Admit } = {},
): Promise<Launched> {
  const draft = await findDraft(context.db, network.id, campaignId)
  if (!draft) return launchedAlready(context.db, network, campaignId)
  if (draft.hash !== seen) throw new DraftMoved('The draft was changed meanwhile.')
  const campaign = await readCampaign(context, network, { file: `${draft.name}.yaml`, text: draft.text }, now)
  await refuseObstacles(context, network, campaign)
  const people = await audienceSize(context, network, campaign.audience, now)
  const notices = await noticesOn(context, network, campaign, people, now)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  const until = heldUntil(now, holdMs)
  return context.db.transaction(async (tx) => {
    await admit?.(tx, { campaign, people, text: draft.text, words })
    await holdToUrgentQuota(tx, network, campaign, actor, now)
    const [started] = await tx
      .update(campaigns)
      .set({
        status: until ? 'scheduled' : 'running',
        heldUntil: until,
        title: campaign.title as Record<string, string>,
        class: campaign.class,
        launchedAt: now,
      })
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          inArray(campaigns.status, [...draftStatuses]),
        ),
      )
      .returning({ id: campaigns.id })
    // The other press was faster.
    if (!started) return launchedAlready(tx, network, campaignId)
    const fixed = await tx
      .update(campaignVersions)
      .set({ definition: campaign, createdBy: actor, createdAt: now })
      .where(
        and(
          eq(campaignVersions.networkId, network.id),
          eq(campaignVersions.campaignId, campaignId),
          eq(campaignVersions.hash, seen),
        ),
      )
      .returning({ version: campaignVersions.version })
    if (fixed.length === 0) throw new DraftMoved('The draft was changed meanwhile.')
    const steps = await beginSteps(tx, network, campaignId, campaign, { words, until }, now)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.launch',
      subject: campaignId,
      data: { name: campaign.name, people, reason: campaign.reason },
      at: context.wall.now(),
    })
    return { campaignId, isNew: true, steps, notices }
  })
}

async function launchedAlready(tx: Tx, network: Network, campaignId: string): Promise<Launched> {
  const steps = await stepsOf(tx, network.id, campaignId)
  if (steps.length === 0) throw new LaunchRefused('There is no such draft: it was thrown away.')
  return { campaignId, isNew: false, steps, notices: [] }
}
