import { and, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import {
  contacts,
  engagementCheckpoints,
  engagements,
  exposures,
  groupEngagements,
  networks,
  siteEngagements,
  sites,
} from '../../src/db/schema.ts'
import { learningValues } from '../../src/engagement/defaults.ts'
import { decay, weight } from '../../src/engagement/formula.ts'
import { rebuildEngagement } from '../../src/engagement/rebuild.ts'
import { act, beliefsOf, expose, matureDue, voidExposures } from '../../src/engagement/record.ts'
import { engagementOf } from '../../src/engagement/standing.ts'
import { forgetPending } from '../../src/engagement/void.ts'
import { appendTrackingChoices } from '../../src/network/consent.ts'
import { engagementsOf } from '../../src/segment/facts.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { day, delivery, hour, type Person, person, type Small, since, smallNetwork } from '../tracking/small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

const learning = learningValues()
const never = () => false
const always = () => true

const exposed = async (small: Small, to: Person, sentAt: Date, isMeasurable = true) => {
  const deliveryId = await delivery(store.db, small, to, { sentAt })
  await expose(store.db, [
    {
      networkId: small.networkId,
      deliveryId,
      contactId: to.contactId,
      channel: 'email',
      profile: 'field',
      siteId: small.siteId,
      sentAt,
      isMeasurable,
    },
  ])
  return deliveryId
}
const acted = (small: Small, deliveryId: string, at: Date, now = at) =>
  store.db.transaction((tx) => act(tx, { networkId: small.networkId, deliveryId, at, now }))
const rowOf = async (small: Small, who: Person) =>
  (
    await store.db
      .select()
      .from(engagements)
      .where(and(eq(engagements.networkId, small.networkId), eq(engagements.contactId, who.contactId)))
  )[0]
const outcomeOf = async (deliveryId: string) =>
  (await store.db.select().from(exposures).where(eq(exposures.deliveryId, deliveryId)))[0]!

const setUp = async () => {
  const small = await smallNetwork(store.db)
  return { small, ana: await person(store.db, small) }
}

describe('an exposure', () => {
  test('counts nothing before its window has closed, then as a miss with the weight of its age', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0))
    expect(await matureDue(store.db, { id: small.networkId }, since(72 * hour - 1))).toBe(0)
    expect(await rowOf(small, ana)).toBeUndefined()
    expect(await matureDue(store.db, { id: small.networkId }, since(90 * day))).toBe(1)
    expect(await matureDue(store.db, { id: small.networkId }, since(90 * day))).toBe(0)
    const row = await rowOf(small, ana)
    expect(row).toMatchObject({
      s: 0,
      exposures: 1,
      actions: 0,
      misses: 1,
      firstExposureAt: since(0),
      lastActionAt: null,
    })
    expect(row!.n).toBeCloseTo(0.5, 9)
    expect(await outcomeOf(deliveryId)).toMatchObject({ outcome: 'missed', outcomeAt: since(72 * hour) })
  })

  test('acted upon within the window counts at once and only once', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0))
    for (const at of [since(2 * hour), since(hour), since(2 * hour)]) await acted(small, deliveryId, at)
    expect(await rowOf(small, ana)).toMatchObject({
      exposures: 1,
      actions: 1,
      misses: 0,
      lastActionAt: since(2 * hour),
    })
    expect(await outcomeOf(deliveryId)).toMatchObject({ outcome: 'acted', outcomeAt: since(2 * hour) })
    expect(await matureDue(store.db, { id: small.networkId }, since(30 * day))).toBe(0)
  })

  test('an act heard of after the window, but done within it, turns the miss into an act', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0))
    await matureDue(store.db, { id: small.networkId }, since(4 * day))
    await acted(small, deliveryId, since(2 * day), since(5 * day))
    const row = await rowOf(small, ana)
    expect(row).toMatchObject({ exposures: 1, actions: 1, misses: 0 })
    expect(row!.s).toBeCloseTo(row!.n, 9)
  })

  test('an act after the window leaves the miss, but is remembered as the last act', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0))
    await acted(small, deliveryId, since(5 * day))
    await matureDue(store.db, { id: small.networkId }, since(6 * day))
    expect(await rowOf(small, ana)).toMatchObject({ exposures: 1, actions: 0, misses: 0, lastActionAt: since(5 * day) })
    expect(await outcomeOf(deliveryId)).toMatchObject({ outcome: 'missed', outcomeAt: since(5 * day) })
  })

  test('that could not be measured never counts, yet the act is dated', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0), false)
    await matureDue(store.db, { id: small.networkId }, since(5 * day))
    expect(await rowOf(small, ana)).toBeUndefined()
    await acted(small, deliveryId, since(hour))
    expect(await rowOf(small, ana)).toMatchObject({ s: 0, n: 0, exposures: 0, actions: 0, lastActionAt: since(hour) })
  })

  test('of a delivery that failed is void, and a miss already counted is taken back', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await exposed(small, ana, since(0))
    await matureDue(store.db, { id: small.networkId }, since(4 * day))
    await store.db.transaction((tx) =>
      voidExposures(tx, { networkId: small.networkId, deliveryId, now: since(5 * day) }),
    )
    expect(await rowOf(small, ana)).toMatchObject({ n: 0, exposures: 0, misses: 0 })
    expect(await outcomeOf(deliveryId)).toMatchObject({ outcome: 'void', outcomeAt: null })
    const [group] = await store.db
      .select()
      .from(groupEngagements)
      .where(eq(groupEngagements.networkId, small.networkId))
    expect(group).toMatchObject({ n: 0, s: 0 })
  })

  test('of a delivery that had failed before it was written down matures to nothing', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana, { status: 'failed' })
    await expose(store.db, [
      {
        ...{ networkId: small.networkId, deliveryId, contactId: ana.contactId, channel: 'email', profile: 'field' },
        ...{ sentAt: since(0), isMeasurable: true },
      },
    ])
    await matureDue(store.db, { id: small.networkId }, since(4 * day))
    expect(await outcomeOf(deliveryId)).toMatchObject({ outcome: 'void' })
    expect(await rowOf(small, ana)).toBeUndefined()
  })

  test('an act begins the count of misses in a row anew', async () => {
    const { small, ana } = await setUp()
    const ids: string[] = []
    for (const days of [0, 7, 14, 21]) ids.push(await exposed(small, ana, since(days * day)))
    await matureDue(store.db, { id: small.networkId }, since(30 * day))
    expect((await rowOf(small, ana))!.misses).toBe(4)
    await acted(small, ids[1]!, since(8 * day), since(31 * day))
    expect(await rowOf(small, ana)).toMatchObject({ exposures: 4, actions: 1, misses: 2, lastActionAt: since(8 * day) })
  })
})

describe('what is believed', () => {
  test('without data it is the cold-start table; a channel it does not foresee is absent', async () => {
    const { small, ana } = await setUp()
    const beliefs = (
      await beliefsOf(store.db, small.networkId, [{ id: ana.contactId, profile: 'field' }], since(0))
    ).get(ana.contactId)!
    expect(Object.keys(beliefs).sort()).toEqual(['email', 'intranet', 'print', 'sms'])
    expect(beliefs.sms).toEqual({ mean: 0.35, s: 0, n: 0, exposures: 0, actions: 0 })
  })

  test('one who never was written to learns from the group; one who acted is above it', async () => {
    const { small, ana } = await setUp()
    const ben = await person(store.db, small)
    for (let n = 0; n < 10; n++) await acted(small, await exposed(small, ana, since(n * day)), since(n * day + hour))
    const who = [ana, ben].map(({ contactId }) => ({ id: contactId, profile: 'field' as const }))
    const beliefs = await beliefsOf(store.db, small.networkId, who, since(10 * day))
    const [hers, his] = [beliefs.get(ana.contactId)!.email!, beliefs.get(ben.contactId)!.email!]
    expect(his.mean).toBeGreaterThan(0.08)
    expect(his.n).toBe(0)
    expect(hers.mean).toBeGreaterThan(his.mean)
    const sum = Array.from({ length: 10 }, (_, n) => weight(since(n * day), since(10 * day), 90)).reduce(
      (a, b) => a + b,
    )
    expect(hers.s).toBeCloseTo(sum, 9)
    // The table, then the group, then the outlet: she works where he does.
    const group = (20 * 0.08 + sum) / (20 + sum)
    expect(his.mean).toBeCloseTo((20 * group + sum) / (20 + sum), 9)
    // Of her outlet she knows only what the others did, which is nothing yet.
    expect(hers.mean).toBeCloseTo((8 * group + sum) / (8 + sum), 9)
  })

  test('what an outlet showed is its people’s of that profile, and moves with nobody', async () => {
    const { small, ana } = await setUp()
    const [ben, owner, far] = [
      await person(store.db, small),
      await person(store.db, small, { profile: 'owner' }),
      await person(store.db, small),
    ]
    const elsewhere = newId()
    const [site] = await store.db.select().from(sites).where(eq(sites.id, small.siteId))
    await store.db.insert(sites).values({ ...site!, id: elsewhere, externalId: 'S2' })
    await store.db.update(contacts).set({ siteId: elsewhere }).where(eq(contacts.id, far.contactId))
    for (let n = 0; n < 10; n++) await acted(small, await exposed(small, ana, since(n * day)), since(n * day + hour))
    const means = async () => {
      const who = [
        { id: ben.contactId, profile: 'field' as const },
        { id: owner.contactId, profile: 'owner' as const },
        { id: far.contactId, profile: 'field' as const },
      ]
      const beliefs = await beliefsOf(store.db, small.networkId, who, since(10 * day))
      return who.map(({ id }) => beliefs.get(id)!.email!.mean)
    }
    const [here, ofOwner, there] = await means()
    expect(here).toBeGreaterThan(there!)
    expect(ofOwner).toBe(learning.priors.owner.email)
    await store.db.update(contacts).set({ siteId: elsewhere }).where(eq(contacts.id, ana.contactId))
    await rebuildEngagement(store.db, { id: small.networkId })
    expect((await means())[0]).toBeCloseTo(here!, 9)
    expect((await means())[2]).toBeCloseTo(there!, 9)
  })

  test('who objects is learned from no more, stands as somebody new, and is learned from again once they agree', async () => {
    const { small, ana } = await setUp()
    const say = (choice: 'granted' | 'refused', occurredAt: Date) =>
      appendTrackingChoices(store.db, [
        {
          networkId: small.networkId,
          contactId: ana.contactId,
          subject: 'learning',
          choice,
          source: 'test',
          occurredAt,
        },
      ])
    const stands = async (at: Date) =>
      (await engagementOf(store.db, small.networkId, [{ id: ana.contactId, profile: 'field' }], at, never, always)).get(
        ana.contactId,
      )!
    await acted(small, await exposed(small, ana, since(0)), since(hour))
    const before = await exposed(small, ana, since(day))
    expect((await stands(since(day))).overall).not.toBe('new')
    await say('refused', since(2 * day))
    await forgetPending(store.db, small.networkId, ana.contactId)
    await exposed(small, ana, since(3 * day))
    await matureDue(store.db, { id: small.networkId }, since(20 * day))
    expect(await rowOf(small, ana)).toMatchObject({ exposures: 1, actions: 1 })
    expect(await outcomeOf(before)).toMatchObject({ outcome: 'void', isMeasurable: false })
    expect(await stands(since(20 * day))).toMatchObject({ overall: 'new', byChannel: {}, beliefs: {} })
    expect((await rebuildEngagement(store.db, { id: small.networkId })).corrected).toBe(0)
    await say('granted', since(21 * day))
    await exposed(small, ana, since(22 * day))
    await matureDue(store.db, { id: small.networkId }, since(40 * day))
    expect(await rowOf(small, ana)).toMatchObject({ exposures: 2, actions: 1 })
    expect((await stands(since(40 * day))).overall).not.toBe('new')
  })

  test('a network’s own figures hold', async () => {
    const { small, ana } = await setUp()
    await store.db
      .update(networks)
      .set({ settings: { defaults: { engagement: { priors: { field: { sms: 0.6 } }, windowHours: { email: 24 } } } } })
      .where(eq(networks.id, small.networkId))
    const beliefs = await beliefsOf(store.db, small.networkId, [{ id: ana.contactId, profile: 'field' }], since(0))
    expect(beliefs.get(ana.contactId)!.sms!.mean).toBe(0.6)
    await exposed(small, ana, since(0))
    expect(await matureDue(store.db, { id: small.networkId }, since(24 * hour))).toBe(1)
  })
})

test('standing: new, then hot by an act, warm once it cools, dormant on a channel never answered', async () => {
  const { small, ana } = await setUp()
  const stand = async (at: Date, isSeen: (id: string) => boolean = always) =>
    (await engagementOf(store.db, small.networkId, [{ id: ana.contactId, profile: 'field' }], at, never, isSeen)).get(
      ana.contactId,
    )!
  expect((await stand(since(0))).overall).toBe('new')
  for (let week = 0; week < 13; week++) await exposed(small, ana, since(week * 7 * day))
  await matureDue(store.db, { id: small.networkId }, since(100 * day))
  expect(await stand(since(100 * day))).toMatchObject({ overall: 'dormant', byChannel: { email: 'dormant' } })
  // Thirteen of whom only acts are seen say less.
  expect(await stand(since(100 * day), never)).toMatchObject({ overall: 'cold', byChannel: { email: 'cold' } })
  const sms = await delivery(store.db, small, ana, { channel: 'sms', sentAt: since(101 * day) })
  await expose(store.db, [
    {
      ...{ networkId: small.networkId, deliveryId: sms, contactId: ana.contactId, channel: 'sms', profile: 'field' },
      ...{ sentAt: since(101 * day), isMeasurable: true },
    },
  ])
  await acted(small, sms, since(101 * day + hour))
  expect(await stand(since(102 * day))).toMatchObject({ overall: 'hot', byChannel: { email: 'dormant', sms: 'hot' } })
  expect((await stand(since(140 * day))).overall).toBe('warm')
  // 13 e-mails ignored before that act no longer count against her.
  expect((await stand(since(300 * day))).overall).toBe('cold')
  for (let week = 0; week < 16; week++) await exposed(small, ana, since((110 + week * 7) * day))
  await matureDue(store.db, { id: small.networkId }, since(300 * day))
  expect((await stand(since(300 * day))).overall).toBe('dormant')
})

test('silence means less where a country lets only acts be seen, until somebody lets their opens be', async () => {
  const { small, ana } = await setUp()
  for (let week = 0; week < 13; week++) await exposed(small, ana, since(week * 7 * day))
  await matureDue(store.db, { id: small.networkId }, since(100 * day))
  const state = async () => {
    const people = await store.db
      .select({ contact: contacts, site: sites })
      .from(contacts)
      .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
      .where(and(eq(contacts.networkId, small.networkId), eq(contacts.id, ana.contactId)))
    expect(people[0]!.site.country).toBe('FR')
    const found = await engagementsOf(store.db, small.networkId, people, since(100 * day))
    return found.get(ana.contactId)!.overall
  }
  expect(await state()).toBe('cold')
  const granted = { subject: 'opens', choice: 'granted', source: 'test', occurredAt: since(100 * day) } as const
  await appendTrackingChoices(store.db, [{ ...granted, networkId: small.networkId, contactId: ana.contactId }])
  expect(await state()).toBe('dormant')
})

describe('rebuilding', () => {
  const table = async (small: Small, at: Date) => {
    const rows = await store.db.select().from(engagements).where(eq(engagements.networkId, small.networkId))
    const groups = await store.db.select().from(groupEngagements).where(eq(groupEngagements.networkId, small.networkId))
    const outlets = await store.db.select().from(siteEngagements).where(eq(siteEngagements.networkId, small.networkId))
    const round = (x: number) => Math.round(x * 1e9) / 1e9
    const read = (row: { s: number; n: number; at: Date; channel: 'email' }) => {
      const sums = decay(row, at, learning.halfLifeDays.email)
      return { s: round(sums.s), n: round(sums.n) }
    }
    return {
      // A row that was emptied again says no more than a missing one.
      rows: rows
        .filter((row) => row.exposures > 0 || row.lastActionAt !== null)
        .map(({ channel: _, ...row }) => ({ ...row, ...read({ ...row, channel: 'email' }), at: null }))
        .sort((a, b) => (a.contactId < b.contactId ? -1 : 1)),
      groups: groups
        .filter((row) => row.n > 0)
        .map((row) => ({ profile: row.profile, ...read({ ...row, channel: 'email' }) })),
      outlets: outlets
        .filter((row) => row.n > 0)
        .map((row) => ({ siteId: row.siteId, profile: row.profile, ...read({ ...row, channel: 'email' }) })),
    }
  }

  test('from exposures reaches what was learnt step by step, whatever came when', async () => {
    const end = since(200 * day)
    const history = fc.array(
      fc.record({
        who: fc.integer({ min: 0, max: 2 }),
        sent: fc.integer({ min: 0, max: 100 }),
        acts: fc.array(fc.integer({ min: 1, max: 240 }), { maxLength: 2 }),
        fails: fc.boolean(),
        isMeasurable: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const small = await smallNetwork(store.db)
        const people = [await person(store.db, small), await person(store.db, small), await person(store.db, small)]
        const steps: { at: Date; run: () => Promise<unknown> }[] = []
        for (const { who, sent, acts, fails, isMeasurable } of given) {
          const sentAt = since(sent * day)
          const deliveryId = await exposed(small, people[who]!, sentAt, isMeasurable)
          for (const hours of acts) {
            const at = new Date(sentAt.getTime() + hours * hour)
            steps.push({ at, run: () => acted(small, deliveryId, at) })
          }
          if (fails && acts.length === 0) {
            const now = new Date(sentAt.getTime() + 5 * day)
            const key = { networkId: small.networkId, deliveryId, now }
            steps.push({ at: now, run: () => store.db.transaction((tx) => voidExposures(tx, key)) })
          }
        }
        for (const days of [20, 60, 110]) {
          const at = since(days * day)
          steps.push({ at, run: () => matureDue(store.db, { id: small.networkId }, at) })
        }
        for (const step of steps.sort((a, b) => a.at.getTime() - b.at.getTime())) await step.run()
        const learnt = await table(small, end)
        const counts = await rebuildEngagement(store.db, { id: small.networkId })
        expect(await table(small, end)).toEqual(learnt)
        expect(counts).toMatchObject({ contacts: 3, corrected: 0 })
      }),
      { numRuns: 25 },
    )
  })

  test('a checkpoint stands for the exposures that retention has removed', async () => {
    const { small, ana } = await setUp()
    const first = await exposed(small, ana, since(0))
    await acted(small, first, since(hour))
    await exposed(small, ana, since(7 * day))
    await matureDue(store.db, { id: small.networkId }, since(20 * day))
    const [old] = await store.db.select().from(engagements).where(eq(engagements.networkId, small.networkId))
    await exposed(small, ana, since(30 * day))
    await matureDue(store.db, { id: small.networkId }, since(40 * day))
    const end = since(60 * day)
    const learnt = await table(small, end)
    await store.db.insertRows(engagementCheckpoints, [old!])
    await store.db
      .delete(exposures)
      .where(and(eq(exposures.networkId, small.networkId), eq(exposures.sentAt, since(0))))
    await store.db
      .delete(exposures)
      .where(and(eq(exposures.networkId, small.networkId), eq(exposures.sentAt, since(7 * day))))
    await rebuildEngagement(store.db, { id: small.networkId })
    expect(await table(small, end)).toEqual(learnt)
  })
})

test('acts counted by several workers at the same time all count', async () => {
  const { small, ana } = await setUp()
  const ids: string[] = []
  for (let n = 0; n < 12; n++) ids.push(await exposed(small, ana, since(n * hour)))
  await Promise.all(ids.map((deliveryId, n) => acted(small, deliveryId, since((n + 1) * hour))))
  expect(await rowOf(small, ana)).toMatchObject({ exposures: 12, actions: 12 })
})
