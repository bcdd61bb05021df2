import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { openChallenge } from '../challenge/open.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, deliveries, messages, stepRuns, timers } from '../db/schema.ts'
import { isExperimental, restOccurrence, variantNames } from '../experiment/variant.ts'
import { relisten } from '../sequence/begin.ts'
import type { CampaignStatus } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { freezeSteps, frozenOf, wordsOfCampaign } from './frozen-words.ts'
import { hashOf, readCampaign, refuseObstacles } from './launch.ts'
import { expiryOf, writeComing } from './message-rows.ts'
import { firstMoment, placesOf } from './moments.ts'
import { catalogOf } from './network-templates.ts'
import { isRecurring, nextOccurrence, onlyOccurrence } from './occurrences.ts'

/** In these a campaign was launched and is not over: its text may be changed for what is still to come. */
const editable: readonly CampaignStatus[] = ['scheduled', 'running', 'paused']

/** Why a change of a launched campaign was not made. */
export class EditRefused extends Error {
  override name = 'EditRefused'
  readonly code: 'unknown' | 'over' | 'moved' | 'begun' | 'renamed' | 'experiment'

  constructor(code: EditRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * What a change does to a step: `replaced` and `added` go by the new text, `removed` never comes; of one that has
 * `begun` the decisions stay and only the words of what is not yet claimed are new; what is `past` stays as it was.
 */
export type StepEffect = 'replaced' | 'added' | 'removed' | 'begun' | 'past'

export interface EditStep {
  step: string
  effect: StepEffect
  /** When it comes (business time), where it is still to come. */
  at?: Date
  /** Deliveries decided and not yet claimed, whose words become the new ones. */
  unclaimed: number
  /** Whether its templates say something else than what is fixed for it. */
  hasNewWords: boolean
}

export interface Edit {
  version: number
  campaign: CampaignDefinition
  steps: EditStep[]
}

interface Row {
  id: string
  step: string
  occurrence: string
  run: string | null
  unclaimed: number
}

const isVariant = ({ occurrence }: Row): boolean =>
  occurrence === restOccurrence || variantNames.some((variant) => variant === occurrence)

const triedIn = (step: string) =>
  new EditRefused(
    'experiment',
    `Step ${step} is tried in two variants: what each says stands until the experiment is over. Cancel the step to change it.`,
  )

const isWaiting = ({ run }: Pick<Row, 'run'>): boolean => run === null || run === 'waiting'

async function rowsOf(tx: Tx, networkId: string, campaignId: string): Promise<Row[]> {
  const rows = await tx
    .select({ id: messages.id, step: messages.step, occurrence: messages.occurrence, run: stepRuns.status })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(messages.position)
  if (rows.length === 0) return []
  const open = await tx
    .select({ messageId: deliveries.messageId, total: count() })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(
          deliveries.messageId,
          rows.map((row) => row.id),
        ),
        inArray(deliveries.status, ['planned', 'held', 'queued']),
        isNull(deliveries.contentVersionId),
      ),
    )
    .groupBy(deliveries.messageId)
  const unclaimed = new Map(open.map((row) => [row.messageId, row.total]))
  return rows.map((row) => ({ ...row, unclaimed: unclaimed.get(row.id) ?? 0 }))
}

async function goingOf({ db }: Context, network: Network, campaignId: string) {
  const [going] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
  if (!going) throw new EditRefused('unknown', `There is no campaign ${campaignId} in ${network.name}.`)
  if (!editable.includes(going.status))
    throw new EditRefused('over', `Campaign ${going.name} is ${going.status}: nothing of it is to come.`)
  return going
}

async function readEdit(context: Context, network: Network, name: string, text: string, launchedAt: Date) {
  const source = { file: `${name}.yaml`, text }
  // Read as at its launch: what was to come then may be past by now.
  const campaign = await readCampaign(context, network, source, launchedAt)
  if (campaign.name !== name)
    throw new EditRefused('renamed', `A launched campaign keeps its name: call it ${name}, or launch another.`)
  await refuseObstacles(context, network, campaign)
  return campaign
}

/**
 * What changing a launched campaign to this text would do, step by step; writes nothing. Throws EditRefused,
 * CampaignProblems or LaunchRefused.
 */
export async function planEdit(
  context: Context,
  network: Network,
  { campaignId, text }: { campaignId: string; text: string },
  now: Date,
): Promise<Edit> {
  const going = await goingOf(context, network, campaignId)
  const campaign = await readEdit(context, network, going.name, text, going.launchedAt ?? now)
  const rows = await rowsOf(context.db, network.id, campaignId)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  const places = await placesOf(context.db, network.id)
  const steps: EditStep[] = []
  for (const step of campaign.steps) {
    const own = rows.filter((row) => row.step === step.name)
    const waiting = own.filter(isWaiting)
    const unclaimed = own.reduce((sum, row) => sum + row.unclaimed, 0)
    const effect = own.length === 0 ? 'added' : waiting.length > 0 ? 'replaced' : unclaimed > 0 ? 'begun' : 'past'
    const fixed = await frozenOf(context.db, network.id, { campaignId, step: step.name })
    const now_ = words.filter((text_) => text_.template === step.template)
    const hasNewWords =
      fixed !== undefined &&
      (fixed.length !== now_.length ||
        now_.some(
          (text_) =>
            !fixed.some(
              (one) => one.channel === text_.channel && one.language === text_.language && one.hash === text_.hash,
            ),
        ))
    const occurrence = waiting[0]?.occurrence ?? onlyOccurrence
    const at =
      effect === 'added' || effect === 'replaced'
        ? firstMoment(campaign, step, places, network, going.launchedAt ?? now, occurrence)
        : undefined
    steps.push({ step: step.name, effect, at, unclaimed, hasNewWords })
  }
  const named = new Set(campaign.steps.map((step) => step.name))
  for (const gone of new Set(rows.filter((row) => !named.has(row.step)).map((row) => row.step))) {
    const own = rows.filter((row) => row.step === gone)
    const unclaimed = own.reduce((sum, row) => sum + row.unclaimed, 0)
    steps.push({ step: gone, effect: own.some(isWaiting) ? 'removed' : 'past', unclaimed, hasNewWords: false })
  }
  return { version: going.version, campaign, steps }
}

/**
 * Changes a launched campaign for what is not yet claimed: its next version, in one transaction. Steps that wait go by
 * the new text; of those that have begun the decisions stay, and the words of what nobody has claimed are the new ones;
 * words fixed before stay with the steps not named in `takeOver` whose template is the same. A step that began, or a
 * version that somebody else made since `version` was read, makes the whole change fail and nothing is written. Throws
 * EditRefused, CampaignProblems or LaunchRefused.
 */
export async function applyEdit(
  context: Context,
  network: Network,
  given: { campaignId: string; version: number; text: string; takeOver?: readonly string[] },
  actor: string,
  now: Date,
): Promise<{ version: number }> {
  const { campaignId, version, text, takeOver = [] } = given
  const going = await goingOf(context, network, campaignId)
  const launchedAt = going.launchedAt ?? now
  const campaign = await readEdit(context, network, going.name, text, launchedAt)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  const planned = await planEdit(context, network, { campaignId, text }, now)
  return context.db.transaction(async (tx) => {
    const places = await placesOf(tx, network.id)
    const rows = await rowsOf(tx, network.id, campaignId)
    const next = version + 1
    const stepOf = new Map(campaign.steps.map((step, position) => [step.name, { step, position }]))
    const moved = () => new EditRefused('moved', 'The campaign has gone on since you looked at the change: look again.')
    // Waits first, then runs, then the campaign: in the order in which the worker takes them.
    for (const row of rows.filter(isWaiting)) {
      const found = stepOf.get(row.step)
      if (isVariant(row) || (found && isExperimental(found.step))) throw triedIn(row.step)
      const dueAt =
        found && firstMoment(campaign, found.step, places, network, launchedAt, row.occurrence ?? onlyOccurrence)
      const waits = await tx
        .update(timers)
        .set(dueAt ? { dueAt } : { firedAt: now })
        .where(
          and(
            eq(timers.networkId, network.id),
            eq(timers.kind, 'step'),
            eq(timers.subject, row.id),
            isNull(timers.firedAt),
          ),
        )
        .returning({ id: timers.id })
      const held = await tx
        .update(stepRuns)
        .set(dueAt ? { status: 'waiting' } : { status: 'canceled', finishedAt: now })
        .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, row.id), eq(stepRuns.status, 'waiting')))
        .returning({ id: stepRuns.messageId })
      if (waits.length === 0 || held.length === 0)
        throw new EditRefused('begun', `Step ${row.step} has begun meanwhile: look at the change again.`)
      if (found && dueAt)
        await tx
          .update(messages)
          .set({
            campaignVersion: next,
            position: found.position,
            class: campaign.class,
            urgency: found.step.urgency,
            intent: found.step.intent,
            template: found.step.template,
            topic: campaign.topic,
            definition: found.step,
            dueAt,
            expiresAt: expiryOf(found.step, dueAt),
          })
          .where(and(eq(messages.networkId, network.id), eq(messages.id, row.id)))
    }
    const [changed] = await tx
      .update(campaigns)
      .set({ version: next, title: campaign.title as Record<string, string>, class: campaign.class })
      .where(
        and(
          eq(campaigns.networkId, network.id),
          eq(campaigns.id, campaignId),
          eq(campaigns.version, version),
          inArray(campaigns.status, [...editable]),
        ),
      )
      .returning({ name: campaigns.name })
    if (!changed) throw moved()
    await tx.insert(campaignVersions).values({
      networkId: network.id,
      campaignId,
      version: next,
      definition: campaign,
      source: text,
      hash: hashOf({ text }),
      createdBy: actor,
      createdAt: now,
    })
    for (const row of rows.filter((one) => !isWaiting(one) && one.unclaimed > 0)) {
      const found = stepOf.get(row.step)
      if (!found) continue
      await tx
        .update(messages)
        .set({ campaignVersion: next, template: found.step.template })
        .where(and(eq(messages.networkId, network.id), eq(messages.id, row.id)))
    }
    const known = new Set(rows.map((row) => row.step))
    const added = campaign.steps.flatMap((step, position) => {
      if (known.has(step.name)) return []
      const occurrence = isRecurring(step) ? nextOccurrence(campaign, step, network, now) : onlyOccurrence
      const dueAt = occurrence && firstMoment(campaign, step, places, network, launchedAt, occurrence)
      return occurrence && dueAt ? [{ step, position, occurrence, dueAt }] : []
    })
    await writeComing(tx, network, { campaignId, campaign, version: next }, added, now)
    await openChallenge(tx, network, campaignId, campaign, actor, now, launchedAt)
    await relisten(tx, network, campaignId, campaign, now)
    const fresh: StepDefinition[] = []
    for (const step of campaign.steps) {
      const effect = planned.steps.find((one) => one.step === step.name)?.effect
      if (effect === 'past') continue
      const fixed = await frozenOf(tx, network.id, { campaignId, step: step.name })
      const isOther = fixed === undefined || fixed.some((one) => one.template !== step.template)
      if (effect === 'added' || isOther || takeOver.includes(step.name)) fresh.push(step)
    }
    await freezeSteps(tx, network.id, campaignId, fresh, words, now)
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.edit',
      subject: campaignId,
      data: { name: changed.name, version: next, takeOver: [...takeOver] },
      at: context.wall.now(),
    })
    return { version: next }
  })
}
