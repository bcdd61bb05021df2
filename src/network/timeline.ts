import { and, asc, desc, eq, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import {
  addresses,
  campaigns,
  contactAddresses,
  contacts,
  decisions,
  deliveries,
  deliveryMembers,
  events,
  messages,
} from '../db/schema.ts'
import type { Because } from '../routing/types.ts'
import type { ChannelName, DeliveryStatus, EventType } from '../words.ts'
import { readPhone } from './phones.ts'
import { addressHash } from './suppression.ts'

export type TimelineEntry =
  | {
      at: Date
      kind: 'decision'
      campaign: string
      step: string
      outcome: string
      channel: ChannelName | null
      because: Because[]
    }
  | {
      at: Date
      kind: 'delivery'
      campaign: string
      step: string
      channel: ChannelName
      status: DeliveryStatus
      deliveryId: string
    }
  | {
      at: Date
      kind: 'event'
      type: EventType
      channel: ChannelName | null
      verdict: string | null
      data: Record<string, unknown>
    }

/** Most entries of each kind a timeline shows; one person has hundreds, not millions. */
const most = 500

/** A contact by id, by the file's external id, or by a mailbox or mobile that is theirs alone. */
export async function findContact(tx: Tx, networkId: string, named: string) {
  const [byId] = await tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), or(eq(contacts.id, named), eq(contacts.externalId, named))))
    .limit(1)
  if (byId) return byId
  const kind = named.includes('@') ? 'email' : 'mobile'
  const phone = kind === 'mobile' ? readPhone(named) : undefined
  const value = kind === 'email' ? named.trim().toLowerCase() : phone && 'e164' in phone ? phone.e164 : undefined
  if (value === undefined) return undefined
  const holders = await tx
    .select({ contact: contacts })
    .from(addresses)
    .innerJoin(
      contactAddresses,
      and(eq(contactAddresses.networkId, addresses.networkId), eq(contactAddresses.addressId, addresses.id)),
    )
    .innerJoin(contacts, and(eq(contacts.networkId, addresses.networkId), eq(contacts.id, contactAddresses.contactId)))
    .where(and(eq(addresses.networkId, networkId), eq(addresses.hash, addressHash(kind, value))))
    .limit(2)
  return holders.length === 1 ? holders[0]!.contact : undefined
}

/** What was decided for a contact, what was sent and what came back, in time order; the newest `most` of each. */
export async function timelineOf(tx: Tx, networkId: string, contactId: string): Promise<TimelineEntry[]> {
  const inMessages = and(eq(messages.networkId, networkId), eq(messages.networkId, campaigns.networkId))
  const decided = await tx
    .select({ decision: decisions, step: messages.step, campaign: campaigns.name })
    .from(decisions)
    .innerJoin(messages, eq(messages.id, decisions.messageId))
    .innerJoin(campaigns, and(inMessages, eq(campaigns.id, messages.campaignId)))
    .where(and(eq(decisions.networkId, networkId), eq(decisions.contactId, contactId)))
    .orderBy(desc(decisions.createdAt))
    .limit(most)
  const sent = await tx
    .select({ delivery: deliveries, step: messages.step, campaign: campaigns.name })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .innerJoin(messages, eq(messages.id, deliveries.messageId))
    .innerJoin(campaigns, and(inMessages, eq(campaigns.id, messages.campaignId)))
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.contactId, contactId)))
    .orderBy(desc(deliveries.createdAt))
    .limit(most)
  const happened = await tx
    .select()
    .from(events)
    .where(and(eq(events.networkId, networkId), eq(events.contactId, contactId)))
    .orderBy(desc(events.occurredAt), asc(events.id))
    .limit(most)
  const entries: TimelineEntry[] = [
    ...decided.map(({ decision, step, campaign }) => ({
      at: decision.createdAt,
      kind: 'decision' as const,
      campaign,
      step,
      outcome: decision.outcome,
      channel: decision.channel,
      because: decision.because,
    })),
    ...sent.map(({ delivery, step, campaign }) => ({
      at: delivery.sentAt ?? delivery.dueAt,
      kind: 'delivery' as const,
      campaign,
      step,
      channel: delivery.channel,
      status: delivery.status,
      deliveryId: delivery.id,
    })),
    ...happened.map((event) => ({
      at: event.occurredAt,
      kind: 'event' as const,
      type: event.type,
      channel: event.channel,
      verdict: event.verdict,
      data: event.data,
    })),
  ]
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime())
}
