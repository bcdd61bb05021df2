import { and, desc, eq, or } from 'drizzle-orm'
import type { Audience } from '../audience/page.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, contacts, messages, policies, segments, sites, stepRuns } from '../db/schema.ts'
import { isAnswer } from '../inbox/answer-step.ts'
import { preferSenders, type Sender, sendersOf } from '../network/senders.ts'
import { defaultPolicy } from '../routing/default-policy.ts'
import { policySchema } from '../routing/policy.ts'
import type { Policy, RoutableMessage } from '../routing/types.ts'
import { durationMs } from '../segment/duration.ts'
import type { CampaignStatus } from '../words.ts'
import type { AwaitedLetters } from './letters.ts'

export type Message = typeof messages.$inferSelect

/** All that is the same for everyone a step reaches. */
export interface Step {
  network: Network
  campaignId: string
  campaignStatus: CampaignStatus
  /** Somebody canceled this step alone. */
  isCanceled?: boolean
  campaign: CampaignDefinition
  definition: StepDefinition
  message: Message
  routable: RoutableMessage
  policy: Policy
  senders: Sender[]
  /** When the campaign was launched: what `now` means in its moments. */
  launchedAt: Date | null
  /** The share of the audience each variant is tried on, where the step is an experiment. */
  experiment?: { share: number }
  /** Of the people at hand, where the step waits for letters. */
  letters?: AwaitedLetters
}

/** What routing reads of a message. */
export const routableMessage = (message: Message, definition: StepDefinition): RoutableMessage => ({
  id: message.id,
  campaign: '',
  step: message.step,
  occurrence: message.occurrence,
  class: message.class,
  urgency: message.urgency,
  intent: message.intent,
  topic: message.topic,
  channels: definition.channels,
  asksReply: definition.asksReply,
  // Whoever wrote from a mailbox that others share is answered there.
  ...(isAnswer(message) ? { isPersonal: false } : {}),
  onQuiet: definition.onQuiet,
  expiresAt: message.expiresAt ?? undefined,
  fallback: definition.fallback && {
    ifNot: definition.fallback.ifNot,
    afterMs: durationMs(definition.fallback.after) as number,
  },
})

/** The newest policy of a network; the shipped one is version 1 for a network that has none of its own. */
export async function currentPolicy(tx: Tx, networkId: string): Promise<Policy> {
  const [row] = await tx
    .select({ policy: policies.policy })
    .from(policies)
    .where(eq(policies.networkId, networkId))
    .orderBy(desc(policies.version))
    .limit(1)
  return row ? policySchema.parse(row.policy) : defaultPolicy
}

/** The id of the segment an audience names; undefined when it is a rule of its own. */
export async function segmentIdOf(tx: Tx, networkId: string, audience: CampaignDefinition['audience']) {
  if (!('segment' in audience)) return undefined
  const [row] = await tx
    .select({ id: segments.id })
    .from(segments)
    .where(and(eq(segments.networkId, networkId), eq(segments.name, audience.segment)))
  if (!row)
    throw new Error(
      `The segment ${audience.segment} is not in this network; save it with: relais segment save FILE.yaml`,
    )
  return row.id
}

/** Whom a campaign is for, by the ids its file's names stand for. Throws when there is no such segment, site or person. */
export async function audienceOf(
  tx: Tx,
  networkId: string,
  audience: CampaignDefinition['audience'],
): Promise<Audience> {
  if ('site' in audience) {
    const siteId = await siteIdOf(tx, networkId, audience.site)
    if (siteId === undefined) throw new Error(`There is no site ${audience.site} in this network.`)
    return { networkId, siteId }
  }
  if ('contact' in audience) {
    const contactId = await contactIdOf(tx, networkId, audience.contact)
    if (contactId === undefined) throw new Error(`There is no contact ${audience.contact} in this network.`)
    return { networkId, contactId }
  }
  return { networkId, segmentId: await segmentIdOf(tx, networkId, audience) }
}

/** A site by its code in the partner file, or by our own id. */
export async function siteIdOf(tx: Tx, networkId: string, named: string): Promise<string | undefined> {
  const rows = await tx
    .select({ id: sites.id, externalId: sites.externalId })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), or(eq(sites.id, named), eq(sites.externalId, named))))
    .limit(2)
  return (rows.find((row) => row.externalId === named) ?? rows[0])?.id
}

/** A person by their identifier in the partner file, or by our own id. */
export async function contactIdOf(tx: Tx, networkId: string, named: string): Promise<string | undefined> {
  const known = eq(contacts.networkId, networkId)
  const [own] = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(known, eq(contacts.id, named)))
  if (own) return own.id
  const [row] = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(known, eq(contacts.externalId, named)))
    .limit(1)
  return row?.id
}

/** Reads a message with the campaign version it belongs to. */
export async function loadStep(tx: Tx, network: Network, messageId: string): Promise<Step> {
  const [row] = await tx
    .select({ message: messages, campaign: campaigns, version: campaignVersions, run: stepRuns.status })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, messages.networkId),
        eq(campaignVersions.campaignId, messages.campaignId),
        eq(campaignVersions.version, messages.campaignVersion),
      ),
    )
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, network.id), eq(messages.id, messageId)))
  if (!row) throw new Error(`There is no message ${messageId} in network ${network.name}.`)
  const campaign = row.version.definition as CampaignDefinition
  const definition = row.message.definition as StepDefinition
  return {
    network,
    campaignId: row.campaign.id,
    campaignStatus: row.campaign.status,
    isCanceled: row.run === 'canceled',
    launchedAt: row.campaign.launchedAt,
    campaign,
    definition,
    message: row.message,
    routable: { ...routableMessage(row.message, definition), campaign: campaign.name },
    policy: await currentPolicy(tx, network.id),
    senders: preferSenders(await sendersOf(tx, network.id), campaign.sender),
  }
}
