import { and, asc, count, eq } from 'drizzle-orm'
import type { Scope } from '../../../accounts/policy.ts'
import { contactsWithin } from '../../../accounts/scope.ts'
import type { Content } from '../../../channel.ts'
import type { Db } from '../../../db/index.ts'
import {
  addresses,
  attempts,
  campaigns,
  contacts,
  decisions,
  deliveries,
  deliveryMembers,
  events,
  messages,
  senders,
} from '../../../db/schema.ts'
import { keptContent } from '../../../deliver/kept-content.ts'
import { conversationAbout } from '../../../inbox/found-by.ts'
import { recipientsOf } from './recipients.ts'

const shown = 200
/** A rendered message is a few hundred kilobytes at most; more is damage. */
const largestContent = 8 * 1024 * 1024

/** One delivery with its campaign, recipient, sender, decision, and what happened to it; of its members, the scope's. */
export async function findDelivery(db: Db, networkId: string, scope: Scope, id: string) {
  const [row] = await db
    .select({ delivery: deliveries, message: messages, campaign: campaigns })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, id)))
  if (!row) return undefined
  const { delivery, message, campaign } = row
  const members = await db
    .select({ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName })
    .from(deliveryMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.deliveryId, id), contactsWithin(db, scope)))
    .orderBy(asc(deliveryMembers.contactId))
    .limit(20)
  const [{ memberCount } = { memberCount: 0 }] = await db
    .select({ memberCount: count() })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.deliveryId, id)))
  const recipients = await recipientsOf(db, networkId, [delivery.recipientKey])
  const recipient = recipients.get(delivery.recipientKey)
  const decidedFor = recipient?.contactId ?? members[0]?.id
  const [decision] = decidedFor
    ? await db
        .select()
        .from(decisions)
        .where(
          and(
            eq(decisions.networkId, networkId),
            eq(decisions.messageId, delivery.messageId),
            eq(decisions.contactId, decidedFor),
            eq(decisions.occurrence, delivery.occurrence),
          ),
        )
    : []
  const [address] = delivery.addressId
    ? await db
        .select()
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), eq(addresses.id, delivery.addressId)))
    : []
  const [sender] = delivery.senderId
    ? await db
        .select()
        .from(senders)
        .where(and(eq(senders.networkId, networkId), eq(senders.id, delivery.senderId)))
    : []
  return {
    delivery,
    message,
    campaign,
    recipient,
    members,
    memberCount,
    conversationId: await conversationAbout(db, networkId, id),
    decision,
    address,
    sender,
    attempts: await db
      .select()
      .from(attempts)
      .where(and(eq(attempts.networkId, networkId), eq(attempts.deliveryId, id)))
      .orderBy(asc(attempts.number))
      .limit(shown),
    events: await db
      .select()
      .from(events)
      .where(and(eq(events.networkId, networkId), eq(events.deliveryId, id)))
      .orderBy(asc(events.occurredAt), asc(events.id))
      .limit(shown),
  }
}

export type DeliveryDetail = NonNullable<Awaited<ReturnType<typeof findDelivery>>>

/** The very content that was handed over; `undefined` before the first claim and after its erasure. */
export async function findContent(
  db: Db,
  networkId: string,
  deliveryId: string,
): Promise<Content | 'unreadable' | undefined> {
  try {
    return await keptContent(db, networkId, deliveryId, largestContent)
  } catch {
    return 'unreadable'
  }
}
