import { and, eq, sql } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import type { handledKinds, MessageDetails } from '../db/schema/inbox.ts'
import { contacts, conversationMessages, conversations } from '../db/schema.ts'
import { excerptOf } from './excerpt.ts'
import { tellOfArrival } from './tell.ts'
import { type AnsweredChannel, only, whoseAddress } from './whose.ts'

export type Conversation = typeof conversations.$inferSelect
export type HandledKind = (typeof handledKinds)[number]

/** A message that came in, as its channel's own rules have understood it. */
export interface Arrival {
  networkId: string
  channel: AnsweredChannel
  /** Who wrote: an E.164 phone or a lower-cased mailbox. */
  address: string
  /** The person it is known to be from by other means than the address, such as the delivery that is answered. */
  contactId?: string
  /** The sender that was written to. */
  senderId?: string
  deliveryId?: string
  campaignId?: string
  text: string
  subject?: string
  details?: MessageDetails
  /** Its own rule has dealt with it: it is shown, and opens nothing. */
  handledAs?: HandledKind
  /** Unique in the network: the same thing told twice is one message. */
  dedupeKey: string
  inboundEventId?: string
  /** Business time. */
  at: Date
  /** Wall time. */
  receivedAt: Date
}

/**
 * Puts a message that came in where a person will find it, in the transaction that applies it: into the one
 * conversation of its address, which opens again. What its own rule has dealt with only stands there to be read.
 * Returns whether it was new.
 */
export async function recordArrival(tx: Tx, arrival: Arrival): Promise<boolean> {
  const { networkId, at } = arrival
  const conversation = await conversationOf(tx, arrival)
  const stored = await tx.insertRows(
    conversationMessages,
    [
      {
        networkId,
        id: newId(),
        conversationId: conversation.id,
        direction: 'in' as const,
        text: arrival.text,
        subject: arrival.subject ?? null,
        at,
        deliveryId: arrival.deliveryId ?? null,
        inboundEventId: arrival.inboundEventId ?? null,
        handledAs: arrival.handledAs ?? null,
        details: arrival.details ?? {},
        dedupeKey: `in:${arrival.dedupeKey}`,
        createdAt: at,
      },
    ],
    'ignore',
  )
  if (stored === 0) return false
  const isLatest = at >= conversation.lastAt
  await tx
    .update(conversations)
    .set({
      ...(isLatest ? { lastAt: at, lastDirection: 'in' as const, excerpt: excerptOf(arrival.text) } : {}),
      ...(arrival.handledAs
        ? {}
        : { status: 'open' as const, closedAt: null, unread: sql`${conversations.unread} + 1` }),
      ...(arrival.senderId ? { senderId: arrival.senderId } : {}),
      ...(arrival.deliveryId ? { deliveryId: arrival.deliveryId } : {}),
      ...(arrival.campaignId ? { campaignId: arrival.campaignId } : {}),
      updatedAt: at,
    })
    .where(and(eq(conversations.networkId, networkId), eq(conversations.id, conversation.id)))
  if (!arrival.handledAs && conversation.unread === 0) await tellOfArrival(tx, conversation, arrival.receivedAt)
  return true
}

/** The conversation of an address, begun where there is none, and held for this transaction. */
async function conversationOf(tx: Tx, arrival: Arrival): Promise<Conversation> {
  const { networkId, channel, address, at } = arrival
  const whose = await whoseAddress(tx, networkId, channel, address)
  // A second mailbox of somebody we wrote to: the address says nothing, the delivery that is answered does.
  const contactId = whose.contactIds.length > 0 ? whose.contactId : (arrival.contactId ?? null)
  const siteId = whose.siteId ?? (contactId ? await siteOf(tx, networkId, contactId) : null)
  const known = { addressId: whose.addressId, contactId, siteId }
  await tx.insertRows(
    conversations,
    [
      {
        ...{ networkId, id: newId(), channel, address, ...known },
        // What its own rule has dealt with begins nothing anybody has to see to.
        status: 'closed' as const,
        lastDirection: 'in' as const,
        lastAt: at,
        createdAt: at,
        updatedAt: at,
      },
    ],
    'ignore',
  )
  // Written to before it is read: on PostgreSQL that holds it until the commit.
  const [held] = await tx
    .update(conversations)
    .set(known)
    .where(
      and(
        eq(conversations.networkId, networkId),
        eq(conversations.channel, channel),
        eq(conversations.address, address),
      ),
    )
    .returning()
  if (!held) throw new Error(`The conversation of an address on ${channel} is not there right after it was begun.`)
  return held
}

async function siteOf(tx: Tx, networkId: string, contactId: string): Promise<string | null> {
  const rows = await tx
    .select({ siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
  return only(rows.map((row) => row.siteId))
}
