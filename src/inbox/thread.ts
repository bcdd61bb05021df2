import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import {
  campaigns,
  contacts,
  conversationMessages,
  conversations,
  deliveries,
  senders,
  sites,
  users,
} from '../db/schema.ts'
import { answering } from './tell.ts'
import { type AnsweredChannel, whoseAddress } from './whose.ts'

/** Newest messages shown; older ones are for the contact's own page. */
const shown = 200

/** One conversation whole: who it is with, what was said, how each answer fared, who may take it up. */
export async function findThread(tx: Tx, networkId: string, id: string) {
  const [row] = await tx
    .select({ conversation: conversations, campaign: campaigns, sender: senders, assignee: users.name })
    .from(conversations)
    .leftJoin(
      campaigns,
      and(eq(campaigns.networkId, conversations.networkId), eq(campaigns.id, conversations.campaignId)),
    )
    .leftJoin(senders, and(eq(senders.networkId, conversations.networkId), eq(senders.id, conversations.senderId)))
    .leftJoin(users, eq(users.id, conversations.assignedTo))
    .where(and(eq(conversations.networkId, networkId), eq(conversations.id, id)))
  if (!row) return undefined
  const { conversation } = row
  const whose = await whoseAddress(tx, networkId, conversation.channel as AnsweredChannel, conversation.address)
  const ids = whose.contactIds.length > 0 ? whose.contactIds : conversation.contactId ? [conversation.contactId] : []
  const mayAnswer = await answering(tx, conversation)
  return {
    ...row,
    people: await peopleOf(tx, networkId, ids),
    messages: await messagesOf(tx, networkId, id),
    colleagues: mayAnswer.length
      ? await tx
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(inArray(users.id, mayAnswer))
          .orderBy(asc(users.name))
      : [],
  }
}

export type Thread = NonNullable<Awaited<ReturnType<typeof findThread>>>
export type ThreadMessage = Thread['messages'][number]

const peopleOf = (tx: Tx, networkId: string, ids: readonly string[]) =>
  tx
    .select({
      id: contacts.id,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      language: contacts.language,
      siteId: contacts.siteId,
      siteName: sites.name,
    })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, ids.length > 0 ? [...ids] : [''])))
    .orderBy(asc(contacts.id))

async function messagesOf(tx: Tx, networkId: string, conversationId: string) {
  const rows = await tx
    .select({
      id: conversationMessages.id,
      direction: conversationMessages.direction,
      text: conversationMessages.text,
      subject: conversationMessages.subject,
      at: conversationMessages.at,
      author: users.name,
      deliveryId: conversationMessages.deliveryId,
      handledAs: conversationMessages.handledAs,
      details: conversationMessages.details,
      status: deliveries.status,
      reason: deliveries.reason,
      parts: deliveries.parts,
    })
    .from(conversationMessages)
    .leftJoin(users, eq(users.id, conversationMessages.authorId))
    .leftJoin(
      deliveries,
      and(
        eq(deliveries.networkId, conversationMessages.networkId),
        eq(deliveries.id, conversationMessages.deliveryId),
        eq(conversationMessages.direction, 'out'),
      ),
    )
    .where(and(eq(conversationMessages.networkId, networkId), eq(conversationMessages.conversationId, conversationId)))
    .orderBy(desc(conversationMessages.at), desc(conversationMessages.id))
    .limit(shown)
  return rows.reverse()
}
