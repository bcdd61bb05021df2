import { and, eq } from 'drizzle-orm'
import { type Db, newId } from '../../../src/db/index.ts'
import { contacts, conversationMessages, conversations } from '../../../src/db/schema.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** What the demo contact answered. */
export const aConversation =
  (end = '', room = '/console/inbox') =>
  async ({ networkId, contactId, shown }: SmallNetwork, db: Db) => {
    const [contact] = await db
      .select()
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId)))
    const id = `conversation-of-${networkId}`
    await db
      .insert(conversations)
      .values({
        ...{ networkId, id, channel: 'sms', address: '+33639981234', contactId, siteId: contact!.siteId },
        ...{ status: 'open', unread: 1, excerpt: 'Quand arrive ma commande ?', lastDirection: 'in', lastAt: wallNow },
        ...{ deliveryId: shown.sms, createdAt: wallNow, updatedAt: wallNow },
      })
      .onConflictDoNothing()
    await db
      .insert(conversationMessages)
      .values({
        ...{ networkId, id: newId(), conversationId: id, direction: 'in', text: 'Quand arrive ma commande ?' },
        ...{ at: wallNow, details: {}, dedupeKey: 'in:route-table', createdAt: wallNow },
      })
      .onConflictDoNothing()
    return `${room}/${id}${end}`
  }

export const routes: RouteTable = {
  'GET /console/inbox': { access: 'conversation.read' },
  'GET /console/inbox/saved': { access: 'library.write' },
  'POST /console/inbox/saved': { access: 'library.write', form: { name: 'Horaires', fr: 'De 7 h à 18 h.' } },
  'POST /console/inbox/saved/remove': { access: 'library.write', form: { id: 'none' } },
  'GET /console/inbox/:id': { access: 'conversation.read', path: aConversation() },
  'POST /console/inbox/:id/answer': { access: 'conversation.answer', path: aConversation('/answer') },
  'POST /console/inbox/:id/preview': { access: 'conversation.answer', path: aConversation('/preview') },
  'POST /console/inbox/:id/size': { access: 'conversation.answer', path: aConversation('/size') },
  'POST /console/inbox/:id/assign': { access: 'conversation.answer', path: aConversation('/assign') },
  'POST /console/inbox/:id/close': { access: 'conversation.answer', path: aConversation('/close') },
  'POST /console/inbox/:id/reopen': { access: 'conversation.answer', path: aConversation('/reopen') },
  'POST /console/inbox/:id/read': { access: 'conversation.answer', path: aConversation('/read') },
  'POST /console/inbox/:id/note': {
    access: 'conversation.answer',
    path: aConversation('/note'),
    form: { note: 'À rappeler' },
  },
}
