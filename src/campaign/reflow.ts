/** What moves when a date of a running campaign moves, and what does not. */
import { and, asc, eq } from 'drizzle-orm'
import {
  type ChallengeDatesFault,
  ChallengeDatesRefused,
  datesOfChallenge,
  type MovedChallengeDate,
  movedChallengeDates,
} from '../challenge/move-dates.ts'
import { challengeDates } from '../challenge/open.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaignVersions, messages, stepRuns } from '../db/schema.ts'
import { durationMs } from '../segment/duration.ts'
import { type PeopleStep, peopleSteps } from '../sequence/reflow-people.ts'
import { wayOf } from '../sequence/ways.ts'
import type { CampaignStatus } from '../words.ts'
import { type CampaignDefinition, campaignDefinition, type StepDefinition } from './definition.ts'
import { changedText } from './draft-text.ts'
import { firstMoment, type Place, placesOf } from './moments.ts'
import { isRecurring, nextOccurrence, onlyOccurrence } from './occurrences.ts'
import { isPrinted, type PrintDate, printDates } from './print-dates.ts'
import { printMoments } from './print-moments.ts'
import { parseMoment } from './schedule.ts'
import { currentVersion } from './series.ts'
import { unclaimedOf } from './unclaimed.ts'

/** The dates cannot be moved so; the message says why and what would do. */
export class MoveRefused extends Error {
  override name = 'MoveRefused'
  readonly code: MoveFault
  readonly about: { step?: string; status?: CampaignStatus; anchor?: string; from?: Date; to?: Date }

  constructor(message: string, code: MoveFault, about: MoveRefused['about'] = {}) {
    super(message)
    this.code = code
    this.about = about
  }
}

export type MoveFault = ChallengeDatesFault | 'gone' | 'status' | 'way' | 'anchor' | 'date' | 'meanwhile'

export interface MovedStep {
  messageId: string
  step: string
  position: number
  occurrence: string
  from: Date
  /** It comes again: it keeps its own rhythm, whatever the order of the others. */
  isSeries: boolean
  /** Undefined for a series that ends before it would come again. */
  to: Date | undefined
  /** The occurrence it becomes; another one where the series' dates moved. */
  becomes: string
  /**
   * `past`: it has begun, and stays · `stays`: its date does not change · `moves` · `now`: its new date is past, so it
   * leaves at once · `skipped`: its new date is so long past that it is not worth sending, or its series has ended ·
   * `held`: it would come before a step it came after, and waits for that one.
   */
  fate: 'past' | 'stays' | 'moves' | 'now' | 'skipped' | 'held'
  /** Of a `held` step: which one it waits for. */
  after?: string
  /** Of a step that has begun: deliveries decided and not yet gone, which leave as they were planned. */
  unclaimed?: number
  /** Of a printed step: its other dates, before and after. */
  print?: { date: PrintDate; from: Date; to: Date }[]
}

export interface Reflow {
  campaignId: string
  /** The version it was worked out for: applied only while that stands. */
  version: number
  status: CampaignStatus
  anchors: { name: string; from: string; to: string }[]
  definition: CampaignDefinition
  source: string
  steps: MovedStep[]
  /** The steps people come to counted from their own entry. */
  people: PeopleStep[]
  /** The dates of its challenge; none where it has none. */
  challenge: MovedChallengeDate[]
}

const movable: readonly CampaignStatus[] = ['scheduled', 'running', 'paused']

/**
 * What moving anchors to other moments would do to a campaign as it stands at `now` (business time). Changes nothing.
 * Throws MoveRefused.
 */
export async function reflow(
  tx: Tx,
  network: Network,
  campaignId: string,
  moves: Readonly<Record<string, string>>,
  now: Date,
): Promise<Reflow> {
  const current = await currentVersion(tx, network.id, campaignId)
  if (!current) throw new MoveRefused(`There is no campaign ${campaignId} in ${network.name}.`, 'gone')
  const { campaign, version, status } = current
  if (!movable.includes(status))
    throw new MoveRefused(`This campaign is ${status}: its dates do not move any more.`, 'status', { status })
  const anchors = changesOf(campaign, moves)
  const definition: CampaignDefinition = {
    ...campaign,
    anchor: { ...campaign.anchor, ...Object.fromEntries(anchors.map(({ name, to }) => [name, to])) },
  }
  for (const step of campaign.steps)
    if (wayOf(campaign, step) !== wayOf(definition, step))
      throw new MoveRefused(
        `Step ${step.name} would be counted otherwise than it is, from each person’s own entry or from a date for everybody: change the campaign’s file and give the step another name.`,
        'way',
        { step: step.name },
      )
  const launchedAt = current.launchedAt ?? now
  const places = await placesOf(tx, network.id)
  const before = { campaign, network, places, launchedAt }
  const after = { campaign: definition, network, places, launchedAt }
  // To those that are watched people come by themselves: their dates are each person's own.
  const rows = (await messagesOf(tx, network.id, campaignId)).filter(({ run }) => run !== 'watching')
  const begun = rows.filter(({ run }) => run !== 'waiting').map(({ id }) => id)
  const unclaimed = await unclaimedOf(tx, network.id, begun)
  const steps = rows.map((row) => movedStep(row, rows, before, after, now)).map((step) => withOpen(step, unclaimed))
  return {
    ...{ campaignId, version, status, anchors, definition },
    source: changedText(await sourceOf(tx, network.id, campaignId, version), {
      anchors: Object.fromEntries(anchors.map(({ name, to }) => [name, to])),
    }),
    steps: inOrder(steps),
    people: await peopleSteps(tx, network.id, campaignId, { before: campaign, after: definition }),
    challenge: anchors.length === 0 ? [] : await challengeOf(tx, campaignId, after, now),
  }
}

async function challengeOf(tx: Tx, campaignId: string, after: Side, now: Date): Promise<MovedChallengeDate[]> {
  const known = await datesOfChallenge(tx, after.network.id, campaignId)
  const dates = known && challengeDates(after.campaign, after.network, after.launchedAt)
  if (!dates) return []
  try {
    return movedChallengeDates(known, dates, now)
  } catch (error) {
    if (!(error instanceof ChallengeDatesRefused)) throw error
    throw new MoveRefused(error.message, error.code, error.dates)
  }
}

function changesOf(campaign: CampaignDefinition, moves: Readonly<Record<string, string>>): Reflow['anchors'] {
  const { timezone: _, ...anchors } = campaign.anchor as Record<string, string>
  const changed = Object.entries(moves).flatMap(([name, to]) => {
    const from = Object.hasOwn(anchors, name) ? anchors[name] : undefined
    if (from === undefined)
      throw new MoveRefused(
        `There is no anchor "${name}" in this campaign; it has ${Object.keys(anchors).join(', ')}.`,
        'anchor',
        {
          anchor: name,
        },
      )
    const parsed = parseMoment(to)
    if ('problem' in parsed) throw new MoveRefused(parsed.problem, 'date')
    if (parsed.moment.base.kind === 'now')
      throw new MoveRefused('Write the new date itself, such as 2027-01-18T08:30.', 'date')
    return from === to ? [] : [{ name, from, to }]
  })
  const anchor = { ...campaign.anchor, ...Object.fromEntries(changed.map(({ name, to }) => [name, to])) }
  const read = campaignDefinition.shape.anchor.safeParse(anchor)
  if (!read.success) throw new MoveRefused(read.error.issues[0]?.message ?? 'These dates cannot be read.', 'date')
  return changed
}

type Row = Awaited<ReturnType<typeof messagesOf>>[number]

const messagesOf = (tx: Tx, networkId: string, campaignId: string) =>
  tx
    .select({
      id: messages.id,
      step: messages.step,
      position: messages.position,
      occurrence: messages.occurrence,
      dueAt: messages.dueAt,
      expiresAt: messages.expiresAt,
      run: stepRuns.status,
    })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(asc(messages.dueAt), asc(messages.position))

async function sourceOf(tx: Tx, networkId: string, campaignId: string, version: number): Promise<string> {
  const [row] = await tx
    .select({ source: campaignVersions.source })
    .from(campaignVersions)
    .where(
      and(
        eq(campaignVersions.networkId, networkId),
        eq(campaignVersions.campaignId, campaignId),
        eq(campaignVersions.version, version),
      ),
    )
  return row?.source ?? ''
}

const withOpen = (step: MovedStep, unclaimed: ReadonlyMap<string, number>): MovedStep => {
  const open = unclaimed.get(step.messageId)
  return open === undefined ? step : { ...step, unclaimed: open }
}

interface Side {
  campaign: CampaignDefinition
  network: Network
  places: readonly Place[]
  launchedAt: Date
}

function movedStep(row: Row, rows: readonly Row[], before: Side, after: Side, now: Date): MovedStep {
  const { id: messageId, step: name, position, occurrence, dueAt: from } = row
  const common = { messageId, step: name, position, occurrence, from, becomes: occurrence, isSeries: false }
  const step = after.campaign.steps.find((one) => one.name === name)
  if (row.run !== 'waiting' || step?.at === undefined) return { ...common, to: from, fate: 'past' }
  const isSeries = isRecurring(step)
  const becomes = isSeries ? nextAfter(step, name, rows, after) : onlyOccurrence
  const to = becomes && firstMoment(after.campaign, step, after.places, after.network, after.launchedAt, becomes)
  if (!becomes || !to) return { ...common, isSeries, to: undefined, fate: 'skipped' }
  const moved = { ...common, isSeries, becomes, to, ...printOf(step, before, after) }
  if (to.getTime() === from.getTime()) return { ...moved, fate: 'stays' }
  const expires = step.expires === undefined ? undefined : durationMs(step.expires)
  if (expires !== undefined && to.getTime() + expires <= now.getTime()) return { ...moved, fate: 'skipped' }
  return { ...moved, fate: to < now ? 'now' : 'moves' }
}

/** Of a series whose dates moved: the first occurrence after those that have been. */
function nextAfter(step: StepDefinition, name: string, rows: readonly Row[], { campaign, network, launchedAt }: Side) {
  if (!isRecurring(step)) return onlyOccurrence
  const played = rows.filter((row) => row.step === name && row.run !== 'waiting').map((row) => row.occurrence)
  return nextOccurrence(campaign, step, network, launchedAt, played.sort().at(-1))
}

function printOf(step: StepDefinition, before: Side, after: Side): Pick<MovedStep, 'print'> {
  const was = before.campaign.steps.find((one) => one.name === step.name)
  if (!was || !isPrinted(step) || !isPrinted(was) || isRecurring(step)) return {}
  const old = printMoments(before.campaign, was, before.network, before.launchedAt)
  const made = printMoments(after.campaign, step, after.network, after.launchedAt)
  return { print: printDates.map((date) => ({ date, from: old[date], to: made[date] })) }
}

/**
 * Steps keep the order they had: one that would come before a step it came after waits until that one is due. Dates
 * that count from different anchors can cross when one of these moves alone.
 */
export function inOrder(steps: readonly MovedStep[]): MovedStep[] {
  let last: { at: Date; step: string } | undefined
  return steps.map((step) => {
    if (!step.to || step.isSeries || step.fate === 'skipped' || step.fate === 'past') return step
    if (last && step.to < last.at) return { ...step, to: last.at, fate: 'held' as const, after: last.step }
    last = { at: step.to, step: step.step }
    return step
  })
}
