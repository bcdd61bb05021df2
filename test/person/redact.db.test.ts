import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditEntries, contacts, conversationMessages, jobs } from '../../src/db/schema.ts'
import { runJobs } from '../../src/job/run.ts'
import { askErasure, certificateOf } from '../../src/person/erase.ts'
import { askRedactions, redactionJobId, redactionsLeft } from '../../src/person/redact.ts'
import { createSite } from '../../src/site.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { tick } from '../../src/worker.ts'
import { type Live, live, mailStep, smsStep } from '../deliver/live.ts'
import { cast } from '../world.ts'

const hour = 3_600_000
let l: Live
let contactId: string
beforeEach(async () => {
  l = await live()
  contactId = await l.contactId(cast.marcel.id)
})
afterEach(() => l.close())

const erase = async (id = contactId) => {
  await askErasure(l.context, l.network, id, 'cli')
  await runJobs(l.context)
  return (await certificateOf(l.context.db, l.network.id, id))!
}
const toMarcel = () => l.twilio.messages.find(({ to }) => to === cast.marcel.mobile)!
const again = async (afterMs: number) => {
  l.clock.forward(afterMs)
  await askRedactions(l.context)
  await runJobs(l.context)
  return (await certificateOf(l.context.db, l.network.id, contactId))!.providers!
}

test('an erased person’s messages are emptied at Twilio, theirs alone, and the certificate counts them', async () => {
  await l.owe(smsStep)
  await l.deliver()
  for (const message of l.twilio.messages) message.status = 'delivered'
  const others = l.twilio.messages.filter(({ to }) => to !== cast.marcel.mobile).map(({ body }) => body)
  expect(toMarcel().body).not.toBe('')
  const certificate = await erase()
  expect(certificate).toMatchObject({
    status: 'done',
    providers: { redacted: 1, gone: 0, forgotten: 0, left: 0, isGivenUp: false, elsewhere: {} },
  })
  expect(toMarcel().body).toBe('')
  expect(others.length).toBeGreaterThan(0)
  expect(l.twilio.messages.filter(({ to }) => to !== cast.marcel.mobile).map(({ body }) => body)).toEqual(others)
})

test('a message sent again after its carrier failed is emptied at every try', async () => {
  await l.owe(smsStep)
  await l.deliver()
  const [sent] = await l.of(cast.marcel.id)
  const whose = { networkId: l.network.id, deliveryId: sent!.id, providerRef: sent!.providerRef!, attempt: 1 }
  const told = { ...whose, type: 'failed', dedupeKey: 'once', data: { code: 'carrier_error' } } as const
  await receive(l.context.db, 'twilio', [{ ...told, occurredAt: l.clock.now() }], l.clock.now())
  while (await tick(l.context, l.network, l.clock.now()));
  l.clock.forward(11 * 60_000)
  while (await tick(l.context, l.network, l.clock.now()));
  const tries = l.twilio.messages.filter(({ to }) => to === cast.marcel.mobile)
  expect(tries).toHaveLength(2)
  for (const message of l.twilio.messages) message.status = 'delivered'
  expect((await erase()).providers).toMatchObject({ redacted: 2, left: 0 })
  expect(tries.map(({ body }) => body)).toEqual(['', ''])
})

test('what the person wrote is emptied too, although its row is erased first', async () => {
  const call = l.twilio.inbound('https://relais.example.com', 'Mon fils est malade', cast.marcel.mobile, '36180')
  const { url, headers, body } = call
  const site = createSite(l.relais)
  expect((await site.fetch(new Request(url, { method: 'POST', headers, body }))).status).toBeLessThan(300)
  while (await tick(l.context, l.network, l.clock.now()));
  expect(await l.context.db.$count(conversationMessages)).toBe(1)
  const sid = new URLSearchParams(body).get('MessageSid')!
  l.twilio.messages.push({
    ...{ sid, to: '36180', body: 'Mon fils est malade', form: {}, status: 'received', createdAt: l.clock.now() },
  })
  expect((await erase()).providers).toMatchObject({ redacted: 1, left: 0 })
  expect(await l.context.db.$count(conversationMessages)).toBe(0)
  expect(l.twilio.messages[0]!.body).toBe('')
})

test('what Twilio refuses for now is asked for again by itself, and what it no longer has is said to be gone', async () => {
  await l.owe(smsStep)
  await l.deliver()
  expect((await erase()).providers).toMatchObject({ redacted: 0, left: 1, isGivenUp: false })
  expect(await redactionsLeft(l.context.db, l.network.id)).toEqual({ left: 1, givenUp: 0 })
  // Still under way at Twilio, and then its API is down.
  expect(await again(2 * hour)).toMatchObject({ redacted: 0, left: 1 })
  toMarcel().status = 'delivered'
  l.twilio.plan.always('500-before')
  expect(await again(24 * hour)).toMatchObject({ redacted: 0, left: 1 })
  l.twilio.plan.always(undefined)
  expect(await again(24 * hour)).toMatchObject({ redacted: 1, left: 0 })
  expect(toMarcel().body).toBe('')
  expect(await redactionsLeft(l.context.db, l.network.id)).toEqual({ left: 0, givenUp: 0 })
  // Done is done.
  const [job] = await l.context.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, redactionJobId(contactId)))
  await again(48 * hour)
  const [after] = await l.context.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, redactionJobId(contactId)))
  expect(after!.updatedAt).toEqual(job!.updatedAt)
})

test('a message deleted at Twilio meanwhile counts as gone', async () => {
  await l.owe(smsStep)
  await l.deliver()
  l.twilio.messages.splice(0)
  expect((await erase()).providers).toMatchObject({ redacted: 0, gone: 1, left: 0 })
})

test('of e-mail SendGrid is asked to erase the mailbox, which stays nowhere here', async () => {
  await l.owe(mailStep)
  await l.deliver()
  const odile = await l.contactId(cast.odile.id)
  expect((await erase(odile)).providers).toEqual({
    ...{ redacted: 0, gone: 0, forgotten: 1, left: 0, isGivenUp: false },
    elsewhere: { sendgrid: 1 },
  })
  expect(l.sendgrid.forgotten).toEqual([cast.odile.email])
  const [job] = await l.context.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, redactionJobId(odile)))
  expect(JSON.stringify(job)).not.toMatch(/odile|sealed/)
})

test('an account SendGrid does not let erase is asked again, and the mailbox is sealed meanwhile', async () => {
  await l.owe(mailStep)
  await l.deliver()
  const odile = await l.contactId(cast.odile.id)
  l.sendgrid.refuseErasure(true)
  expect((await erase(odile)).providers).toMatchObject({ forgotten: 0, left: 1 })
  const [job] = await l.context.db
    .select()
    .from(jobs)
    .where(eq(jobs.id, redactionJobId(odile)))
  expect(JSON.stringify(job)).not.toContain('odile')
  l.sendgrid.refuseErasure(false)
  l.clock.forward(2 * hour)
  await askRedactions(l.context)
  await runJobs(l.context)
  expect((await certificateOf(l.context.db, l.network.id, odile))!.providers).toMatchObject({ forgotten: 1, left: 0 })
  expect(l.sendgrid.forgotten).toEqual([cast.odile.email])
})

test('nobody is asked to erase a mailbox it never carried anything to', async () => {
  const odile = await l.contactId(cast.odile.id)
  expect((await erase(odile)).providers).toMatchObject({ forgotten: 0, left: 0 })
  expect(l.sendgrid.forgotten).toEqual([])
})

test('after a month of refusals it is given up, and said', async () => {
  await l.owe(smsStep)
  await l.deliver()
  await erase()
  const own = eq(jobs.id, redactionJobId(contactId))
  const [job] = await l.context.db.select().from(jobs).where(own)
  await l.context.db
    .update(jobs)
    .set({ payload: { ...job!.payload, runs: 30 } })
    .where(own)
  expect(await again(48 * hour)).toMatchObject({ left: 1, isGivenUp: true })
  expect(await redactionsLeft(l.context.db, l.network.id)).toEqual({ left: 0, givenUp: 1 })
  // Nobody was forgotten on the way: the erasure itself is in the trail, and the person has no name.
  const asked = await l.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'contact.erase'))
  expect(asked).toHaveLength(1)
  const [person] = await l.context.db
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, l.network.id), eq(contacts.id, contactId)))
  expect(person!.lastName).toBeNull()
})
