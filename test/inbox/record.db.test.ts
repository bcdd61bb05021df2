import { and, asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import {
  contactAddresses,
  contacts,
  conversationMessages,
  conversations,
  memberships,
  notifications,
  sites,
  users,
} from '../../src/db/schema.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'
import { cast } from '../world.ts'

let w: Live
beforeEach(async () => {
  w = await live()
})
afterEach(() => w.close())

let told = 0
const texted = (from: string, text: string, given: { type?: 'reply' | 'stop'; to?: string; key?: string } = {}) => ({
  dedupeKey: given.key ?? `inbound:${++told}`,
  type: given.type ?? ('reply' as const),
  provider: 'twilio',
  data: { from, to: given.to ?? '36180', text },
})
const hear = async (...events: ReturnType<typeof texted>[]) => {
  await receive(w.context.db, 'twilio', events, w.clock.now())
  return applyPending(w.context.db, w.context.wall)
}
const all = () => w.context.db.select().from(conversations).orderBy(asc(conversations.address))
const messagesOf = (conversationId: string) =>
  w.context.db
    .select()
    .from(conversationMessages)
    .where(eq(conversationMessages.conversationId, conversationId))
    .orderBy(asc(conversationMessages.at), asc(conversationMessages.id))
const user = async (role: (typeof memberships.$inferInsert)['role'], scope = {}) => {
  const id = newId()
  const now = w.clock.now()
  await w.context.db
    .insert(users)
    .values({ id, name: `${role} ${id.slice(-4)}`, email: `${id}@example.com`, createdAt: now, updatedAt: now })
  await w.context.db.insert(memberships).values({ networkId: w.network.id, userId: id, role, scope, createdAt: now })
  return id
}
const toldTo = async (userId: string) =>
  (await w.context.db.select().from(notifications).where(eq(notifications.userId, userId))).map(({ kind }) => kind)

describe('what somebody answers by text', () => {
  test('is one open conversation of that person, with what it answers; told twice, it is one message', async () => {
    await w.owe(smsStep)
    await w.deliver()
    const [delivery] = await w.of('P1')
    const answer = texted(cast.marcel.mobile, 'Quand arrive ma commande ?')
    await hear(answer)
    await hear(answer)
    const [conversation, ...others] = await all()
    expect(others).toEqual([])
    expect(conversation).toMatchObject({
      channel: 'sms',
      address: cast.marcel.mobile,
      contactId: await w.contactId('P1'),
      status: 'open',
      unread: 1,
      excerpt: 'Quand arrive ma commande ?',
      deliveryId: delivery!.id,
      senderId: delivery!.senderId,
    })
    const messages = await messagesOf(conversation!.id)
    expect(messages).toMatchObject([{ direction: 'in', text: 'Quand arrive ma commande ?', handledAs: null }])
  })

  test('opens a closed conversation again', async () => {
    await w.owe(smsStep)
    await w.deliver()
    await hear(texted(cast.marcel.mobile, 'Bonjour'))
    await w.context.db.update(conversations).set({ status: 'closed', unread: 0, closedAt: w.clock.now() })
    w.clock.forward(60_000)
    await hear(texted(cast.marcel.mobile, 'Encore moi'))
    expect(await all()).toMatchObject([{ status: 'open', unread: 1, excerpt: 'Encore moi', closedAt: null }])
  })

  test('is nobody’s in particular where several people share the phone', async () => {
    await w.owe(smsStep)
    await w.deliver()
    const [{ addressId } = { addressId: '' }] = await w.context.db
      .select({ addressId: contactAddresses.addressId })
      .from(contactAddresses)
      .where(and(eq(contactAddresses.contactId, await w.contactId('P3')), eq(contactAddresses.kind, 'mobile')))
    const other = { networkId: w.network.id, contactId: await w.contactId('P5'), addressId, kind: 'mobile' as const }
    await w.context.db.insert(contactAddresses).values(other)
    await hear(texted(cast.karim.mobile, 'Bonjour'))
    const [conversation] = await all()
    expect(conversation).toMatchObject({ contactId: null })
    expect(conversation!.siteId).not.toBeNull()
  })

  test('STOP and an acknowledgement that was asked for are shown as handled, and open nothing', async () => {
    await w.owe(`${smsStep}, asksAcknowledgement: true`)
    await w.deliver()
    await hear(texted(cast.marcel.mobile, 'Ok, bien reçu'), texted(cast.odile.mobile, 'STOP', { type: 'stop' }))
    const both = await all()
    expect(both).toMatchObject([
      { status: 'closed', unread: 0 },
      { status: 'closed', unread: 0 },
    ])
    const handled = await Promise.all(both.map(async ({ id }) => (await messagesOf(id)).map((one) => one.handledAs)))
    expect(handled).toEqual([['acknowledge'], ['stop']])
  })

  test('from a person nobody has written to yet is theirs, and answers no delivery', async () => {
    expect(await hear(texted(cast.helene.mobile, 'Qui êtes-vous ?'))).toBe(1)
    expect(await all()).toMatchObject([{ contactId: await w.contactId('P4'), deliveryId: null, status: 'open' }])
  })

  test('from a number nobody knows comes in from an unknown sender, and nothing is sent to it', async () => {
    expect(await hear(texted('+33639980099', 'Bonjour, c’est pour un devis'))).toBe(1)
    expect(await all()).toMatchObject([{ contactId: null, addressId: null, siteId: null, status: 'open', unread: 1 }])
    await w.deliver()
    expect(w.twilio.messages).toEqual([])
  })
})

describe('who is told', () => {
  test('once an hour everybody who may answer there, and nobody else', async () => {
    await w.owe(smsStep)
    await w.deliver()
    const [owner, viewer] = [await user('owner'), await user('viewer')]
    const theirs = await user('region_manager', { areas: [await areaOf('P2')] })
    const others = await user('region_manager', { areas: ['Brest'] })
    await hear(texted(cast.odile.mobile, 'Bonjour'), texted(cast.helene.mobile, 'Bonsoir'))
    expect(await toldTo(owner)).toEqual(['conversations_waiting'])
    expect(await toldTo(theirs)).toEqual(['conversations_waiting'])
    expect(await toldTo(others)).toEqual([])
    expect(await toldTo(viewer)).toEqual([])
  })

  test('only whoever it is assigned to', async () => {
    await w.owe(smsStep)
    await w.deliver()
    await hear(texted(cast.marcel.mobile, 'Bonjour'))
    const [mine, other] = [await user('marketer'), await user('marketer')]
    await w.context.db.update(conversations).set({ assignedTo: mine, unread: 0 })
    await hear(texted(cast.marcel.mobile, 'Alors ?'))
    expect(await toldTo(mine)).toEqual(['conversation_answered'])
    expect(await toldTo(other)).toEqual([])
  })
})

async function areaOf(externalId: string): Promise<string> {
  const [row] = await w.context.db
    .select({ area: sites.area })
    .from(contacts)
    .innerJoin(sites, eq(sites.id, contacts.siteId))
    .where(eq(contacts.externalId, externalId))
  return row!.area
}
