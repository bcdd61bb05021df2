import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addresses,
  attempts,
  conversationMessages,
  conversations,
  deliveries,
  events,
  exposures,
  inboundEvents,
  suppressions,
} from '../../src/db/schema.ts'
import { readMail } from '../../src/mail-in/read-mail.ts'
import { addressHash } from '../../src/network/suppression.ts'
import { createSite } from '../../src/site.ts'
import { applyPending } from '../../src/tracking/inbox.ts'
import { type Live, live, mailStep } from '../deliver/live.ts'
import { type FakeSmtp, startSmtp } from '../providers/smtp.ts'
import { cast } from '../world.ts'
import { type Filled, rawMail } from './mails.ts'

const domain = 'reponses.example.com'
const pathToken = 'a-path-token-of-the-tests-1'

/** An installation whose web is really served. */
async function served(w: Live) {
  const site = createSite(w.relais)
  const server = serve({ fetch: site.fetch, port: 0, hostname: '127.0.0.1' }) as Server
  if (!server.listening) await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = (form: FormData, path = `/webhooks/sendgrid/inbound/${pathToken}`) =>
    fetch(url + path, { method: 'POST', body: form })
  return {
    url,
    post,
    /** Hands in a mail in its original form, as Inbound Parse does, and applies it. */
    handIn: async (raw: Uint8Array, envelope: { to: string[]; from: string }) => {
      const answer = await fetch(`${url}/webhooks/sendgrid/inbound/${pathToken}`, rawForm(raw, envelope))
      await applyPending(w.context.db, w.clock)
      return answer.status
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await w.close()
    },
  }
}

function rawForm(raw: Uint8Array, envelope: object): RequestInit {
  const part = (name: string, value: Uint8Array) =>
    Buffer.concat([
      Buffer.from(`--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
      value,
      Buffer.from('\r\n'),
    ])
  const body = Buffer.concat([
    part('envelope', Buffer.from(JSON.stringify(envelope))),
    part('email', raw),
    Buffer.from('--xYzZY--\r\n'),
  ])
  return { method: 'POST', body, headers: { 'content-type': 'multipart/form-data; boundary=xYzZY' } }
}

let w: Live
let web: Awaited<ReturnType<typeof served>>
beforeAll(async () => {
  w = await live({ config: { mailIn: { domain, pathToken } } })
  web = await served(w)
})
afterAll(() => web.close())

/** Sends everybody with a mailbox a mail, and returns what one of them got. */
async function mailed(who: { id: string; email: string }, step = `${mailStep}, asksReply: true`) {
  // Another week: nobody is written to too often.
  w.clock.forward(14 * 86_400_000)
  const before = w.sendgrid.mails.length
  await w.owe(step)
  await w.deliver()
  const mail = w.sendgrid.mails.slice(before).find(({ to }) => to === who.email)
  if (!mail?.replyTo) throw new Error(`${who.email} got no mail with an address for answers.`)
  const delivery = (await w.of(who.id, 'email')).at(-1)!
  const leave = /mailto:([^?>]+)/.exec(mail.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
  return { mail, delivery, reply: mail.replyTo, leave }
}

const eventsOf = (deliveryId: string) =>
  w.context.db.select().from(events).where(eq(events.deliveryId, deliveryId)).orderBy(events.recordedAt)
const statusOf = async (id: string) =>
  (await w.context.db.select().from(deliveries).where(eq(deliveries.id, id)))[0]?.status
const suppressedOf = async (mailbox: string) =>
  (await w.context.db.select().from(suppressions))
    .filter(({ addressHash: hash }) => hash === addressHash('email', mailbox))
    .map(({ scope, reason }) => `${scope} ${reason}`)
const from = (raw: Buffer, mailbox: string) =>
  Buffer.from(raw.toString('latin1').replace(/^From:.*$/m, `From: ${mailbox}`), 'latin1')
const answering = (name: string, filled: Filled, mailbox: string) => from(rawMail(name, filled), mailbox)

describe('a mail that leaves where mail comes in', () => {
  test('has an address for answers of its own, which survives lower-casing, and one to leave by', async () => {
    const odile = await mailed(cast.odile)
    const helene = w.sendgrid.mails.find(({ to, replyTo }) => to === cast.helene.email && replyTo)
    expect(odile.reply).toMatch(/^reply\+[a-z2-7]{56}@reponses\.example\.com$/)
    expect(odile.leave).toMatch(/^leave\+[a-z2-7]{56}@reponses\.example\.com$/)
    expect(helene?.replyTo).not.toBe(odile.reply)
    expect(odile.mail.headers['List-Unsubscribe']).toMatch(/^<https:\/\/.*>, <mailto:/)
  })
})

describe('an answer', () => {
  test('is an event on the right delivery, counts as an act, and stands in the inbox', async () => {
    const { delivery, reply } = await mailed(cast.odile)
    const raw = answering('gmail-reply', { to: reply.toUpperCase() }, `Odile Martin <${cast.odile.email}>`)
    expect(await web.handIn(raw, { to: [reply.toUpperCase()], from: cast.odile.email })).toBe(204)
    const [event, ...others] = (await eventsOf(delivery.id)).filter(({ type }) => type === 'reply')
    expect(others).toEqual([])
    expect(event).toMatchObject({
      channel: 'email',
      contactId: await w.contactId('P2'),
      verdict: 'human_confirmed',
      data: {
        by: 'return_address',
        subject: 'Re: Le challenge commence le 21 septembre',
        mailId: 'CAF+abc123@mail.gmail.example',
        text: expect.stringMatching(/^Bonjour,\n\nNous participons avec plaisir/),
        original: expect.stringContaining('> Bonjour Marie'),
      },
    })
    expect(event!.data.writer).toBeUndefined()
    expect(JSON.stringify(event!.data)).not.toContain(cast.odile.email)
    const [exposure] = await w.context.db.select().from(exposures).where(eq(exposures.deliveryId, delivery.id))
    expect(exposure).toMatchObject({ outcome: 'acted' })
    const [kept] = await w.context.db
      .select()
      .from(conversationMessages)
      .where(eq(conversationMessages.deliveryId, delivery.id))
    expect(kept).toMatchObject({ direction: 'in', handledAs: null })
  })

  test('handed in twice is one', async () => {
    const { delivery, reply } = await mailed(cast.helene)
    const raw = answering('iphone-reply', { to: reply }, cast.helene.email)
    await web.handIn(raw, { to: [reply], from: cast.helene.email })
    expect(await web.handIn(raw, { to: [reply], from: cast.helene.email })).toBe(204)
    expect((await eventsOf(delivery.id)).filter(({ type }) => type === 'reply')).toHaveLength(1)
  })

  test('by a colleague belongs to the delivery, and says who wrote', async () => {
    const { delivery, reply } = await mailed(cast.helene)
    const raw = answering('outlook-reply', { to: reply }, '"Karim" <collegue@royer.example.com>')
    await web.handIn(raw, { to: [reply], from: 'collegue@royer.example.com' })
    const [event] = (await eventsOf(delivery.id)).filter(({ type }) => type === 'reply')
    expect(event?.data).toMatchObject({
      writer: { mailbox: 'collegue@royer.example.com', name: 'Karim' },
      attachments: [{ name: 'bon de commande.pdf', size: 19 }],
    })
  })

  test('is known by what it refers to where its address was lost', async () => {
    const { delivery, mail } = await mailed(cast.karim)
    const id = `${mail.id.split('.')[0]}@geopod-ismtpd-5`
    const raw = answering('iphone-reply', { to: 'reseau@example.com', id }, cast.karim.email)
    await web.handIn(raw, { to: ['reseau@example.com'], from: cast.karim.email })
    const [event] = (await eventsOf(delivery.id)).filter(({ type }) => type === 'reply')
    expect(event?.data).toMatchObject({ by: 'references', text: 'OK bien reçu' })
  })

  test('"OK" on the first line acknowledges where that was asked for', async () => {
    const { delivery, reply } = await mailed(cast.karim, `${mailStep}, asksAcknowledgement: true`)
    const text = `From: ${cast.karim.email}\r\nTo: ${reply}\r\nMessage-ID: <ok@x.example>\r\n\r\nOK\r\n\r\nKarim\r\n`
    await web.handIn(Buffer.from(text), { to: [reply], from: cast.karim.email })
    expect((await eventsOf(delivery.id)).map(({ type }) => type)).toContain('acknowledge')
  })

  test('from a contact that answers nothing waits for a person, without a delivery', async () => {
    const text = `From: ${cast.odile.email}\r\nTo: info@reponses.example.com\r\nSubject: Question\r\nMessage-ID: <q1@x.example>\r\n\r\nQui gagne ?\r\n`
    await web.handIn(Buffer.from(text), { to: ['info@reponses.example.com'], from: cast.odile.email })
    const [orphan] = (await w.context.db.select().from(events)).filter(({ data }) => data.subject === 'Question')
    expect(orphan).toMatchObject({
      type: 'reply',
      deliveryId: null,
      contactId: await w.contactId('P2'),
      data: { by: 'writer', writer: { mailbox: cast.odile.email } },
    })
    const [conversation] = await w.context.db
      .select()
      .from(conversations)
      .where(and(eq(conversations.channel, 'email'), eq(conversations.address, cast.odile.email)))
    expect(conversation).toMatchObject({ status: 'open', excerpt: 'Qui gagne ?' })
  })

  test('from nobody to nothing is dropped, and nothing of it is kept', async () => {
    const before = await w.context.db.$count(inboundEvents)
    const text = 'From: spam@nowhere.example\r\nTo: info@reponses.example.com\r\n\r\nBuy now\r\n'
    expect(
      await web.handIn(Buffer.from(text), { to: ['info@reponses.example.com'], from: 'spam@nowhere.example' }),
    ).toBe(204)
    expect(await w.context.db.$count(inboundEvents)).toBe(before)
  })
})

describe('an absence', () => {
  test('is no act, and tells when somebody is back', async () => {
    const { delivery, reply } = await mailed(cast.helene)
    await web.handIn(answering('exchange-absence-fr', { to: reply }, cast.helene.email), { to: [reply], from: '' })
    const told = await eventsOf(delivery.id)
    expect(told.find(({ type }) => type === 'auto_reply')).toMatchObject({
      verdict: null,
      data: { kind: 'out_of_office' },
    })
    expect(told.some(({ type }) => type === 'reply')).toBe(false)
    const [exposure] = await w.context.db.select().from(exposures).where(eq(exposures.deliveryId, delivery.id))
    expect(exposure?.outcome).not.toBe('acted')
  })
})

describe('what a server reports', () => {
  test('closes a mailbox nobody has, by our own address', async () => {
    const { delivery, reply } = await mailed(cast.helene)
    const bounce = reply.replace('reply+', 'bounce+')
    // Another kind of address is signed otherwise: this one is forged, and so is what is said to it.
    await web.handIn(rawMail('postfix-unknown-user', { to: bounce, id: 'x@y.example' }), { to: [bounce], from: '' })
    expect(await statusOf(delivery.id)).not.toBe('failed')
    expect(await suppressedOf(cast.helene.email)).toEqual([])
    // The mail that came back bears our address for answers, as ours alone could.
    await web.handIn(rawMail('postfix-unknown-user', { to: 'reseau@example.com', reply }), {
      to: ['reseau@example.com'],
      from: '',
    })
    expect(await statusOf(delivery.id)).toBe('failed')
    expect((await eventsOf(delivery.id)).find(({ type }) => type === 'bounced')?.data).toMatchObject({
      code: 'unknown_mailbox',
      smtp: '5.1.1',
    })
    expect(await suppressedOf(cast.helene.email)).toEqual(['address unknown_mailbox'])
    const [address] = await w.context.db
      .select()
      .from(addresses)
      .where(eq(addresses.hash, addressHash('email', cast.helene.email)))
    expect(address?.status).toBe('bounced')
  })

  test('that a mailbox is full fails this mail only; that it is delayed changes nothing', async () => {
    const { delivery, reply } = await mailed(cast.karim)
    await web.handIn(rawMail('postfix-full-delayed', { to: reply }), { to: [reply], from: '' })
    expect(await statusOf(delivery.id)).not.toBe('failed')
    await web.handIn(rawMail('exchange-full', { to: reply }), { to: [reply], from: '' })
    expect(await statusOf(delivery.id)).toBe('failed')
    expect(await suppressedOf(cast.karim.email)).toEqual([])
  })

  test('by what it refers to alone suppresses nobody', async () => {
    const { delivery, mail } = await mailed(cast.odile)
    const id = `${mail.id.split('.')[0]}@geopod-ismtpd-5`
    const raw = from(rawMail('postfix-unknown-user', { to: 'x@example.com', id }), cast.odile.email)
    await web.handIn(raw, { to: ['x@example.com'], from: '' })
    expect(await statusOf(delivery.id)).not.toBe('failed')
    expect(await suppressedOf(cast.odile.email)).toEqual([])
    expect((await eventsOf(delivery.id)).find(({ type }) => type === 'auto_reply')?.data).toMatchObject({
      kind: 'unproven_report',
    })
  })
})

describe('whoever asks to be left alone', () => {
  test('is, by the address of the header', async () => {
    const { delivery, leave } = await mailed(cast.karim)
    const text = `From: ${cast.karim.email}\r\nTo: ${leave}\r\nSubject: unsubscribe\r\nMessage-ID: <u@x.example>\r\n\r\n`
    await web.handIn(Buffer.from(text), { to: [leave], from: cast.karim.email })
    expect((await eventsOf(delivery.id)).map(({ type }) => type)).toContain('unsubscribe')
    expect((await suppressedOf(cast.karim.email)).length).toBe(1)
  })

  test('is, by a complaint', async () => {
    const { delivery, reply } = await mailed(cast.odile)
    await web.handIn(rawMail('arf-complaint', { to: 'fbl@reponses.example.com', reply }), {
      to: ['fbl@reponses.example.com'],
      from: 'complaints@fournisseur.example',
    })
    expect((await eventsOf(delivery.id)).map(({ type }) => type)).toContain('complaint')
    expect(await suppressedOf(cast.odile.email)).toEqual(['marketing complaint'])
  })
})

describe('who may hand in', () => {
  const form = () => {
    const made = new FormData()
    made.set('from', 'a@b.example')
    return made
  }
  test('knows the end of the address', async () => {
    expect((await web.post(form(), '/webhooks/sendgrid/inbound')).status).toBe(403)
    expect((await web.post(form(), '/webhooks/sendgrid/inbound/wrong')).status).toBe(403)
    expect((await web.post(form())).status).toBe(204)
    expect((await fetch(`${web.url}/webhooks/sendgrid/inbound/${pathToken}`)).status).toBe(405)
  })

  test('is told what never was a form has been taken, so that it does not come again', async () => {
    const post = (body: string, type: string) =>
      fetch(`${web.url}/webhooks/sendgrid/inbound/${pathToken}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
    expect((await post('{}', 'application/json')).status).toBe(204)
    expect((await post('--x\r\nbroken', 'multipart/form-data; boundary=x')).status).toBe(204)
  })

  test('may send no more than a mail can hold', async () => {
    const raw = Buffer.alloc(33 * 1024 * 1024, 'a')
    const answer = await fetch(
      `${web.url}/webhooks/sendgrid/inbound/${pathToken}`,
      rawForm(raw, { to: [], from: '' }),
    ).catch(() => ({ status: 413 }))
    expect(answer.status).toBe(413)
  })
})

describe('where Inbound Parse signs', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let signedWorld: Live
  let signedWeb: Awaited<ReturnType<typeof served>>
  beforeAll(async () => {
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    signedWorld = await live({ config: { mailIn: { domain, publicKey: key } } })
    signedWeb = await served(signedWorld)
  })
  afterAll(() => signedWeb.close())

  const post = (body: Uint8Array, timestamp: number, over = body) => {
    const signed = Buffer.concat([Buffer.from(String(timestamp)), over])
    return fetch(`${signedWeb.url}/webhooks/sendgrid/inbound`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        'content-type': 'multipart/form-data; boundary=xYzZY',
        'x-twilio-email-event-webhook-timestamp': String(timestamp),
        'x-twilio-email-event-webhook-signature': sign('sha256', signed, privateKey).toString('base64'),
      },
    })
  }
  test('only what is signed, lately, is believed', async () => {
    const now = Math.floor(signedWorld.clock.now().getTime() / 1000)
    const text = `From: ${cast.odile.email}\r\nSubject: Signed\r\n\r\nBonjour\r\n`
    const body = rawForm(Buffer.from(text), { to: ['x@y.example'], from: '' }).body as Buffer
    expect((await post(body, now)).status).toBe(204)
    expect(await signedWorld.context.db.$count(inboundEvents)).toBe(1)
    expect((await post(body, now, Buffer.from('other'))).status).toBe(403)
    expect((await post(body, now - 5 * 86_400)).status).toBe(403)
    expect((await fetch(`${signedWeb.url}/webhooks/sendgrid/inbound`, { method: 'POST', body: 'x' })).status).toBe(403)
  })
})

describe('by a relay of one’s own', () => {
  let smtp: FakeSmtp
  let relayed: Live
  let relayWeb: Awaited<ReturnType<typeof served>>
  beforeAll(async () => {
    smtp = await startSmtp()
    const config = { sendgrid: undefined, smtp: { url: smtp.url }, mailIn: { domain } }
    relayed = await live({ config })
    relayWeb = await served(relayed)
  })
  afterAll(async () => {
    await relayWeb.close()
    await smtp.close()
  })

  test('reports of servers come back to an address of the delivery, and answers to another', async () => {
    await relayed.owe(mailStep)
    await relayed.deliver()
    const sent = smtp.mails.find(({ to }) => to[0] === cast.helene.email)!
    expect(sent.from).toMatch(/^bounce\+[a-z2-7]{56}@reponses\.example\.com$/)
    const mail = await readMail(Buffer.from(sent.raw))
    expect(mail.headers.get('reply-to')?.[0]).toMatch(/^reply\+[a-z2-7]{56}@reponses\.example\.com$/)
    const [attempt] = await relayed.context.db
      .select()
      .from(attempts)
      .where(eq(attempts.providerRef, `<${mail.mailId}>`))
    const [delivery] = await relayed.of(cast.helene.id, 'email')
    expect(attempt?.deliveryId).toBe(delivery?.id)
  })

  test('nothing set that would tell a call from forged: 503', async () => {
    const answer = await fetch(`${relayWeb.url}/webhooks/sendgrid/inbound`, { method: 'POST', body: 'x' })
    expect(answer.status).toBe(503)
  })
})
