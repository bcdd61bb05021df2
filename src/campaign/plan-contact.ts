import { type Person, readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { beliefsOf } from '../engagement/record.ts'
import { findContact } from '../network/timeline.ts'
import { plannedHoldout } from '../outbox/holdout.ts'
import { audienceOf } from '../outbox/step.ts'
import type { Because, Decision, Fallback, TraceEntry } from '../routing/types.ts'
import { factsOf } from '../segment/facts.ts'
import { type ContactFacts, matches } from '../segment/matches.ts'
import type { ChannelName } from '../words.ts'
import type { CampaignDefinition } from './definition.ts'
import { LaunchRefused } from './launch.ts'
import { decidePlanned, plannedSteps } from './planned-steps.ts'
import { ownMessages, plannedTouches } from './planned-touches.ts'

export interface ContactPlan {
  contact: string
  /** False when the campaign is not for them as things stand: the steps then say what would happen if it were. */
  isInAudience: boolean
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

/** The dry run for one person, with every reason. Throws LaunchRefused when there is no such contact. */
export async function planContact(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  externalId: string,
  launchedAt: Date,
): Promise<ContactPlan> {
  const { db } = context
  const contact = await findContact(db, network.id, externalId)
  const [person] = contact ? await readPeople(db, network.id, [contact.id]) : []
  if (!contact || !person)
    throw new LaunchRefused(
      `No contact ${externalId} in ${network.name}: give the external id of the file, or the id that relais contact shows.`,
    )
  const believed = await beliefsOf(db, network.id, [{ id: contact.id, profile: contact.profile }], launchedAt)
  const facts = (await factsOf(db, network.id, [contact.id], { now: launchedAt })).get(contact.id) as ContactFacts
  const touches = await plannedTouches(db, network.id, [person], await ownMessages(db, network.id, campaign.name))
  const holdout = await plannedHoldout(db, network, campaign)
  const steps: ContactPlan['steps'] = []
  for (const planned of await plannedSteps(context, network, campaign, launchedAt)) {
    const { to } = planned.step.definition
    if (to !== undefined && !matches(to, facts)) continue
    const beliefs = believed.get(contact.id) ?? {}
    const decision = decidePlanned(context, planned, person, beliefs, touches, launchedAt, holdout)
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
  const isInAudience = person.contact.isActive && (await isFor(context, network, campaign, person, facts))
  return { contact: externalId, isInAudience, steps }
}

async function isFor(
  { db }: Context,
  network: Network,
  { audience }: CampaignDefinition,
  { contact }: Person,
  facts: ContactFacts,
): Promise<boolean> {
  if ('segment' in audience) return facts.segments.has(audience.segment)
  if ('rule' in audience) return matches(audience.rule, facts)
  const { siteId, contactId } = await audienceOf(db, network.id, audience)
  return contact.siteId === siteId || contact.id === contactId
}
