import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import {
  addresses,
  consents,
  contactAddresses,
  contacts,
  decisions,
  deliveries,
  deliveryMembers,
  engagements,
  events,
  messages,
  segmentMembers,
  segments,
  sites,
} from '../../../db/schema.ts'
import { learningOf } from '../../../engagement/defaults.ts'
import { beliefsOf, boundsOf } from '../../../engagement/record.ts'
import { conversationsOf } from '../../../inbox/found-by.ts'

const pageSize = 30

/** A contact with addresses, consents as they stand, segments, and engagement as of `now` (business time). */
export async function findContact(db: Db, networkId: string, id: string, now: Date) {
  const [row] = await db
    .select({ contact: contacts, site: sites })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, id)))
  if (!row) return undefined
  const ledger = await db
    .select()
    .from(consents)
    .where(and(eq(consents.networkId, networkId), eq(consents.contactId, id)))
    .orderBy(desc(consents.occurredAt), desc(consents.id))
    .limit(200)
  const latest = new Map<string, (typeof ledger)[number]>()
  for (const entry of ledger) {
    const key = `${entry.channel} ${entry.purpose}`
    if (!latest.has(key)) latest.set(key, entry)
  }
  const { kappa } = await learningOf(db, networkId)
  const beliefs = (await beliefsOf(db, networkId, [{ id, profile: row.contact.profile }], now)).get(id) ?? {}
  const learnt = await db
    .select()
    .from(engagements)
    .where(and(eq(engagements.networkId, networkId), eq(engagements.contactId, id)))
  return {
    ...row,
    consents: [...latest.values()],
    conversations: await conversationsOf(db, networkId, id),
    addresses: await db
      .select({
        id: addresses.id,
        kind: addresses.kind,
        value: addresses.normalised,
        status: addresses.status,
        isShared: addresses.isShared,
        rank: contactAddresses.rank,
      })
      .from(contactAddresses)
      .innerJoin(
        addresses,
        and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
      )
      .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.contactId, id)))
      .orderBy(asc(contactAddresses.kind), asc(contactAddresses.rank)),
    engagement: learnt.map((one) => {
      const belief = beliefs[one.channel]
      return { ...one, expected: belief && { ...belief, ...boundsOf(belief, kappa) } }
    }),
    segments: await db
      .select({ name: segments.name, title: segments.title })
      .from(segmentMembers)
      .innerJoin(
        segments,
        and(eq(segments.networkId, segmentMembers.networkId), eq(segments.id, segmentMembers.segmentId)),
      )
      .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.contactId, id)))
      .orderBy(asc(segments.name)),
  }
}

export type ContactDetail = NonNullable<Awaited<ReturnType<typeof findContact>>>

/** One decision for a contact, what left by it, and what came back. */
export interface ContactStep {
  message: { id: string; step: string; dueAt: Date; campaignId: string }
  decision: typeof decisions.$inferSelect
  /** Another channel's turn, after a first one failed or stayed without an answer. */
  isAgain: boolean
  deliveries: Pick<
    typeof deliveries.$inferSelect,
    'id' | 'channel' | 'status' | 'reason' | 'isCompanion' | 'dueAt' | 'sentAt'
  >[]
  events: Pick<typeof events.$inferSelect, 'id' | 'type' | 'channel' | 'verdict' | 'occurredAt'>[]
}

/** One page of a contact's story, the newest message first; message ids sort by creation. */
export async function contactTimeline(
  db: Db,
  networkId: string,
  contactId: string,
  cursor?: string,
): Promise<{ steps: ContactStep[]; next?: string }> {
  const theirs = and(eq(decisions.networkId, networkId), eq(decisions.contactId, contactId))
  const known = await db
    .selectDistinct({ id: decisions.messageId })
    .from(decisions)
    .where(and(theirs, cursor ? lt(decisions.messageId, cursor) : undefined))
    .orderBy(desc(decisions.messageId))
    .limit(pageSize + 1)
  const messageIds = known.slice(0, pageSize).map((row) => row.id)
  if (messageIds.length === 0) return { steps: [] }
  const decided = await db
    .select({
      message: { id: messages.id, step: messages.step, dueAt: messages.dueAt, campaignId: messages.campaignId },
      occurrence: messages.occurrence,
      decision: decisions,
    })
    .from(decisions)
    .innerJoin(messages, and(eq(messages.networkId, decisions.networkId), eq(messages.id, decisions.messageId)))
    .where(and(theirs, inArray(decisions.messageId, messageIds)))
    .orderBy(desc(decisions.messageId), desc(decisions.createdAt), desc(decisions.occurrence))
  const sent = await db
    .select({
      id: deliveries.id,
      messageId: deliveries.messageId,
      occurrence: deliveries.occurrence,
      channel: deliveries.channel,
      status: deliveries.status,
      reason: deliveries.reason,
      isCompanion: deliveries.isCompanion,
      dueAt: deliveries.dueAt,
      sentAt: deliveries.sentAt,
    })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .where(
      and(
        eq(deliveryMembers.networkId, networkId),
        eq(deliveryMembers.contactId, contactId),
        inArray(deliveries.messageId, messageIds),
      ),
    )
    .orderBy(asc(deliveries.id))
  const heard = await db
    .select({
      id: events.id,
      deliveryId: events.deliveryId,
      type: events.type,
      channel: events.channel,
      verdict: events.verdict,
      occurredAt: events.occurredAt,
    })
    .from(events)
    .where(and(eq(events.networkId, networkId), eq(events.contactId, contactId), inArray(events.messageId, messageIds)))
    .orderBy(asc(events.occurredAt), asc(events.id))
    .limit(500)
  return {
    steps: decided.map(({ message, occurrence, decision }) => {
      const own = sent.filter((one) => one.messageId === message.id && one.occurrence === decision.occurrence)
      const ids = new Set(own.map((delivery) => delivery.id))
      return {
        ...{ message, decision, isAgain: decision.occurrence !== occurrence, deliveries: own },
        events: heard.filter((event) => event.deliveryId !== null && ids.has(event.deliveryId)),
      }
    }),
    next: known.length > pageSize ? messageIds.at(-1) : undefined,
  }
}
