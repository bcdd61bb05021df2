/** What a moved date, or a changed file, means for people under way, each counted from their own entry. */
import { and, asc, count, eq, gt, inArray } from 'drizzle-orm'
import { anchorsOf } from '../campaign/anchor.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { parseMoment } from '../campaign/schedule.ts'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { arrivals, journeys, messages, stepRuns } from '../db/schema.ts'
import { type Arrival, arrive, type Coming } from './arrive.ts'
import { watchingMessage } from './bring.ts'
import { calendarFor, momentAfterEntry, placesOfContacts } from './calendar.ts'
import { entryAnchor, wayOf } from './ways.ts'

/** A step people come to counted from their own entry, and whether its date is another now. */
export interface PeopleStep {
  step: string
  /** On their way to it: nobody has decided for them yet. */
  people: number
  /** `moves` where what their date is counted by has changed; counted from their entry alone, it stays. */
  fate: 'moves' | 'stays'
}

/** How the date of a step is written, from the step itself through every anchor down to the entry. */
export function dateWritten(campaign: CampaignDefinition, step: Pick<StepDefinition, 'at'>): string[] {
  const anchors = anchorsOf(campaign)
  const texts: string[] = []
  for (let text = step.at; text !== undefined && texts.length < 100; ) {
    texts.push(text)
    const parsed = parseMoment(text)
    if ('problem' in parsed || parsed.moment.base.kind !== 'anchor') break
    const { name } = parsed.moment.base
    text = name !== entryAnchor && Object.hasOwn(anchors, name) ? anchors[name] : undefined
  }
  return texts
}

const enteredSteps = (campaign: CampaignDefinition): (StepDefinition & { at: string })[] =>
  campaign.steps.flatMap((step) =>
    wayOf(campaign, step) === 'entered' && step.at !== undefined ? [{ ...step, at: step.at }] : [],
  )

/** The steps of people's own entry, with how many are on their way to each and whether a change moves them. */
export async function peopleSteps(
  tx: Tx,
  networkId: string,
  campaignId: string,
  { before, after }: { before: CampaignDefinition; after: CampaignDefinition },
): Promise<PeopleStep[]> {
  const own = enteredSteps(after)
  const messageOf = await watchingMessage(
    tx,
    networkId,
    campaignId,
    own.map(({ name }) => name),
  )
  if (messageOf.size === 0) return []
  const rows = await tx
    .select({ messageId: arrivals.messageId, people: count() })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.messageId, [...messageOf.values()]),
        eq(arrivals.kind, 'step'),
        eq(arrivals.state, 'waiting'),
      ),
    )
    .groupBy(arrivals.messageId)
  const waiting = new Map(rows.map((row) => [row.messageId, row.people]))
  return own.flatMap((step): PeopleStep[] => {
    const was = before.steps.find(({ name }) => name === step.name)
    const messageId = messageOf.get(step.name)
    if (!was || messageId === undefined) return []
    const isSame = dateWritten(before, was).join('\n') === dateWritten(after, step).join('\n')
    return [{ step: step.name, people: waiting.get(messageId) ?? 0, fate: isSame ? 'stays' : 'moves' }]
  })
}

/** Whether a change of a campaign concerns anybody who is under way in it. */
export function concernsPeople(before: CampaignDefinition, after: CampaignDefinition): boolean {
  const written = (campaign: CampaignDefinition) =>
    enteredSteps(campaign)
      .map((step) => [step.name, ...dateWritten(campaign, step)].join('\n'))
      .sort()
      .join('\n\n')
  return written(before) !== written(after)
}

/** What becomes of one person's coming to a step whose date is another now. Pure. */
export function reflowed(
  arrival: Pick<Arrival, 'state' | 'dueAt'> | undefined,
  moment: Date,
  now: Date,
): 'keep' | 'move' | 'begin' {
  // A step they have never been on the way to is new to the campaign: it comes to whoever has not passed its moment.
  if (!arrival) return moment > now ? 'begin' : 'keep'
  return arrival.state === 'waiting' && arrival.dueAt.getTime() !== moment.getTime() ? 'move' : 'keep'
}

export interface ReflowTarget {
  campaignId: string
  campaign: CampaignDefinition
  launchedAt: Date
}

/** Rows a transaction writes at most. */
const mostRows = 400

/**
 * Counts the dates of a page of people under way anew, by the campaign as it stands: what nobody has decided for them
 * moves, what they have had stays had, a step that is no more passes them by, a new one awaits them. Done twice it finds
 * the same. Returns the last of the page, undefined when nobody is left.
 */
export async function reflowPage(
  tx: Tx,
  network: Network,
  { campaignId, campaign, launchedAt }: ReflowTarget,
  after: string,
  now: Date,
): Promise<{ last: string; looked: number } | undefined> {
  const networkId = network.id
  const steps = enteredSteps(campaign)
  const page = await tx
    .select({
      contactId: journeys.contactId,
      round: journeys.round,
      enteredAt: journeys.enteredAt,
      cause: journeys.cause,
      data: journeys.data,
    })
    .from(journeys)
    .where(
      and(
        eq(journeys.networkId, networkId),
        eq(journeys.campaignId, campaignId),
        eq(journeys.state, 'under_way'),
        gt(journeys.contactId, after),
      ),
    )
    .orderBy(asc(journeys.contactId))
    .limit(Math.max(1, Math.floor(mostRows / Math.max(1, steps.length))))
  if (page.length === 0) return undefined
  const ids = page.map(({ contactId }) => contactId)
  await passBy(tx, networkId, campaignId, ids, now)
  const places = await placesOfContacts(tx, networkId, ids)
  const messageOf = await watchingMessage(
    tx,
    networkId,
    campaignId,
    steps.map(({ name }) => name),
  )
  const known = await arrivalsOf(tx, networkId, [...messageOf.values()], ids)
  const moved: Pick<Arrival, 'networkId' | 'id' | 'dueAt'>[] = []
  const begun: Coming[] = []
  for (const { contactId, round, enteredAt, cause, data } of page) {
    const place = places.get(contactId)
    if (!place) continue
    const calendar = calendarFor(campaign, place, network)
    for (const step of steps) {
      const messageId = messageOf.get(step.name)
      if (messageId === undefined) continue
      const arrival = known.get(`${messageId} ${contactId} ${round}`)
      const dueAt = momentAfterEntry(campaign, step.at, { at: enteredAt, launchedAt }, calendar)
      const fate = reflowed(arrival, dueAt, now)
      if (fate === 'move' && arrival) moved.push({ networkId, id: arrival.id, dueAt })
      if (fate === 'begin')
        begun.push({
          ...{ campaignId, messageId, contactId, kind: 'step', occurrence: String(round) },
          ...{ dueAt, causeAt: enteredAt, cause, data },
        })
    }
  }
  await tx.updateRows(arrivals, { set: ['dueAt'], where: ['networkId', 'id'], is: { state: 'waiting' } }, moved)
  await arrive(tx, networkId, begun, now)
  return { last: ids.at(-1)!, looked: page.length }
}

async function arrivalsOf(tx: Tx, networkId: string, messageIds: readonly string[], contactIds: readonly string[]) {
  if (messageIds.length === 0) return new Map<string, Arrival>()
  const rows = await tx
    .select()
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.messageId, [...messageIds]),
        oneOf(arrivals.contactId, [...contactIds]),
        eq(arrivals.kind, 'step'),
      ),
    )
  return new Map(rows.map((row) => [`${row.messageId} ${row.contactId} ${row.occurrence}`, row]))
}

/** Who is on the way to a step that was taken away waits for nothing, and is free to enter again. */
async function passBy(tx: Tx, networkId: string, campaignId: string, contactIds: readonly string[], now: Date) {
  const gone = await tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId), eq(stepRuns.status, 'canceled')))
  if (gone.length === 0) return
  await tx
    .update(arrivals)
    .set({ state: 'passed', reason: 'step_removed', settledAt: now })
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(
          arrivals.messageId,
          gone.map(({ id }) => id),
        ),
        oneOf(arrivals.contactId, [...contactIds]),
        eq(arrivals.state, 'waiting'),
      ),
    )
}
