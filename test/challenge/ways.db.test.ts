import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { objectivesOf, overrideObjective } from '../../src/challenge/objectives.ts'
import { participantOf } from '../../src/challenge/participants.ts'
import { prepareJobId } from '../../src/challenge/prepare-job.ts'
import { register } from '../../src/challenge/register.ts'
import { withdraw } from '../../src/challenge/withdraw.ts'
import { newId } from '../../src/db/index.ts'
import {
  challengeParticipants,
  challengeResults,
  challengeSites,
  conversationMessages,
  events,
  pastResults,
  senders,
} from '../../src/db/schema.ts'
import { enqueue, findJob } from '../../src/job/enqueue.ts'
import { runJobs } from '../../src/job/run.ts'
import { factsOf } from '../../src/segment/facts.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { cast } from '../world.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

let w: ChallengeWorld
beforeAll(async () => {
  w = await challengeWorld({ mode: 'live' })
  await w.context.db.insert(senders).values({
    ...{ networkId: w.network.id, id: newId(), channel: 'sms', name: 'Numéro court', provider: 'twilio' },
    ...{ address: '36180', isTwoWay: true, countries: ['FR'], isDefault: true, createdAt: w.clock.now() },
  })
})
afterAll(() => w.close())

let told = 0
const text = async (from: string, words: string, key = `in:${++told}`) => {
  const data = { from, to: '36180', text: words }
  await receive(w.context.db, 'twilio', [{ dedupeKey: key, type: 'reply', data }], w.clock.now())
  await applyPending(w.context.db, w.context.wall)
}
const handled = async () =>
  (await w.context.db.select().from(conversationMessages)).flatMap(({ direction, handledAs }) =>
    direction === 'in' ? [handledAs] : [],
  )
const inTx = <T>(work: Parameters<typeof w.context.db.transaction<T>>[0]) => w.context.db.transaction(work)

test('registering twice is once, whichever way, and rules know of it', async () => {
  const contactId = await w.contactId('P3')
  const asked = { subject: { contactId }, by: `contact:${contactId}`, hasAgreed: true, at: w.clock.now() }
  const all = await Promise.all(
    (['link', 'portal', 'sms'] as const).map((way) => inTx((tx) => register(tx, w.challenge, { ...asked, way }))),
  )
  expect(all.map(({ outcome }) => outcome).toSorted()).toEqual(['already', 'already', 'registered'])
  const registered = await w.context.db.select().from(events).where(eq(events.type, 'register'))
  expect(registered).toHaveLength(1)
  const facts = await factsOf(w.context.db, w.network.id, [contactId], {
    now: w.clock.now(),
    campaignId: w.challenge.campaignId,
  })
  expect([...facts.get(contactId)!.states]).toContain('registered')
  const me = (await participantOf(w.context.db, w.network.id, w.challenge.id, { contactId }))!
  expect(me).toMatchObject({ role: 'vente', team: 'Le Comptoir du Rhône', agreedVersion: 1, status: 'registered' })
})

test('who may not take part, or not now, is told why', async () => {
  const contactId = await w.contactId('P4')
  const ask = (more: object) =>
    inTx((tx) =>
      register(tx, w.challenge, {
        ...{ subject: { contactId }, way: 'link', by: 'contact:x', hasAgreed: true, at: w.clock.now(), ...more },
      }),
    )
  expect(await ask({ at: new Date('2027-06-01') })).toEqual({ outcome: 'refused', code: 'closed' })
  expect(await ask({ at: new Date('2026-06-01') })).toEqual({ outcome: 'refused', code: 'not_open_yet' })
  expect(await ask({ hasAgreed: false })).toEqual({ outcome: 'refused', code: 'not_agreed' })
  expect(await ask({ subject: { contactId: 'nobody' } })).toEqual({ outcome: 'refused', code: 'unknown' })
  expect(await ask({ subject: { siteId: await w.siteId('S4') } })).toMatchObject({ outcome: 'registered' })
})

test('who leaves may come back, and keeps one place', async () => {
  const odile = await w.join('P2')
  expect(await inTx((tx) => withdraw(tx, odile, 'user:1', w.clock.now()))).toBe(true)
  expect(await inTx((tx) => withdraw(tx, odile, 'user:1', w.clock.now()))).toBe(false)
  expect(await w.tell(odile, { sourceKey: 'csv:left' })).toMatchObject({ outcome: 'new' })
  const gone = (await participantOf(w.context.db, w.network.id, w.challenge.id, { contactId: odile.contactId! }))!
  expect(await w.tell(gone, { sourceKey: 'csv:gone' })).toEqual({ outcome: 'refused', code: 'not_registered' })
  const again = await w.join('P2')
  expect(again).toMatchObject({ id: odile.id, status: 'registered', withdrawnAt: null })
})

test('a text message tells a result, is answered, and anything else is left to a person', async () => {
  const karim = await w.join('P3')
  await text(cast.karim.mobile, 'VENTE 3', 'sms-1')
  await text(cast.karim.mobile, 'VENTE 3', 'sms-1')
  await runJobs(w.context)
  expect(await w.sums(karim.id)).toMatchObject({ ledger: 30, total: 30, rows: 1 })
  await text(cast.karim.mobile, 'ventes : neuf')
  await text(cast.karim.mobile, 'Je passe demain pour la vente')
  await runJobs(w.context)
  expect(await handled()).toEqual(['challenge', 'challenge', null])
  expect((await w.sums(karim.id)).total).toBe(30)
  const [waiting] = await w.context.db
    .select()
    .from(challengeResults)
    .where(and(eq(challengeResults.participantId, karim.id), eq(challengeResults.status, 'pending')))
  expect(waiting).toMatchObject({ quantity: 9, way: 'sms', suspicion: null })
  const answers = (await w.context.db.select().from(conversationMessages)).filter(
    ({ direction }) => direction === 'out',
  )
  expect(answers.map((row) => row.text).toSorted()).toEqual([
    'Grand Nord : 3 pris en compte, + 30 points. Total : 30.',
    'Grand Nord : 9 bien recu. Il sera compte apres verification.',
  ])
  expect(answers.every(({ authorId }) => authorId === null)).toBe(true)
})

test('the same result by another way is held for a person, never dropped and never counted twice', async () => {
  const karim = await w.join('P3')
  const before = await w.sums(karim.id)
  const double = await w.tell(karim, { sourceKey: 'csv:F1', reference: 'F 1', quantity: 3, doneOn: '2027-01-12' })
  expect(double).toMatchObject({ outcome: 'new', result: { status: 'pending', suspicion: 'same_entry' } })
  expect(await w.sums(karim.id)).toEqual(before)
  const helene = await w.join('P4')
  const claimed = await w.tell(helene, { sourceKey: 'portal:1', way: 'portal', reference: 'f-1', quantity: 2 })
  expect(claimed).toMatchObject({ result: { status: 'pending', suspicion: 'same_reference' } })
  const second = await w.tell(karim, { sourceKey: 'csv:F2', reference: 'F 2', quantity: 3, doneOn: '2027-01-12' })
  expect(second).toMatchObject({ result: { status: 'validated', suspicion: null } })
})

test('every way puts the same into the ledger', async () => {
  const lucas = await w.join('P5')
  const points = async () => (await w.sums(lucas.id)).total
  for (const way of ['link', 'sms', 'portal', 'csv', 'coupon', 'console', 'api'] as const) {
    const before = await points()
    w.clock.forward(3 * 86_400_000)
    const doneOn = w.clock.now().toISOString().slice(0, 10)
    await w.tell(lucas, { way, sourceKey: `${way}:same`, quantity: 4, doneOn })
    expect([way, (await points()) - before]).toEqual([way, 40])
  }
  w.clock.set(new Date('2027-01-12T09:30:00Z'))
})

test('outside the period, in the future or after the end a result is refused with the reason', async () => {
  const karim = await w.join('P3')
  const refused = async (more: object) => {
    const recorded = await w.tell(karim, { sourceKey: 'csv:no', ...more })
    return recorded.outcome === 'refused' && recorded.code
  }
  expect(await refused({ doneOn: '2027-01-11' })).toBe('outside_period')
  expect(await refused({ doneOn: '2027-01-13' })).toBe('in_future')
  expect(await refused({ doneOn: '2027-02-30' })).toBe('bad_day')
  expect(await refused({ quantity: 0 })).toBe('bad_quantity')
  expect(await refused({ quantity: 1.5 })).toBe('bad_quantity')
  expect(await refused({ at: new Date('2027-03-30') })).toBe('closed')
  expect(await refused({ at: new Date('2027-01-11') })).toBe('not_started')
})

test('leagues and objectives come from the past, stay as they are once begun, and a hand’s word stays', async () => {
  const { db } = w.context
  const karim = await w.join('P3')
  const rows = (key: string, quantity: number) =>
    ['2026-01', '2026-02', '2026-03'].map((month) => ({
      ...{ networkId: w.network.id, subjectKey: key, measure: 'ventes', month, quantity, updatedAt: w.clock.now() },
    }))
  await db.insertRows(pastResults, [...rows(karim.subjectKey, 30), ...rows(`site:${await w.siteId('S1')}`, 100)])
  const prepare = async () => {
    await enqueue(db, {
      ...{ networkId: w.network.id, id: prepareJobId(w.challenge.id), kind: 'challenge.prepare' },
      ...{ payload: { challengeId: w.challenge.id }, at: w.clock.now(), onRepeat: 'restart' },
    })
    await runJobs(w.context)
    expect(await findJob(db, w.network.id, prepareJobId(w.challenge.id))).toMatchObject({ status: 'done', error: null })
  }
  await prepare()
  const own = async () => (await objectivesOf(db, w.challenge, [karim.subjectKey])).get(karim.subjectKey)!
  const [, sales] = await own()
  expect(sales).toMatchObject({ criterion: 'ventes', grounds: { source: 'history', growth: 10 } })
  expect(sales!.computed).toBeGreaterThan(50)
  const leagues = await db.select().from(challengeSites).where(eq(challengeSites.challengeId, w.challenge.id))
  expect(leagues.length).toBeGreaterThanOrEqual(6)
  expect(new Set(leagues.map(({ league }) => league))).toEqual(new Set([1]))
  const key = { subjectKey: karim.subjectKey, criterion: 'ventes' }
  const set = { target: 40, reason: 'congé', by: 'user:1', at: w.clock.now() }
  expect(await inTx((tx) => overrideObjective(tx, w.challenge, key, set))).toBe(true)
  await prepare()
  expect((await own())[1]).toMatchObject({ override: 40, overrideReason: 'congé', computed: sales!.computed })
  expect((await db.select().from(challengeParticipants)).length).toBeGreaterThan(3)
})
