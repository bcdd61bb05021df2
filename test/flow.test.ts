import { createServer } from 'node:net'
import { serve } from '@hono/node-server'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchCampaign, readCampaign } from '../src/campaign/launch.ts'
import { planCampaign } from '../src/campaign/plan.ts'
import {
  contacts,
  decisions,
  deliveries,
  engagements,
  events,
  messages,
  pieces,
  suppressions,
} from '../src/db/schema.ts'
import { explain } from '../src/routing/explain.ts'
import { createSite } from '../src/site.ts'
import { tick } from '../src/worker.ts'
import { type FakeSendGrid, startSendGrid } from './providers/sendgrid.ts'
import type { SignedCall } from './providers/server.ts'
import { type FakeTwilio, startTwilio } from './providers/twilio.ts'
import { addScreen, cast, mondayMorning, type World, world } from './world.ts'

/**
 * One full pass, on the database of this run: from the marketer's file to every channel and back, through the real
 * HTTP server, with Twilio and SendGrid reached by their own SDKs. The second step is routed by what happened in
 * the first.
 */
const campaign = `
name: defi
title: { fr: Défi du Rhône, en: The Rhône challenge }
class: marketing
audience: { segment: tous }
anchor: { launch: 2027-01-12T09:30, timezone: recipient }
link: https://www.reseau.example.com/defi
values: { prize: { fr: un week-end à Lyon, en: a weekend in Lyon } }
steps:
  - { name: annonce, at: launch, intent: follow-up, template: challenge/launch }
  - { name: kit, at: "launch + 1 working day, 10:00", intent: relationship, channels: [print], template: challenge/kit }
  - { name: comptoir, at: "launch + 2 working days, 10:00", to: { profile: counter }, intent: counter, channels: [screen], template: challenge/launch }
  - { name: relance, at: "launch + 6 working days, 09:30", to: { not: acted }, intent: follow-up, template: challenge/relance }
`

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

let w: World
let twilio: FakeTwilio
let sendgrid: FakeSendGrid
let server: ReturnType<typeof serve>
let origin: string

const post = ({ url, headers, body }: SignedCall) => fetch(url, { method: 'POST', headers, body })
const settleDown = async () => {
  while (await tick(w.context, w.network, w.clock.now()));
}
const moveTo = async (iso: string) => {
  w.clock.set(new Date(iso))
  await settleDown()
}
const decided = async (step: string, who: keyof typeof cast) => {
  const [row] = await w.context.db
    .select({ decision: decisions })
    .from(decisions)
    .innerJoin(messages, and(eq(messages.networkId, decisions.networkId), eq(messages.id, decisions.messageId)))
    .innerJoin(contacts, and(eq(contacts.networkId, decisions.networkId), eq(contacts.id, decisions.contactId)))
    .where(and(eq(messages.step, step), eq(contacts.externalId, cast[who].id), eq(decisions.occurrence, '1')))
  return row?.decision
}
const delivered = (step: string, channel: 'sms' | 'email' | 'print' | 'intranet' | 'screen') =>
  w.context.db
    .select({ delivery: deliveries })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(messages.step, step), eq(deliveries.channel, channel)))
    .then((rows) => rows.map((row) => row.delivery))
const mailTo = (address: string) => sendgrid.mails.filter((mail) => mail.to === address)
const smsTo = (phone: string) => twilio.messages.filter((message) => message.to === phone)
const because = async (step: string, who: keyof typeof cast) => explain((await decided(step, who))!.because, 'fr')

beforeAll(async () => {
  twilio = await startTwilio({ now: () => w.clock.now() })
  sendgrid = await startSendGrid()
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  w = await world({
    mode: 'live',
    config: {
      publicUrl: origin,
      shortUrl: origin,
      twilio: { accountSid: twilio.accountSid, authToken: twilio.authToken, from: '36180', baseUrl: twilio.url },
      sendgrid: { apiKey: sendgrid.apiKey, webhookPublicKey: sendgrid.webhookPublicKey, baseUrl: sendgrid.url },
    },
  })
  await addScreen(w, cast.karim.id)
  server = serve({ fetch: createSite(w.relais).fetch, port, hostname: '127.0.0.1' })
})
afterAll(async () => {
  server.close()
  await w.close()
  await twilio.close()
  await sendgrid.close()
})

describe('a full pass', () => {
  test('Sylvie says STOP before anything is sent to her', async () => {
    const answer = await post(twilio.inbound(origin, 'Stop.', cast.sylvie.mobile, '36180'))
    expect(answer.status).toBeLessThan(300)
    await settleDown()
    const closed = await w.context.db.select().from(suppressions)
    expect(closed).toEqual([expect.objectContaining({ scope: 'channel_sender', channel: 'sms', reason: 'stop' })])
  })

  test('the plan says whom each step would reach, and writes nothing', async () => {
    const source = { file: 'defi.yaml', text: campaign }
    const definition = await readCampaign(w.context, w.network, source, mondayMorning)
    const plan = await planCampaign(w.context, w.network, definition, mondayMorning)
    expect(plan.audience).toBe(7)
    const [annonce, kit, comptoir] = plan.steps
    expect(annonce).toMatchObject({ audience: 7, byChannel: { sms: 1, email: 4, intranet: 2 }, unreachable: 0 })
    expect(kit).toMatchObject({ byChannel: { print: 6 }, unreachable: 1, cost: { currency: 'EUR', expected: 660 } })
    expect(comptoir).toMatchObject({ audience: 2, byChannel: { screen: 2 } })
    expect(await w.context.db.$count(messages)).toBe(0)
    expect(await w.context.db.$count(decisions)).toBe(0)
  })

  test('launching twice launches once', async () => {
    const launch = () =>
      launchCampaign(w.context, w.network, { file: 'defi.yaml', text: campaign }, 'test', w.clock.now())
    const [first, second] = [await launch(), await launch()]
    expect(first.isNew).toBe(true)
    expect(second).toEqual({ ...first, isNew: false })
    await settleDown()
    expect(twilio.messages).toHaveLength(0)
    expect(sendgrid.mails).toHaveLength(0)
  })

  test('the first step reaches each on the channel that suits them, and says why', async () => {
    await moveTo('2027-01-12T08:30:00Z')
    expect(await decided('annonce', 'marcel')).toMatchObject({ outcome: 'send', channel: 'sms' })
    expect(await because('annonce', 'marcel')).toMatch(/^SMS\s: .*e-mail écarté\s: pas d’adresse/)
    expect(await decided('annonce', 'odile')).toMatchObject({ channel: 'email' })
    expect(await decided('annonce', 'helene')).toMatchObject({ channel: 'email' })
    expect(await decided('annonce', 'sylvie')).toMatchObject({ channel: 'intranet' })
    expect(await because('annonce', 'sylvie')).toMatch(/SMS écarté\s: refusé par le contact/)
    expect(await decided('annonce', 'jean')).toMatchObject({ channel: 'intranet' })

    expect(smsTo(cast.marcel.mobile)).toHaveLength(1)
    expect(smsTo(cast.marcel.mobile)[0]!.body).toContain('STOP au 36180')
    expect(smsTo(cast.sylvie.mobile)).toHaveLength(0)
    expect(mailTo(cast.odile.email)).toHaveLength(1)
    expect(await delivered('annonce', 'intranet')).toHaveLength(7)
  })

  test('a shared mailbox is not a person: one mail for the outlet, nothing personal, nobody measured', async () => {
    const [mail] = mailTo(cast.lucas.email)
    const { html } = mail!
    expect(html).not.toContain('Lucas')
    expect(await because('annonce', 'lucas')).toContain('boîte partagée')
    const shared = (await delivered('annonce', 'email')).find((delivery) => delivery.recipientKey.startsWith('site:'))
    expect(shared).toMatchObject({ trackingMode: 'aggregate' })
  })

  test('only who agreed is measured: Karim’s mail has neither pixel nor tracked link, Odile’s has both', async () => {
    const html = (address: string) => mailTo(address)[0]!.html
    expect(html(cast.karim.email)).not.toMatch(/\/[oc]\/[A-Za-z0-9_-]{20}/)
    expect(html(cast.odile.email)).toMatch(/\/o\/[A-Za-z0-9_-]{20,}\.gif/)
    expect(html(cast.odile.email)).toMatch(/\/c\/[A-Za-z0-9_-]{20,}/)
    expect(mailTo(cast.karim.email)[0]!.headers).toMatchObject({
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    })
  })

  test('receipts move deliveries on, however often and in whatever order they come', async () => {
    const sid = smsTo(cast.marcel.mobile)[0]!.sid
    const calls = [
      twilio.statusCallback(sid, 'delivered'),
      twilio.statusCallback(sid, 'sent'),
      twilio.statusCallback(sid, 'delivered'),
    ]
    for (const call of calls) expect((await post(call)).status).toBe(204)
    const hit = sendgrid.eventOf(mailTo(cast.odile.email)[0]!, 'delivered', w.clock.now())
    for (let times = 0; times < 3; times++) await post(sendgrid.events(origin, [hit], w.clock.now()))
    await settleDown()
    expect((await delivered('annonce', 'sms')).map((row) => row.status)).toEqual(['delivered'])
    const odile = await w.contactId('P2')
    const heard = await w.context.db
      .select()
      .from(events)
      .where(and(eq(events.contactId, odile), eq(events.type, 'delivered')))
    expect(heard).toHaveLength(1)
  })

  test('a forged callback is turned away and leaves nothing', async () => {
    const sid = smsTo(cast.marcel.mobile)[0]!.sid
    const call = twilio.statusCallback(sid, 'failed', 30005)
    const forged = { ...call, headers: { ...call.headers, 'x-twilio-signature': 'bm90IHRoZSBzaWduYXR1cmU=' } }
    expect((await post(forged)).status).toBe(403)
    await settleDown()
    expect((await delivered('annonce', 'sms'))[0]!.status).toBe('delivered')
  })

  test('Odile clicks and registers; Hélène’s mailbox is dead; both are learnt from', async () => {
    w.clock.forward(3 * 3_600_000)
    const { html } = mailTo(cast.odile.email)[0]!
    const link = /http[^"]*\/c\/[A-Za-z0-9_-]+/.exec(html)![0]
    const click = await fetch(link, {
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/130' },
    })
    expect(click.status).toBe(302)
    expect(click.headers.get('location')).toBe('https://www.reseau.example.com/defi')

    const bounce = sendgrid.eventOf(mailTo(cast.helene.email)[0]!, 'bounce', w.clock.now(), {
      type: 'bounce',
      reason: '550 5.1.1 The email account does not exist',
      status: '5.1.1',
    })
    expect((await post(sendgrid.events(origin, [bounce], w.clock.now()))).status).toBe(204)
    // Clicks are held for two minutes, so that a scanner's burst shows itself.
    w.clock.forward(3 * 60_000)
    await settleDown()
    const acts = await w.context.db.select().from(events).where(eq(events.type, 'click'))
    expect(acts).toEqual([expect.objectContaining({ verdict: 'human_likely', contactId: await w.contactId('P2') })])
    const [learnt] = await w.context.db
      .select()
      .from(engagements)
      .where(eq(engagements.contactId, await w.contactId('P2')))
    expect(learnt).toMatchObject({ channel: 'email', actions: 1 })
  })

  test('the failed mail goes to the next channel, once', async () => {
    const again = (await delivered('annonce', 'sms')).filter((delivery) => delivery.fallbackOf !== null)
    expect(again).toHaveLength(1)
    expect(smsTo(cast.helene.mobile)).toHaveLength(1)
  })

  test('letters are set into one batch for the print shop; who has no address is left out with the reason', async () => {
    await moveTo('2027-01-13T09:00:00Z')
    await settleDown()
    const letters = await w.context.db.select().from(pieces)
    expect(letters.map((piece) => piece.status)).toEqual(Array.from({ length: letters.length }, () => 'composed'))
    expect(letters).toHaveLength(5)
    // Her SMS left less than a day ago: one marketing message per outlet and day.
    expect(await because('kit', 'helene')).toMatch(/déjà 1 message en 1 jour pour le site/)
    expect(letters.map((piece) => piece.postcode)).toContain('01000')
    expect(await decided('kit', 'jean')).toMatchObject({ outcome: 'none', channel: null })
  })

  test('the counter’s screen shows it once for everyone there', async () => {
    await moveTo('2027-01-14T09:00:00Z')
    const shown = await delivered('comptoir', 'screen')
    expect(shown).toHaveLength(1)
    expect(shown[0]).toMatchObject({ status: 'sent' })
    expect(shown[0]!.recipientKey).toMatch(/^site:/)
  })

  test('the second step is routed by what happened in the first', async () => {
    await moveTo('2027-01-20T08:30:00Z')
    expect(await decided('relance', 'odile')).toBeUndefined()
    expect(await decided('relance', 'helene')).toMatchObject({ channel: 'sms' })
    expect(await because('relance', 'helene')).toMatch(/e-mail écarté\s: adresse en rejet/)
    expect(await decided('relance', 'marcel')).toMatchObject({ channel: 'sms' })
    expect(mailTo(cast.odile.email)).toHaveLength(1)
  })

  test('Marcel answers STOP: nothing more by that sender, whatever is already owed', async () => {
    const before = smsTo(cast.marcel.mobile).length
    await post(twilio.inbound(origin, 'ARRÊT', cast.marcel.mobile, '36180'))
    await settleDown()
    const text = campaign.replace('name: defi', 'name: defi-2').replaceAll('2027-01-12', '2027-02-02')
    await launchCampaign(w.context, w.network, { file: 'defi-2.yaml', text }, 'test', w.clock.now())
    await moveTo('2027-02-02T08:30:00Z')
    expect(smsTo(cast.marcel.mobile)).toHaveLength(before)
  })

  test('nobody was sent the same thing twice', () => {
    const sent = [
      ...sendgrid.mails.map((mail) => mail.customArgs.delivery_id),
      ...twilio.messages.map((message) => new URL(message.form.StatusCallback!).searchParams.get('d')),
    ]
    expect(new Set(sent).size).toBe(sent.length)
  })
})
