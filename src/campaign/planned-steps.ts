import type { Person } from '../audience/people.ts'
import { audienceSize } from '../audience/size.ts'
import type { Context, Network } from '../context.ts'
import { newId } from '../db/index.ts'
import { shareFor } from '../experiment/draw.ts'
import { plannedParts } from '../experiment/planned.ts'
import { isExperimental } from '../experiment/variant.ts'
import { preferSenders, sendersOf } from '../network/senders.ts'
import { type Contents, loadContents } from '../outbox/contents.ts'
import { decide } from '../outbox/decide.ts'
import type { Holdout } from '../outbox/holdout.ts'
import { currentPolicy, type Message, routableMessage, type Step } from '../outbox/step.ts'
import type { Belief, Decision } from '../routing/types.ts'
import type { ChannelName } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { expiryOf } from './message-rows.ts'
import { earliestFor, firstMoment, placesOf } from './moments.ts'
import { catalogOf } from './network-templates.ts'
import { firstOccurrences, isRecurring, onlyOccurrence } from './occurrences.ts'
import type { PlannedTouches } from './planned-touches.ts'

/** A step as it would be were the campaign launched at an instant; nothing of it is stored. */
export interface Planned {
  step: Step
  contents: Contents
  /** When it begins for the first of those it is for; undefined when a condition starts it. */
  at: Date | undefined
}

/** A step that recurs is planned so many times; after that a plan says how many are left out. */
export const mostOccurrences = 24

/** How much of a recurring step a plan shows. */
export interface PlannedSeries {
  step: string
  shown: number
  /** How often it comes in all; null when it has no end, or comes more than a thousand times. */
  total: number | null
}

const countedAtMost = 1_000

/** What of a campaign's recurring steps its plan shows. */
export const plannedSeries = (campaign: CampaignDefinition, network: Network, launchedAt: Date): PlannedSeries[] =>
  campaign.steps.filter(isRecurring).map((step) => {
    const { dates, isAll } = firstOccurrences(campaign, step, network, launchedAt, countedAtMost)
    return { step: step.name, shown: Math.min(dates.length, mostOccurrences), total: isAll ? dates.length : null }
  })

export async function plannedSteps(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  launchedAt: Date,
): Promise<Planned[]> {
  const places = await placesOf(context.db, network.id)
  const policy = await currentPolicy(context.db, network.id)
  const senders = preferSenders(await sendersOf(context.db, network.id), campaign.sender)
  const catalog = await catalogOf(context, network, campaign)
  const made: Planned[] = []
  const momentOf = (definition: StepDefinition) => firstMoment(campaign, definition, places, network, launchedAt)
  const share = campaign.steps.some(isExperimental)
    ? shareFor(await audienceSize(context, network, campaign.audience, launchedAt))
    : undefined
  const planned = campaign.steps.flatMap((definition, position) => {
    if (isExperimental(definition)) return plannedParts(definition, position, network, momentOf)
    const occurrences = isRecurring(definition)
      ? firstOccurrences(campaign, definition, network, launchedAt, mostOccurrences).dates
      : [onlyOccurrence]
    return occurrences.map((occurrence) => ({
      ...{ definition, position, occurrence },
      at: firstMoment(campaign, definition, places, network, launchedAt, occurrence),
    }))
  })
  // What is sent before weighs on what comes after: a series is planned among the other steps, not before them.
  if (campaign.steps.some((step) => isRecurring(step) || isExperimental(step)))
    planned.sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity) || a.position - b.position)
  for (const { definition, position, occurrence, at } of planned) {
    const message = messageOf(network, campaign, definition, { position, occurrence, dueAt: at ?? launchedAt })
    const step: Step = {
      network,
      campaignId: '',
      campaignStatus: 'running',
      launchedAt,
      campaign,
      definition,
      message,
      routable: { ...routableMessage(message, definition), campaign: campaign.name },
      policy,
      senders,
      ...(share !== undefined && isExperimental(definition) ? { experiment: { share } } : {}),
    }
    made.push({ step, contents: await loadContents(catalog, definition.template), at })
  }
  return made
}

const messageOf = (
  network: Network,
  campaign: CampaignDefinition,
  step: StepDefinition,
  { position, occurrence, dueAt }: { position: number; occurrence: string; dueAt: Date },
): Message => ({
  networkId: network.id,
  id: newId(),
  campaignId: '',
  campaignVersion: 1,
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
  createdAt: dueAt,
})

/** What the step would decide for a person; what it would send weighs on what is planned after it. */
export function decidePlanned(
  context: Context,
  { step, contents }: Planned,
  person: Person,
  beliefs: Partial<Record<ChannelName, Belief>>,
  touches: PlannedTouches,
  launchedAt: Date,
  holdout: Holdout | undefined,
): Decision {
  const decision = decide({ step, contents, publicUrl: context.publicUrl, shortUrl: context.shortUrl }, person, {
    beliefs,
    touches: touches.of(person),
    isSpent: false,
    holdout: holdout?.has(person.site.id) ? holdout : undefined,
    now: earliestFor(step, person.site, launchedAt),
  })
  if (decision.channel && decision.at)
    touches.add(person, {
      at: decision.at.getTime(),
      channel: decision.channel,
      class: step.message.class,
      message: step.message.id,
    })
  return decision
}
