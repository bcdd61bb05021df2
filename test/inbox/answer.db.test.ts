import { and, asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import {
  auditEntries,
  campaigns,
  contactAddresses,
  conversationMessages,
  conversations,
  deliveries,
  exposures,
  memberships,
  messages,
  senders,
  spends,
  users,
} from '../../src/db/schema.ts'
import { AnswerRefused, answerConversation } from '../../src/inbox/answer.ts'
import { assignConversation } from '../../src/inbox/assign.ts'
import { closeConversation, reopenConversation } from '../../src/inbox/close.ts'
import { countUnread, listConversations } from '../../src/inbox/list.ts'
import { leaveNote } from '../../src/inbox/note.ts'
import { findThread } from '../../src/inbox/thread.ts'
import { addressHash, suppress } from '../../src/network/suppression.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'
import { cast } from '../world.ts'

let w: Live
let me: string
beforeEach(async () => {
  w = await live()
  me = newId()
  const now = w.clock.now()
  await w.context.db
    .insert(users)
    .values({ id: me, name: 'Jeanne', email: 'jeanne@example.com', createdAt: now, updatedAt: now })
  await w.context.db
    .insert(memberships)
    .values({ networkId: w.network.id, userId: me, role: 'owner', scope: {}, createdAt: now })
})
afterEach(() => w.close())

let told = 0
const hear = async (event: { type?: 'reply' | 'stop'; data: Record<string, unknown>; deliveryId?: string }) => {
  const { type = 'reply', ...given } = event
  const source = given.deliveryId ? 'email' : 'twilio'
  const networkId = given.deliveryId ? w.network.id : undefined
  await receive(w.context.db, source, [{ dedupeKey: `in:${++told}`, type, networkId, ...given }], w.clock.now())
  await applyPending(w.context.db, w.context.wall)
}
const text = (from: string, words: string, to = '36180') => hear({ data: { from, to, text: words } })
const only = async () => {
  const rows = await w.context.db.select().from(conversations)
  expect(rows).toHaveLength(1)
  return rows[0]!
}
const asked = async () => {
  await w.owe(smsStep)
  await w.deliver()
  w.clock.forward(60_000)
  await text(cast.marcel.mobile, 'Quand arrive ma commande ?')
  return only()
}
const answer = (conversationId: string, words = 'Jeudi matin, au comptoir.', key = 'k1') =>
  answerConversation(w.context, w.network, { conversationId, text: words, key, author: me }, w.clock.now())
const acting = (conversationId: string) => ({
  ...{ networkId: w.network.id, conversationId, actor: me, now: w.clock.now(), at: w.context.wall.now() },
})

describe('an answer by text', () => {
  test('leaves once by the engine of all deliveries, from the number that was written to, and is never measured', async () => {
    const conversation = await asked()
    const before = w.twilio.messages.length
    const first = await answer(conversation.id)
    expect(await answer(conversation.id)).toEqual({ deliveryId: first.deliveryId, isNew: false })
    await w.deliver()
    await w.deliver()
    const sent = w.twilio.messages.slice(before)
    expect(sent).toMatchObject([{ to: cast.marcel.mobile, body: 'Jeudi matin, au comptoir.', form: { From: '36180' } }])
    const [delivery] = await w.context.db.select().from(deliveries).where(eq(deliveries.id, first.deliveryId))
    expect(delivery).toMatchObject({
      ...{ status: 'accepted', class: 'transactional', priority: 1, trackingMode: 'none', parts: 1 },
      senderId: conversation.senderId,
      recipientKey: `contact:${await w.contactId('P1')}`,
    })
    const chances = await w.context.db.select().from(exposures).where(eq(exposures.deliveryId, first.deliveryId))
    expect(chances.every(({ isMeasurable }) => !isMeasurable)).toBe(true)
  })

  test('is assigned to whoever gives it, read, and audited without its words', async () => {
    const conversation = await asked()
    await answer(conversation.id)
    expect(await only()).toMatchObject({ assignedTo: me, unread: 0, lastDirection: 'out', status: 'open' })
    const entries = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'conversation.answer'))
    expect(entries).toHaveLength(1)
    expect(JSON.stringify(entries)).not.toContain('Jeudi')
  })

  test('is counted in what was spent, and its campaign never begins nor ends', async () => {
    const conversation = await asked()
    const [before] = await w.context.db.select().from(spends).where(eq(spends.channel, 'sms'))
    await answer(conversation.id)
    const [after] = await w.context.db.select().from(spends).where(eq(spends.channel, 'sms'))
    expect(after!.deliveries - before!.deliveries).toBe(1)
    expect(after!.costMillis).toBeGreaterThan(before!.costMillis)
    const made = await w.context.db.select().from(campaigns).where(eq(campaigns.name, '_answers'))
    expect(made).toMatchObject([{ status: 'finished', class: 'transactional' }])
  })

  test('keeps the words as typed, whatever they look like', async () => {
    const conversation = await asked()
    await answer(conversation.id, 'Code {{ contact.firstName }} <b>& 5 %</b>')
    await w.deliver()
    expect(w.twilio.messages.at(-1)!.body).toBe('Code {{ contact.firstName }} <b>& 5 %</b>')
  })

  test('what comes back to it belongs to the campaign it all began with', async () => {
    const conversation = await asked()
    await answer(conversation.id)
    await w.deliver()
    w.clock.forward(60_000)
    await text(cast.marcel.mobile, 'Merci !')
    expect(await only()).toMatchObject({
      ...{ status: 'open', unread: 1, excerpt: 'Merci !', deliveryId: conversation.deliveryId },
      campaignId: conversation.campaignId,
    })
    const thread = await findThread(w.context.db, w.network.id, conversation.id)
    expect(thread!.messages.map(({ direction }) => direction)).toEqual(['in', 'out', 'in'])
    expect(thread!.messages[1]).toMatchObject({ author: 'Jeanne', status: 'accepted' })
  })

  test('is refused after a STOP on that number, and nothing is kept of it', async () => {
    const conversation = await asked()
    await hear({ type: 'stop', data: { from: cast.marcel.mobile, to: '36180', text: 'STOP' } })
    await expect(answer(conversation.id)).rejects.toMatchObject({ code: 'suppressed_sender' })
    const out = await w.context.db.select().from(conversationMessages).where(eq(conversationMessages.direction, 'out'))
    expect(out).toEqual([])
  })

  test('a STOP between the answer and its claim stops it, also where another number is the default by now', async () => {
    const conversation = await asked()
    const { deliveryId } = await answer(conversation.id)
    await w.context.db.update(senders).set({ isDefault: false }).where(eq(senders.id, conversation.senderId!))
    await w.context.db.insert(senders).values({
      ...{ networkId: w.network.id, id: newId(), channel: 'sms', name: 'Autre', provider: 'twilio', address: '36181' },
      ...{ isTwoWay: true, isDefault: true, countries: [], createdAt: w.clock.now() },
    })
    await w.context.db.transaction((tx) =>
      suppress(tx, {
        ...{ networkId: w.network.id, scope: 'channel_sender', channel: 'sms', senderId: conversation.senderId! },
        addressHash: addressHash('mobile', cast.marcel.mobile),
        ...{ reason: 'stop', source: 'test', occurredAt: w.clock.now() },
      }),
    )
    const before = w.twilio.messages.length
    await w.deliver()
    expect(w.twilio.messages).toHaveLength(before)
    const [delivery] = await w.context.db.select().from(deliveries).where(eq(deliveries.id, deliveryId))
    expect(delivery).toMatchObject({ status: 'suppressed', reason: 'suppressed_sender' })
  })

  test('is refused where nobody is known by the number, and where the person has another one by now', async () => {
    await text('+33639980099', 'Bonjour')
    await expect(answer((await only()).id)).rejects.toMatchObject({ code: 'unknown_sender' })
    await text(cast.helene.mobile, 'Bonjour')
    const [hers] = await w.context.db.select().from(conversations).where(eq(conversations.address, cast.helene.mobile))
    await w.context.db
      .delete(contactAddresses)
      .where(and(eq(contactAddresses.contactId, await w.contactId('P4')), eq(contactAddresses.kind, 'mobile')))
    await expect(answer(hers!.id)).rejects.toBeInstanceOf(AnswerRefused)
  })

  test('is refused when it is empty or longer than a text can be', async () => {
    const { id } = await asked()
    await expect(answer(id, '  ')).rejects.toMatchObject({ code: 'empty' })
    await expect(answer(id, 'a'.repeat(1_001))).rejects.toMatchObject({ code: 'tooLong' })
  })

  test('goes to the phone several people share', async () => {
    await w.owe(smsStep)
    await w.deliver()
    const [row] = await w.context.db
      .select()
      .from(contactAddresses)
      .where(and(eq(contactAddresses.contactId, await w.contactId('P3')), eq(contactAddresses.kind, 'mobile')))
    await w.context.db.insert(contactAddresses).values({ ...row!, contactId: await w.contactId('P5') })
    w.clock.forward(60_000)
    await text(cast.karim.mobile, 'Qui appelle ?')
    await answer((await only()).id)
    await w.deliver()
    expect(w.twilio.messages.at(-1)).toMatchObject({ to: cast.karim.mobile, body: 'Jeudi matin, au comptoir.' })
  })
})

describe('an answer by mail', () => {
  test('stands in the thread of the mail it answers, with one Re:', async () => {
    await w.owe(mailStep)
    await w.deliver()
    const [delivery] = await w.of('P2', 'email')
    w.clock.forward(60_000)
    await hear({
      deliveryId: delivery!.id,
      data: {
        ...{
          text: 'Bonjour, puis-je inscrire un collègue ?',
          subject: 'RE: Re : Le défi commence',
          by: 'return_address',
        },
        ...{ mailId: 'abc.1@mail.example.com', references: ['first@relais.example.com'] },
      },
    })
    const conversation = await only()
    expect(conversation).toMatchObject({ channel: 'email', address: cast.odile.email, status: 'open' })
    await answer(conversation.id, 'Oui.\n\nQu’il écrive <ici> & on s’en occupe.')
    await w.deliver()
    const mail = w.sendgrid.mails.at(-1)!
    expect(mail.subject).toBe('Re: Le défi commence')
    expect(mail.headers).toMatchObject({
      'In-Reply-To': '<abc.1@mail.example.com>',
      References: '<first@relais.example.com> <abc.1@mail.example.com>',
    })
    expect(mail.text).toContain('Oui.\n\nQu’il écrive <ici> & on s’en occupe.')
    expect(mail.html).toContain('Qu’il écrive &lt;ici&gt; &amp; on s’en occupe.')
    expect(mail.html).not.toContain('/o/')
  })

  test('an absence is shown and opens nothing', async () => {
    await w.owe(mailStep)
    await w.deliver()
    const [delivery] = await w.of('P2', 'email')
    await receive(
      w.context.db,
      'email',
      [
        {
          ...{ dedupeKey: 'absent', type: 'auto_reply', networkId: w.network.id, deliveryId: delivery!.id },
          data: { text: 'Je suis absente', subject: 'Absence', by: 'return_address', kind: 'out_of_office' },
        },
      ],
      w.clock.now(),
    )
    await applyPending(w.context.db, w.context.wall)
    expect(await only()).toMatchObject({ status: 'closed', unread: 0 })
  })
})

describe('among colleagues', () => {
  test('it is taken up, noted in, closed and opened again, each once', async () => {
    const { id } = await asked()
    const { db } = w.context
    expect(await db.transaction((tx) => assignConversation(tx, acting(id), me))).toBe(true)
    expect(await db.transaction((tx) => assignConversation(tx, acting(id), 'somebody else'))).toBe(false)
    expect(await db.transaction((tx) => leaveNote(tx, acting(id), { text: 'À rappeler', key: 'n' }))).toBe(true)
    expect(await db.transaction((tx) => leaveNote(tx, acting(id), { text: 'À rappeler', key: 'n' }))).toBe(false)
    await db.transaction((tx) => closeConversation(tx, acting(id)))
    expect(await only()).toMatchObject({ status: 'closed', unread: 0, assignedTo: me })
    await db.transaction((tx) => reopenConversation(tx, acting(id)))
    expect(await only()).toMatchObject({ status: 'open', closedAt: null })
    const done = await db.select().from(auditEntries).orderBy(asc(auditEntries.seq))
    expect(done.map(({ action }) => action).filter((action) => action.startsWith('conversation.'))).toEqual([
      'conversation.assign',
      'conversation.note',
      'conversation.close',
      'conversation.reopen',
    ])
    expect(JSON.stringify(done)).not.toContain('rappeler')
  })

  test('the list shows what is asked for, and only what the reader’s part of the network covers', async () => {
    const { id } = await asked()
    const { db } = w.context
    const whole = { of: 'network' as const }
    const list = async (
      filter: Parameters<typeof listConversations>[4],
      scope: Parameters<typeof countUnread>[2] = whole,
    ) => (await listConversations(db, w.network.id, scope, me, filter)).rows.map((row) => row.id)
    await text('+33639980099', 'Un devis pour 100 % de remise')
    expect(await list({ show: 'open' })).toHaveLength(2)
    expect(await list({ show: 'mine' })).toEqual([])
    expect(await list({ show: 'open', q: 'poteau' })).toEqual([id])
    expect(await list({ show: 'open', q: '06 39 98 00 01' })).toEqual([id])
    expect(await list({ show: 'open', q: 'commande' })).toEqual([id])
    expect(await list({ show: 'open', q: '100 %' })).toHaveLength(1)
    expect(await list({ show: 'open', q: '%' })).toHaveLength(1)
    expect(await list({ show: 'open', channel: 'email' })).toEqual([])
    expect(await countUnread(db, w.network.id, whole)).toBe(2)
    const thread = await findThread(db, w.network.id, id)
    const theirs = { of: 'sites' as const, areas: [], siteIds: [thread!.people[0]!.siteId] }
    const others = { of: 'sites' as const, areas: ['Brest'], siteIds: [] }
    expect(await list({ show: 'all' }, theirs)).toEqual([id])
    expect(await list({ show: 'all' }, others)).toEqual([])
    expect(await countUnread(db, w.network.id, theirs)).toBe(1)
  })

  test('a long list is paged without gap or repetition', async () => {
    const { db } = w.context
    for (let n = 0; n < 35; n++) await text(`+336399801${String(n).padStart(2, '0')}`, `Message ${n}`)
    const first = await listConversations(db, w.network.id, { of: 'network' }, me, { show: 'open' })
    expect(first.rows).toHaveLength(30)
    const second = await listConversations(db, w.network.id, { of: 'network' }, me, {
      show: 'open',
      cursor: first.next,
    })
    expect(second.next).toBeUndefined()
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(35)
  })
})

test('no message of an answer is another’s', async () => {
  const { id } = await asked()
  await answer(id, 'Un', 'a')
  await answer(id, 'Deux', 'b')
  const own = await w.context.db.select().from(messages).where(eq(messages.template, '_answer'))
  expect(own).toHaveLength(2)
})
