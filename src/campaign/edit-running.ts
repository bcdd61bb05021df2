import { isDeepStrictEqual } from 'node:util'
import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { openChallenge } from '../challenge/open.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, deliveries, messages, stepRuns, timers } from '../db/schema.ts'
import { isExperimental, restOccurrence, variantNames } from '../experiment/variant.ts'
import { beginSequence } from '../sequence/begin.ts'
import { reflowSoon } from '../sequence/reflow-job.ts'
import { concernsPeople, peopleSteps } from '../sequence/reflow-people.ts'
import { wayOf } from '../sequence/ways.ts'
import type { CampaignStatus } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { type FrozenText, freezeSteps, frozenOf, wordsOfCampaign } from './frozen-words.ts'
import { hashOf, readCampaign, refuseObstacles } from './launch.ts'
import { expiryOf, writeComing } from './message-rows.ts'
import { firstMoment, placesOf } from './moments.ts'
import { catalogOf } from './network-templates.ts'
import { isRecurring, nextOccurrence, onlyOccurrence } from './occurrences.ts'
import { unclaimedOf } from './unclaimed.ts'
import { keepVersionSnapshot } from './version-snapshots.ts'

/** In these a campaign was launched and is not over: its text may be changed for what is still to come. */
const editable: readonly CampaignStatus[] = ['scheduled', 'running', 'paused']

export const isEditable = (status: CampaignStatus): boolean => editable.includes(status)

/** Why a change of a launched campaign was not made. */
export class EditRefused extends Error {
  override name = 'EditRefused'
  readonly code:
    | 'unknown'
    | 'over'
    | 'moved'
    | 'begun'
    | 'renamed'
    | 'experiment'
    | 'way'
    | 'same'
    | 'decided'
    | 'unapproved'

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
  /** When it was to come before the change. */
  wasAt?: Date
  /** Deliveries claimed or gone already: nothing about them changes. */
  claimed: number
  /** Deliveries decided and not yet claimed, whose words become the new ones. */
  unclaimed: number
  /** Whether its templates say something else than what is fixed for it. */
  hasNewWords: boolean
  /** Of a step counted from each person's own entry: how many are on their way to it, and whether their dates move. */
  underWay?: { people: number; fate: 'moves' | 'stays' }
}

export interface Edit {
  version: number
  campaign: CampaignDefinition
  /** Everything the changed campaign could say, as its templates stand. */
  words: readonly FrozenText[]
  steps: EditStep[]
}

interface Row {
  id: string
  step: string
  occurrence: string
  run: string | null
  dueAt: Date
  claimed: number
  unclaimed: number
}

/** What a message has of its campaign and its step. */
const saidBy = ({ class: is, topic }: CampaignDefinition, { urgency, intent, template }: StepDefinition) => ({
  ...{ class: is, topic, urgency, intent, template },
})

const isVariant = ({ occurrence }: Row): boolean =>
  occurrence === restOccurrence || variantNames.some((variant) => variant === occurrence)

const triedIn = (step: string) =>
  new EditRefused(
    'experiment',
    `Step ${step} is tried in two variants: what each says stands until the experiment is over. Cancel the step to change it.`,
  )

const totalsOf = (rows: readonly Row[]): [claimed: number, unclaimed: number] => [
  rows.reduce((sum, row) => sum + row.claimed, 0),
  rows.reduce((sum, row) => sum + row.unclaimed, 0),
]

/** People come to it by a condition or their own way, for as long as the campaign runs. */
const isWatching = ({ run }: Pick<Row, 'run'>): boolean => run === 'watching'

const isWaiting = ({ run }: Pick<Row, 'run'>): boolean => run === null || run === 'waiting'

async function rowsOf(tx: Tx, networkId: string, campaignId: string): Promise<Row[]> {
  const rows = await tx
    .select({
      id: messages.id,
      step: messages.step,
      occurrence: messages.occurrence,
      run: stepRuns.status,
      dueAt: messages.dueAt,
    })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(messages.position)
  if (rows.length === 0) return []
  const unclaimed = await unclaimedOf(
    tx,
    networkId,
    rows.map((row) => row.id),
  )
  const whole = await tx
    .select({ messageId: deliveries.messageId, total: count() })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(
          deliveries.messageId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .groupBy(deliveries.messageId)
  const all = new Map(whole.map((row) => [row.messageId, row.total]))
  return rows.map((row) => {
    const left = unclaimed.get(row.id) ?? 0
    return { ...row, unclaimed: left, claimed: (all.get(row.id) ?? 0) - left }
  })
}

async function goingOf({ db }: Context, network: Network, campaignId: string) {
  const [row] = await db
    .select({ going: campaigns, definition: campaignVersions.definition })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
  const going = row && { ...row.going, definition: row.definition as CampaignDefinition }
  if (!going) throw new EditRefused('unknown', `There is no campaign ${campaignId} in ${network.name}.`)
  if (!editable.includes(going.status))
    throw new EditRefused('over', `Campaign ${going.name} is ${going.status}: nothing of it is to come.`)
  return going
}

async function readEdit(
  context: Context,
  network: Network,
  { name, definition }: { name: string; definition: CampaignDefinition },
  text: string,
  launchedAt: Date,
) {
  const source = { file: `${name}.yaml`, text }
  // Read as at its launch: what was to come then may be past by now.
  const campaign = await readCampaign(context, network, source, launchedAt)
  if (campaign.name !== name)
    throw new EditRefused('renamed', `A launched campaign keeps its name: call it ${name}, or launch another.`)
  for (const step of campaign.steps) {
    const was = definition.steps.find((one) => one.name === step.name)
    if (was && wayOf(definition, was) !== wayOf(campaign, step))
      throw new EditRefused(
        'way',
        `Step ${step.name} would begin otherwise than it does, by a date or by a condition: give it another name, and take the old one away.`,
      )
  }
  await refuseObstacles(context, network, campaign)
  return campaign
}

/** Whether a step and everything its dates hang on say what they said. */
const isUntouched = (before: CampaignDefinition, after: CampaignDefinition, name: string): boolean => {
  const [was, is] = [before, after].map(({ steps, title: _, ...rest }) =>
    // As both are kept: what is undefined is not there.
    JSON.parse(JSON.stringify({ rest, step: steps.find((step) => step.name === name) })),
  )
  return was.step !== undefined && isDeepStrictEqual(was, is)
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
  const campaign = await readEdit(context, network, going, text, going.launchedAt ?? now)
  const rows = await rowsOf(context.db, network.id, campaignId)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  const places = await placesOf(context.db, network.id)
  const change = { before: going.definition, after: campaign }
  const people = await peopleSteps(context.db, network.id, campaignId, change)
  const steps: EditStep[] = []
  for (const step of campaign.steps) {
    const own = rows.filter((row) => row.step === step.name)
    const waiting = own.filter(isWaiting)
    const [claimed, unclaimed] = totalsOf(own)
    const isToCome = waiting.length > 0 || own.some(isWatching)
    const effect = own.length === 0 ? 'added' : isToCome ? 'replaced' : unclaimed > 0 ? 'begun' : 'past'
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
      effect === 'added' || waiting.length > 0
        ? firstMoment(campaign, step, places, network, going.launchedAt ?? now, occurrence)
        : undefined
    const way = people.find((one) => one.step === step.name)
    const underWay = way && { people: way.people, fate: way.fate }
    steps.push({ step: step.name, effect, at, wasAt: waiting[0]?.dueAt, claimed, unclaimed, hasNewWords, underWay })
  }
  const named = new Set(campaign.steps.map((step) => step.name))
  for (const gone of new Set(rows.filter((row) => !named.has(row.step)).map((row) => row.step))) {
    const own = rows.filter((row) => row.step === gone)
    const [claimed, unclaimed] = totalsOf(own)
    const wasAt = own.find(isWaiting)?.dueAt
    const effect = wasAt || own.some(isWatching) ? 'removed' : 'past'
    steps.push({ step: gone, effect, wasAt, claimed, unclaimed, hasNewWords: false })
  }
  return { version: going.version, campaign, words, steps }
}

/**
 * Changes a launched campaign for what is not yet claimed: its next version, in one transaction. Steps that wait go by
 * the new text; of those that have begun the decisions stay, and the words of what nobody has claimed are the new ones;
 * words fixed before stay with the steps not named in `takeOver` whose template is the same. A step that began, or a
 * version that somebody else made since `version` was read, makes the whole change fail and nothing is written.
 * `settle` is done in the same transaction. Throws EditRefused, CampaignProblems or LaunchRefused.
 */
export async function applyEdit(
  context: Context,
  network: Network,
  given: { campaignId: string; version: number; text: string; takeOver?: readonly string[] },
  actor: string,
  now: Date,
  settle?: (tx: Tx) => Promise<void>,
): Promise<{ version: number }> {
  const { campaignId, version, text, takeOver = [] } = given
  const going = await goingOf(context, network, campaignId)
  const launchedAt = going.launchedAt ?? now
  const campaign = await readEdit(context, network, going, text, launchedAt)
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
      if (isVariant(row) || (found && isExperimental(found.step))) {
        if (isUntouched(going.definition, campaign, row.step)) continue
        throw triedIn(row.step)
      }
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
            ...saidBy(campaign, found.step),
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
    await settle?.(tx)
    await keepVersionSnapshot(tx, network.id, campaignId, version, now)
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
    for (const row of rows.filter(isWatching)) {
      const found = stepOf.get(row.step)
      const own = and(eq(stepRuns.networkId, network.id), eq(stepRuns.messageId, row.id))
      if (!found) await tx.update(stepRuns).set({ status: 'canceled', finishedAt: now }).where(own)
      else
        await tx
          .update(messages)
          .set({ campaignVersion: next, ...saidBy(campaign, found.step), definition: found.step })
          .where(and(eq(messages.networkId, network.id), eq(messages.id, row.id)))
    }
    for (const row of rows.filter((one) => !isWaiting(one) && !isWatching(one) && one.unclaimed > 0)) {
      const found = stepOf.get(row.step)
      if (!found || isVariant(row)) continue
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
    const isNew = new Set(campaign.steps.map((step) => step.name).filter((name) => !known.has(name)))
    await beginSequence(tx, network, campaignId, campaign, next, now, isNew)
    if (concernsPeople(going.definition, campaign)) await reflowSoon(tx, network, campaignId, context.wall.now())
    const fresh: StepDefinition[] = []
    for (const step of campaign.steps) {
      const effect = planned.steps.find((one) => one.step === step.name)?.effect
      if (effect === 'past') continue
      const fixed = await frozenOf(tx, network.id, { campaignId, step: step.name })
      const isOther = fixed === undefined || fixed.some((one) => one.template !== step.template)
      if (effect === 'added' || isOther || takeOver.includes(step.name)) fresh.push(step)
    }
    await freezeSteps(tx, network.id, campaignId, fresh, words, now)
    await keepVersionSnapshot(tx, network.id, campaignId, next, now)
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
