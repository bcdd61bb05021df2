import { and, asc, eq, isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pauseCampaign, resumeCampaign } from '../../src/campaign/control.ts'
import { businessNow } from '../../src/clock.ts'
import { newId } from '../../src/db/index.ts'
import {
  addresses,
  auditEntries,
  consents,
  contactAddresses,
  contacts,
  deliveries,
  events,
  networks,
  silenceAsks,
} from '../../src/db/schema.ts'
import { enqueue, findJob } from '../../src/job/enqueue.ts'
import { runJobs } from '../../src/job/run.ts'
import { suppress } from '../../src/network/suppression.ts'
import { certificateOf } from '../../src/person/erase.ts'
import { askRetention, silenceJobId } from '../../src/retention/ask.ts'
import { reviewPage } from '../../src/retention/review-asks.ts'
import { changeSilenceRule, silenceRuleOf } from '../../src/retention/silence-rule.ts'
import { stayCampaignOf } from '../../src/retention/stay-campaign.ts'
import { advance } from '../../src/time-machine.ts'
import { signToken } from '../../src/tracking/tokens.ts'
import { type Browser, openSite } from '../web/client.ts'
import { cast, type World, world } from '../world.ts'

/** Nobody does anything by themselves. */
const still = { seed: 'still', leanings: () => new Proxy({}, { get: () => false }) }
const page = '/console/settings/retention/silent'

let w: World
let owner: Browser
let site: ReturnType<typeof openSite>
beforeAll(async () => {
  // Nobody presses a switch on the full minute.
  w = await world({ at: new Date('2027-01-11T09:00:37Z'), simulation: still })
  const { db } = w.context
  await db.update(contacts).set({ createdAt: new Date('2023-01-11T09:00:00Z') })
  site = openSite(db, undefined, { context: w.context, wall: w.clock, keys: w.context.keys })
  site.clock.at = w.clock.now()
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => w.close())

const network = async () =>
  (await w.context.db.select().from(networks).where(eq(networks.id, w.network.id)))[0] as typeof w.network
const now = async () => businessNow(w.clock.now(), await network())
const to = async (at: string) => advance(w.context, await network(), { to: new Date(at) })
const aDay = async () => {
  await w.context.db.transaction((tx) =>
    enqueue(tx, {
      ...{ networkId: w.network.id, id: silenceJobId, kind: 'network.ask_silent' as const, payload: {} },
      at: w.clock.now(),
    }),
  )
  await runJobs(w.context)
}
const asks = async () => {
  const rows = await w.context.db
    .select({ who: contacts.externalId, id: contacts.id, outcome: silenceAsks.outcome, round: silenceAsks.round })
    .from(silenceAsks)
    .innerJoin(contacts, eq(contacts.id, silenceAsks.contactId))
    .orderBy(asc(contacts.identityKey))
  const known = new Map(await Promise.all(Object.values(cast).map(async ({ id }) => [await ids.get(id), id] as const)))
  return Object.fromEntries(rows.map((row) => [known.get(row.id), `${row.outcome ?? 'asked'} ${row.round}`]))
}
const ids = new Map<string, string>()
const idOf = (who: keyof typeof cast) => ids.get(cast[who].id) as string
const askOf = async (who: keyof typeof cast) =>
  (
    await w.context.db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.recipientKey, `contact:${idOf(who)}`), eq(deliveries.isCompanion, false)))
  )[0]
const linkOf = (deliveryId: string) =>
  `/a/${signToken(w.context.keys, { purpose: 'acknowledge', network: w.network.number, deliveryId })}`
const erased = async () =>
  (await w.context.db.select({ id: contacts.id }).from(contacts).where(isNotNull(contacts.erasedAt))).map(
    ({ id }) => id,
  )

test('switched off, as it is at first, nobody is asked and nobody is erased', async () => {
  for (const { id } of Object.values(cast)) ids.set(id, await w.contactId(id))
  expect(silenceRuleOf((await network()).settings)).toEqual({ isAsked: false, answerDays: 30 })
  await aDay()
  expect(await asks()).toEqual({})
  expect(await erased()).toEqual([])
})

test('the switch begins the campaign that asks, is written down, and refuses days that are no term', async () => {
  const bad = await owner.post(`${page}?network=reseau`, { isAsked: 'on', answerDays: '3' })
  expect(bad.status).toBe(422)
  expect(await stayCampaignOf(w.context.db, w.network.id)).toBeUndefined()
  const saved = await owner.post(`${page}?network=reseau`, { isAsked: 'on', answerDays: '20' })
  expect(saved.status).toBe(303)
  // Pressed again, the same.
  await owner.post(`${page}?network=reseau`, { isAsked: 'on', answerDays: '20' })
  expect(await stayCampaignOf(w.context.db, w.network.id)).toMatchObject({ status: 'running' })
  const trail = await w.context.db.select().from(auditEntries).where(eq(auditEntries.subject, 'silence.asked'))
  expect(trail.map(({ data }) => data)).toEqual([{ before: 'no, 30 day', after: 'yes, 20 day' }])
})

test('each silent prospect is asked once, by whatever channel is theirs; contracted and withheld people are not', async () => {
  const { db } = w.context
  await db
    .update(contacts)
    .set({ hasContract: true })
    .where(eq(contacts.id, idOf('helene')))
  await owner.post(`${page}/${idOf('jean')}?network=reseau`, { keep: 'yes' })
  const [closed] = await db
    .select({ hash: addresses.hash })
    .from(addresses)
    .innerJoin(contactAddresses, eq(contactAddresses.addressId, addresses.id))
    .where(and(eq(contactAddresses.contactId, idOf('sylvie')), eq(addresses.kind, 'mobile')))
  const occurredAt = await now()
  await db.transaction((tx) =>
    suppress(tx, {
      ...{ networkId: w.network.id, scope: 'address', addressHash: closed!.hash, reason: 'test', source: 'test' },
      occurredAt,
    }),
  )
  await aDay()
  await aDay()
  expect(await asks()).toEqual({
    ...{ P1: 'asked 1', P2: 'asked 1', P3: 'asked 1', P5: 'asked 1', P6: 'asked 1', P7: 'withheld 0' },
  })
  await to('2027-01-12T10:00:00Z')
  expect(await askOf('marcel')).toMatchObject({ channel: 'sms' })
  expect(await askOf('odile')).toMatchObject({ channel: 'email' })
  expect(['sent', 'delivered']).toContain((await askOf('odile'))!.status)
  expect(await askOf('helene')).toBeUndefined()
  // A mailbox that several read is not asked in somebody’s name.
  expect(await askOf('lucas')).toBeUndefined()
  expect(await askOf('sylvie')).toBeUndefined()
})

test('looking at the link answers nothing; the button behind it does, and says so', async () => {
  const { db } = w.context
  const link = linkOf((await askOf('odile'))!.id)
  const anybody = site.browser('198.51.100.4')
  const before = await db.$count(events)
  const shown = await (await anybody.get(link)).text()
  expect(shown).toContain('Je souhaite rester')
  expect(await (await anybody.get(`${link}?lang=en`)).text()).toContain('I wish to stay')
  expect(await db.$count(events)).toBe(before)
  expect(await asks()).toMatchObject({ P2: 'asked 1' })
  expect(await (await anybody.post(link)).text()).toContain('nous gardons vos coordonnées')
  await anybody.post(link)
  expect(await asks()).toMatchObject({ P2: 'stayed 1' })
})

test('who acts in another way stays as well, and whose message never left is for somebody to decide', async () => {
  const at = await now()
  await w.context.db.insert(events).values({
    ...{ networkId: w.network.id, id: newId(), type: 'reply', contactId: idOf('karim'), dedupeKey: 'r', data: {} },
    ...{ occurredAt: at, recordedAt: at },
  })
  await aDay()
  expect(await asks()).toEqual({
    ...{ P1: 'asked 1', P2: 'stayed 1', P3: 'stayed 1', P5: 'unreached 1', P6: 'unreached 1', P7: 'withheld 0' },
  })
})

test('the page says where each stands, in both languages', async () => {
  const plain = async (language: string) =>
    (await (await owner.get(`${page}?network=reseau&lang=${language}`)).text())
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
  const text = await plain('fr')
  expect(text).toMatch(/Marcel Poteau .{0,80}interrogé le 11 janv.* à effacer le 31 janv.* au plus tôt/)
  expect(text).toMatch(/Jean Perdu .{0,80}gardé/)
  expect(text).toMatch(/Lucas Petit .{0,90}message non parti/)
  expect(text).toMatch(/Odile Martin .{0,60}reste/)
})

test('before the term is over nobody is erased; a transaction that dies after it erases nobody either', async () => {
  const { db } = w.context
  await to('2027-01-30T10:00:00Z')
  await aDay()
  expect(await erased()).toEqual([])
  await to('2027-02-02T10:00:00Z')
  const at = await now()
  const going = await network()
  await expect(
    db.transaction(async (tx) => {
      const { counts } = await reviewPage(tx, w.context, going, '', at)
      expect(counts.erased).toBe(1)
      throw new Error('killed')
    }),
  ).rejects.toThrow('killed')
  expect(await erased()).toEqual([])
  expect(await asks()).toMatchObject({ P1: 'asked 1' })
})

test('a shorter term set later takes no day away from who was asked already', async () => {
  const { db } = w.context
  const act = { networkId: w.network.id, actor: 'owner', at: w.clock.now() }
  await db.transaction((tx) => changeSilenceRule(tx, act, { isAsked: true, answerDays: 7 }))
  const rows = await db.select({ days: silenceAsks.answerDays, round: silenceAsks.round }).from(silenceAsks)
  expect(new Set(rows.flatMap(({ days, round }) => (round > 0 ? [days] : [])))).toEqual(new Set([20]))
})

test('nobody un-asked, unreached, withheld, contracted or who spoke is erased: who did not answer in time is', async () => {
  await aDay()
  await runJobs(w.context)
  expect(await erased()).toEqual([idOf('marcel')])
  expect(await certificateOf(w.context.db, w.network.id, idOf('marcel'))).toMatchObject({ status: 'done' })
  const trail = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'contact.erase'))
  expect(trail).toMatchObject([
    { actor: 'relais', subject: idOf('marcel'), data: { reason: 'silence', askedOn: '2027-01-11' } },
  ])
  // Again changes nothing.
  await aDay()
  expect(await erased()).toEqual([idOf('marcel')])
  const late = await site.browser('198.51.100.4').post(linkOf((await askOf('marcel'))!.id))
  expect(late.status).toBe(410)
})

test('kept no longer, somebody is asked; while its campaign is paused nobody is', async () => {
  const stay = await stayCampaignOf(w.context.db, w.network.id)
  const act = { campaignId: stay!.id, actor: 'owner' }
  await pauseCampaign(w.context, await network(), act)
  await owner.post(`${page}/${idOf('jean')}?network=reseau`, { keep: 'no' })
  await aDay()
  expect((await asks()).P7).toBeUndefined()
  await resumeCampaign(w.context, await network(), act)
  await aDay()
  expect((await asks()).P7).toBe('asked 1')
})

test('who ran out of a contract and is silent again is asked anew, in another round', async () => {
  const { db } = w.context
  await db.update(consents).set({ occurredAt: new Date('2023-01-11T09:00:00Z') })
  await db.update(events).set({ occurredAt: new Date('2023-01-11T09:00:00Z') })
  await to('2027-02-20T10:00:00Z')
  await aDay()
  expect(await asks()).toMatchObject({ P2: 'asked 2', P3: 'asked 2', P5: 'unreached 1' })
})

test('the daily look asks in networks that do, and in no other', async () => {
  const { db } = w.context
  w.clock.forward(2 * 86_400_000)
  await askRetention(w.context)
  const job = await findJob(db, w.network.id, silenceJobId)
  expect(job?.status).toBe('queued')
})
