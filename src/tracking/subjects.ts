import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, attempts, contactAddresses, deliveries, deliveryMembers, messages, senders } from '../db/schema.ts'
import { addressHash } from '../network/suppression.ts'
import type { StoredEvent } from './stored-event.ts'

export type Delivery = typeof deliveries.$inferSelect
export type Message = typeof messages.$inferSelect

/** What an event is about. */
export interface Subject {
  delivery: Delivery
  message: Message
  /** The contacts the delivery covers. */
  contactIds: string[]
}

/**
 * The delivery by its id, held for this transaction: it is written to before it is read, so that on PostgreSQL
 * two workers never both judge by the same old status.
 */
export async function holdDelivery(tx: Tx, networkId: string, id: string): Promise<Subject | undefined> {
  const [delivery] = await tx
    .update(deliveries)
    .set({ status: sql`${deliveries.status}` })
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, id)))
    .returning()
  if (!delivery) return undefined
  const [message] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, delivery.messageId)))
  const members = await tx
    .select({ contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.deliveryId, id)))
  return message && { delivery, message, contactIds: members.map((row) => row.contactId) }
}

interface Named {
  networkId: string
  deliveryId: string
  attempt?: number
}

/** The delivery an event names itself, or that its provider reference belongs to; undefined when not known (yet). */
export async function deliveryNamed(tx: Tx, event: StoredEvent): Promise<Named | undefined> {
  if (event.networkId && event.deliveryId)
    return { networkId: event.networkId, deliveryId: event.deliveryId, attempt: event.attempt }
  if (!event.provider || !event.providerRef) return undefined
  const [attempt] = await tx
    .select({ networkId: attempts.networkId, deliveryId: attempts.deliveryId, attempt: attempts.number })
    .from(attempts)
    .where(and(eq(attempts.provider, event.provider), eq(attempts.providerRef, event.providerRef)))
    .limit(1)
  return attempt
}

/** A phone that answered: in one network, the contacts that share it and the last delivery to any of them. */
export interface Caller {
  networkId: string
  addressId: string
  contactIds: string[]
  deliveryId?: string
  sentAt?: Date
  senderId?: string
}

const mostNetworks = 50

/**
 * Who an inbound SMS may be from, the network that wrote last first. A number can be known to several networks,
 * and to several contacts of one. Where one of our senders has the number that was written to, only its network
 * is meant.
 */
export async function callersAt(tx: Tx, from: string, to: string | undefined): Promise<Caller[]> {
  const known = await tx
    .select({ networkId: addresses.networkId, id: addresses.id })
    .from(addresses)
    .where(eq(addresses.hash, addressHash('mobile', from)))
    .limit(mostNetworks)
  const written = to
    ? await tx
        .select({ networkId: senders.networkId, id: senders.id })
        .from(senders)
        .where(and(eq(senders.channel, 'sms'), eq(senders.address, to)))
    : []
  const senderOf = new Map(written.map((row) => [row.networkId, row.id]))
  const callers: Caller[] = []
  for (const { networkId, id } of known) {
    const sharing = await tx
      .select({ contactId: contactAddresses.contactId })
      .from(contactAddresses)
      .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.addressId, id)))
    const contactIds = sharing.map((row) => row.contactId)
    const last = await lastSms(tx, networkId, contactIds)
    callers.push({
      networkId,
      addressId: id,
      contactIds,
      deliveryId: last?.id,
      sentAt: last?.sentAt ?? undefined,
      senderId: senderOf.get(networkId) ?? last?.senderId ?? undefined,
    })
  }
  const meant = callers.filter((caller) => senderOf.has(caller.networkId))
  const answering = meant.length > 0 ? meant : callers
  return answering.sort((a, b) => (b.sentAt?.getTime() ?? 0) - (a.sentAt?.getTime() ?? 0))
}

async function lastSms(tx: Tx, networkId: string, contactIds: readonly string[]) {
  if (contactIds.length === 0) return undefined
  const [last] = await tx
    .select({ id: deliveries.id, sentAt: deliveries.sentAt, senderId: deliveries.senderId })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(
          deliveries.recipientKey,
          contactIds.map((id) => `contact:${id}`),
        ),
        eq(deliveries.channel, 'sms'),
        isNotNull(deliveries.sentAt),
      ),
    )
    .orderBy(desc(deliveries.sentAt))
    .limit(1)
  return last
}
