import { and, eq } from 'drizzle-orm'
import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { newId } from '../db/index.ts'
import { contacts } from '../db/schema.ts'
import { beliefsOf } from '../engagement/record.ts'
import { sendersOf } from '../network/senders.ts'
import { type Contents, loadContents } from '../outbox/contents.ts'
import { decide } from '../outbox/decide.ts'
import { currentPolicy, type Message, routableMessage, type Step, segmentIdOf } from '../outbox/step.ts'
import type { Because, Belief, Decision, Fallback, Touch, TraceEntry } from '../routing/types.ts'
import { durationMs } from '../segment/duration.ts'
import { factsOf } from '../segment/facts.ts'
import { type ContactFacts, matches } from '../segment/matches.ts'
import { type ChannelName, channelNames } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { firstMoment, LaunchRefused, placesOf } from './launch.ts'
import { earliestFor } from './moments.ts'

const pageSize = 200

/** What a step would do, summed over its audience. Costs are minor units, rounded once. */
export interface PlannedStep {
  step: string
  at: string | null
  audience: number
  byChannel: Record<ChannelName, number>
  /** Letters and screens that cover several people count once here. */
  deliveries: number
  deferred: number
  unreachable: number
  reasons: { code: string; count: number }[]
  cost: { currency: string; min: number; expected: number; max: number }
}

export interface CampaignPlan {
  campaign: string
  audience: number
  steps: PlannedStep[]
}

export interface ContactPlan {
  contact: string
  steps: {
    step: string
    at: string | null
    outcome: Decision['outcome']
    channel: ChannelName | null
    because: Because[]
    fallbacks: Fallback[]
    trace: TraceEntry[]
  }[]
}

interface Planned {
  step: Step
  contents: Contents
  at: Date | undefined
}

/** A step as it would be were the campaign launched now; nothing of it is stored. */
async function plannedSteps(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  launchedAt: Date,
): Promise<Planned[]> {
  const places = await placesOf(context.db, network.id)
  const policy = await currentPolicy(context.db, network.id)
  const senders = await sendersOf(context.db, network.id)
  const segmentId = await segmentIdOf(context.db, network.id, campaign.audience)
  const made: Planned[] = []
  for (const [position, definition] of campaign.steps.entries()) {
    const at = firstMoment(campaign, definition, places, network, launchedAt)
    const message = messageOf(network, campaign, definition, position, at ?? launchedAt)
    const routable = { ...routableMessage(message, definition), campaign: campaign.name }
    const step: Step = {
      network,
      campaignId: '',
      launchedAt,
      campaign,
      definition,
      message,
      routable,
      policy,
      senders,
      segmentId,
    }
    made.push({ step, contents: await loadContents(context.templates, definition.template), at })
  }
  return made
}

const messageOf = (
  network: Network,
  campaign: CampaignDefinition,
  step: StepDefinition,
  position: number,
  dueAt: Date,
): Message => ({
  networkId: network.id,
  id: newId(),
  campaignId: '',
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
  createdAt: dueAt,
})

interface Tally extends Omit<PlannedStep, 'reasons' | 'cost' | 'step' | 'at'> {
  reasons: Map<string, number>
  certainMillis: number
  expectedMillis: number
  maxMillis: number
  /** The outlet last met, by channel: an outlet's letter is one delivery however many it covers. */
  outlets: Set<string>
}

const emptyTally = (): Tally => ({
  audience: 0,
  byChannel: Object.fromEntries(channelNames.map((name) => [name, 0])) as Record<ChannelName, number>,
  deliveries: 0,
  deferred: 0,
  unreachable: 0,
  reasons: new Map(),
  certainMillis: 0,
  expectedMillis: 0,
  maxMillis: 0,
  outlets: new Set(),
})

/**
 * The dry run: who would get what, on which channel, when, why and at what cost. Each person goes through all
 * steps in order, so that what one step sends weighs on the next. It assumes that nobody acts meanwhile: a step
 * for those who have not registered counts everyone, its minimum cost nothing. Writes nothing.
 */
export async function planCampaign(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  launchedAt: Date,
): Promise<CampaignPlan> {
  const steps = await plannedSteps(context, network, campaign, launchedAt)
  const tallies = steps.map(emptyTally)
  const segmentId = steps[0]!.step.segmentId
  let audience = 0
  for (let after = ''; ; ) {
    const ids = await audiencePage(context.db, { networkId: network.id, segmentId }, after, pageSize)
    const people = await readPeople(context.db, network.id, ids)
    audience += await planPage(context, campaign, steps, tallies, people, launchedAt)
    if (ids.length < pageSize) break
    after = ids.at(-1) as string
  }
  return { campaign: campaign.name, audience, steps: steps.map((step, index) => summed(step, tallies[index]!)) }
}

async function planPage(
  context: Context,
  campaign: CampaignDefinition,
  steps: Planned[],
  tallies: Tally[],
  people: Person[],
  launchedAt: Date,
): Promise<number> {
  if (people.length === 0) return 0
  const networkId = people[0]!.contact.networkId
  const facts = await factsOf(
    context.db,
    networkId,
    people.map(({ contact }) => contact.id),
    { now: launchedAt },
  )
  const beliefs = await beliefsOf(
    context.db,
    networkId,
    people.map(({ contact }) => ({ id: contact.id, profile: contact.profile })),
    launchedAt,
  )
  let audience = 0
  for (const person of people) {
    const known = facts.get(person.contact.id) as ContactFacts
    if ('rule' in campaign.audience && !matches(campaign.audience.rule, known)) continue
    audience += 1
    const touches: Touch[] = []
    for (const [index, planned] of steps.entries()) {
      if (planned.step.definition.to !== undefined && !matches(planned.step.definition.to, known)) continue
      const decision = decideFor(context, planned, person, beliefs.get(person.contact.id) ?? {}, touches, launchedAt)
      count(tallies[index]!, planned, person, decision, beliefs.get(person.contact.id) ?? {})
    }
  }
  return audience
}

function decideFor(
  context: Context,
  { step, contents }: Planned,
  person: Person,
  beliefs: Partial<Record<ChannelName, Belief>>,
  touches: Touch[],
  launchedAt: Date,
): Decision {
  const decision = decide({ step, contents, publicUrl: context.publicUrl, shortUrl: context.shortUrl }, person, {
    beliefs,
    touches: { contact: touches, site: touches },
    isSpent: false,
    now: earliestFor(step, person.site, launchedAt),
  })
  if (decision.channel && decision.at)
    touches.push({
      at: decision.at.getTime(),
      channel: decision.channel,
      class: step.message.class,
      message: step.message.id,
    })
  return decision
}

function count(
  tally: Tally,
  { step }: Planned,
  person: Person,
  decision: Decision,
  beliefs: Partial<Record<ChannelName, Belief>>,
) {
  tally.audience += 1
  if (!decision.channel) {
    tally.unreachable += 1
    const code =
      decision.because.find((because) => because.code !== 'unreachable')?.code ??
      decision.because[0]?.code ??
      'unreachable'
    tally.reasons.set(code, (tally.reasons.get(code) ?? 0) + 1)
    return
  }
  tally.byChannel[decision.channel] += 1
  if (decision.outcome === 'defer') tally.deferred += 1
  const outletKey = decision.recipientKey?.startsWith('site:') ? `${decision.channel} ${person.site.id}` : undefined
  if (outletKey && tally.outlets.has(outletKey)) return
  if (outletKey) tally.outlets.add(outletKey)
  tally.deliveries += 1
  tally.certainMillis += decision.costMillis
  tally.expectedMillis += decision.costMillis
  tally.maxMillis += decision.costMillis
  const [next] = decision.fallbacks
  if (!next) return
  const price = step.policy.values.costs.value[next.channel]
  tally.maxMillis += price
  tally.expectedMillis += price * (1 - (beliefs[decision.channel]?.mean ?? 0))
}

function summed({ step, at }: Planned, tally: Tally): PlannedStep {
  const minor = (millis: number) => Math.round(millis / 1_000)
  const { reasons, certainMillis, expectedMillis, maxMillis, outlets: _, ...counts } = tally
  return {
    step: step.message.step,
    at: at?.toISOString() ?? null,
    ...counts,
    reasons: [...reasons].map(([code, total]) => ({ code, count: total })).sort((a, b) => b.count - a.count),
    cost: {
      currency: step.policy.values.currency,
      min: step.definition.to === undefined ? minor(certainMillis) : 0,
      expected: minor(expectedMillis),
      max: minor(maxMillis),
    },
  }
}

/** The dry run for one person, with every reason. Throws LaunchRefused when there is no such contact. */
export async function planContact(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  externalId: string,
  launchedAt: Date,
): Promise<ContactPlan> {
  const [row] =
    (await findContact(context, network.id, contacts.externalId, externalId)) ??
    (await findContact(context, network.id, contacts.id, externalId)) ??
    []
  if (!row)
    throw new LaunchRefused(
      `No contact ${externalId} in ${network.name}: give the external id of the file, or the id that relais contact shows.`,
    )
  const [person] = await readPeople(context.db, network.id, [row.id])
  const beliefs =
    (await beliefsOf(context.db, network.id, [{ id: row.id, profile: person!.contact.profile }], launchedAt)).get(
      row.id,
    ) ?? {}
  const facts = (await factsOf(context.db, network.id, [row.id], { now: launchedAt })).get(row.id) as ContactFacts
  const touches: Touch[] = []
  const steps: ContactPlan['steps'] = []
  for (const planned of await plannedSteps(context, network, campaign, launchedAt)) {
    if (planned.step.definition.to !== undefined && !matches(planned.step.definition.to, facts)) continue
    const decision = decideFor(context, planned, person!, beliefs, touches, launchedAt)
    steps.push({
      step: planned.step.message.step,
      at: decision.at?.toISOString() ?? null,
      outcome: decision.outcome,
      channel: decision.channel ?? null,
      because: decision.because,
      fallbacks: decision.fallbacks,
      trace: decision.trace,
    })
  }
  return { contact: externalId, steps }
}

const findContact = async (
  context: Context,
  networkId: string,
  column: typeof contacts.externalId | typeof contacts.id,
  value: string,
) => {
  const rows = await context.db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(column, value)))
    .limit(1)
  return rows.length > 0 ? rows : undefined
}
