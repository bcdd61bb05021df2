import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { addresses, contacts, events, networks, segmentMembers, segments, stations } from '../../src/db/schema.ts'
import { act, beliefsOf, expose, matureDue } from '../../src/engagement/record.ts'
import { appendTrackingChoices } from '../../src/network/consent.ts'
import { addressHash, suppress } from '../../src/network/suppression.ts'
import { factsOf } from '../../src/segment/facts.ts'
import { parseSegments } from '../../src/segment/parse.ts'
import { refreshSegments, segmentSize } from '../../src/segment/refresh.ts'
import type { SegmentRule } from '../../src/segment/rule.ts'
import { listSegments, SegmentProblem, saveSegments } from '../../src/segment/save.ts'
import type { EventType, Verdict } from '../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import {
  day,
  delivery,
  hour,
  launch,
  type Person,
  person,
  type Small,
  since,
  smallNetwork,
} from '../tracking/small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

const both = (title: string) => ({ fr: title, en: title })
const namesOf = async (small: Small, who: Person) => {
  const rows = await store.db
    .select({ name: segments.name })
    .from(segmentMembers)
    .innerJoin(
      segments,
      and(eq(segments.networkId, segmentMembers.networkId), eq(segments.id, segmentMembers.segmentId)),
    )
    .where(and(eq(segmentMembers.networkId, small.networkId), eq(segmentMembers.contactId, who.contactId)))
  return rows.map((row) => row.name).sort()
}
const refresh = (small: Small, at: Date, ids?: string[]) => refreshSegments(store.db, { id: small.networkId }, at, ids)
const happened = (
  small: Small,
  who: Person | null,
  type: EventType,
  at: Date,
  more: Partial<typeof events.$inferInsert> = {},
) =>
  store.db.insert(events).values({
    ...{ networkId: small.networkId, id: newId(), type, contactId: who?.contactId ?? null, messageId: small.messageId },
    ...{ dedupeKey: newId(), verdict: 'human_confirmed' as Verdict, data: {}, occurredAt: at, recordedAt: at },
    ...more,
  })
const factsFor = async (small: Small, who: Person, at: Date, isInCampaign = true) =>
  (
    await factsOf(store.db, small.networkId, [who.contactId], {
      now: at,
      campaignId: isInCampaign ? small.campaignId : undefined,
    })
  ).get(who.contactId)!

describe('membership', () => {
  test('is worked out over pages, segments of segments included, and only differences are written', async () => {
    const small = await smallNetwork(store.db)
    const many: Person[] = []
    await store.db.transaction(async (tx) => {
      for (let n = 0; n < 40; n++)
        many.push(await person(tx, small, { profile: n % 2 ? 'sales' : 'field', attributes: { points: n } }))
    })
    const definitions = parseSegments(
      [
        'top: { title: { fr: T, en: T }, rule: { all: [vendeurs, { attribute: { name: points, above: 29 } }] } }',
        'vendeurs: { title: { fr: V, en: S }, rule: { profile: sales } }',
      ].join('\n'),
      'segments.yaml',
    )
    expect(await store.db.transaction((tx) => saveSegments(tx, small.networkId, definitions, launch))).toEqual({
      ...{ created: ['top', 'vendeurs'], updated: [], unchanged: [] },
    })
    expect(await refresh(small, launch)).toEqual({ joined: 25, left: 0 })
    expect(await segmentSize(store.db, small.networkId, 'vendeurs')).toBe(20)
    expect(await segmentSize(store.db, small.networkId, 'top')).toBe(5)
    expect(await refresh(small, since(day))).toEqual({ joined: 0, left: 0 })
    expect(await namesOf(small, many[31]!)).toEqual(['top', 'vendeurs'])

    await store.db.update(contacts).set({ profile: 'owner' }).where(eq(contacts.id, many[31]!.contactId))
    await store.db.update(contacts).set({ isActive: false }).where(eq(contacts.id, many[33]!.contactId))
    expect(await refresh(small, since(2 * day), [many[31]!.contactId])).toEqual({ joined: 0, left: 2 })
    expect(await refresh(small, since(2 * day))).toEqual({ joined: 0, left: 2 })
    const [kept] = await store.db.select().from(segmentMembers).where(eq(segmentMembers.contactId, many[35]!.contactId))
    expect(kept!.since).toEqual(launch)
  })

  test('goes on over more contacts than a page holds', async () => {
    const small = await smallNetwork(store.db)
    const first = await person(store.db, small)
    const [row] = await store.db.select().from(contacts).where(eq(contacts.id, first.contactId))
    const copies = Array.from({ length: 1_100 }, (_, n) => ({ ...row!, id: newId(), identityKey: `copy ${n}` }))
    for (let start = 0; start < copies.length; start += 500)
      await store.db.insertRows(contacts, copies.slice(start, start + 500))
    await saveSegments(store.db, small.networkId, { all: { title: both('All'), rule: { language: 'fr' } } }, launch)
    expect(await refresh(small, launch)).toEqual({ joined: 1_101, left: 0 })
  })

  test('of one network says nothing of another', async () => {
    const [one, two] = [await smallNetwork(store.db), await smallNetwork(store.db)]
    const [ana, ben] = [await person(store.db, one), await person(store.db, two)]
    await saveSegments(store.db, one.networkId, { everyone: { title: both('E'), rule: { language: 'fr' } } }, launch)
    await refresh(one, launch)
    await refresh(two, launch)
    expect([await namesOf(one, ana), await namesOf(two, ben)]).toEqual([['everyone'], []])
  })
})

describe('saving', () => {
  test('again changes nothing; a changed rule is the next version; a bare name survives the database', async () => {
    const small = await smallNetwork(store.db)
    const a = { title: both('A'), rule: { profile: 'field' as const } }
    const save = (definitions: Parameters<typeof saveSegments>[2]) =>
      store.db.transaction((tx) => saveSegments(tx, small.networkId, definitions, launch))
    await save({ 2026: a, same: { title: both('S'), rule: '2026' } })
    expect(await save({ 2026: a, same: { title: both('S'), rule: '2026' } })).toMatchObject({
      unchanged: ['2026', 'same'],
    })
    expect(await save({ 2026: { ...a, rule: { profile: 'office' } } })).toMatchObject({ updated: ['2026'] })
    expect(
      (await listSegments(store.db, small.networkId)).map(({ name, rule, version }) => [name, rule, version]),
    ).toEqual([
      ['2026', { profile: 'office' }, 2],
      ['same', { segment: '2026' }, 1],
    ])
  })

  test('refuses, with what is stored already, unknown names and circles', async () => {
    const small = await smallNetwork(store.db)
    const save = (definitions: Parameters<typeof saveSegments>[2]) =>
      saveSegments(store.db, small.networkId, definitions, launch)
    await expect(save({ a: { title: both('A'), rule: 'b' } })).rejects.toThrow(SegmentProblem)
    await save({ b: { title: both('B'), rule: { tier: 'Or' } } })
    await save({ a: { title: both('A'), rule: 'b' } })
    await expect(save({ b: { title: both('B'), rule: { not: 'a' } } })).rejects.toThrow(/circle: a → b → a/)
  })
})

describe('facts', () => {
  test('of contact, site and addresses', async () => {
    const small = await smallNetwork(store.db)
    const ana = await person(store.db, small, { profile: 'counter', attributes: { metier: 'plombier' } })
    const facts = () => factsFor(small, ana, launch)
    expect(await facts()).toMatchObject({
      ...{ profile: 'counter', language: 'fr', attributes: { metier: 'plombier', isCorrespondent: false } },
      site: {
        typology: 'Agence',
        tier: 'Or',
        region: 'FR',
        attributes: { seats: 12, city: 'Lille', name: 'Agence de Lille' },
      },
    })
    expect([...(await facts()).reachable].sort()).toEqual(['email', 'intranet', 'sms'])
    await store.db.update(addresses).set({ status: 'dead' }).where(eq(addresses.id, ana.mobileId))
    await suppress(store.db, {
      ...{
        networkId: small.networkId,
        scope: 'address',
        addressHash: addressHash('email', `${ana.contactId}@example.fr`),
      },
      ...{ reason: 'hard_bounce', source: 'test', occurredAt: launch },
    })
    await store.db.insert(stations).values({
      ...{ networkId: small.networkId, id: newId(), siteId: small.siteId, name: 'Comptoir', tokenHash: newId() },
      createdAt: launch,
    })
    expect([...(await facts()).reachable].sort()).toEqual(['intranet', 'screen'])
  })

  test('of a campaign: who opened, acted, registered, started and acknowledged', async () => {
    const small = await smallNetwork(store.db)
    const states = async (who: Person, isInCampaign = true) =>
      [...(await factsFor(small, who, since(day), isInCampaign)).states].sort()
    const [ana, ben, cleo] = [
      await person(store.db, small),
      await person(store.db, small),
      await person(store.db, small),
    ]
    await happened(small, ana, 'open', since(hour), { verdict: 'human_likely' })
    await happened(small, ben, 'click', since(3 * hour), { verdict: 'human_likely' })
    await happened(small, ben, 'register', since(2 * hour))
    await happened(small, cleo, 'acknowledge', since(hour), { verdict: null })
    expect(await states(ana)).toEqual(['opened'])
    expect(await states(ben)).toEqual(['acted', 'opened', 'registered', 'started'])
    expect(await states(cleo)).toEqual(['acknowledged', 'acted', 'opened'])
    expect(await states(ben, false)).toEqual([])
  })

  test('hear people only: not machines, not the unsure, not the refused, not the date kept for hygiene', async () => {
    const small = await smallNetwork(store.db)
    const [ana, ben] = [await person(store.db, small), await person(store.db, small)]
    for (const verdict of ['machine', 'suspect', 'unknown'] as const)
      await happened(small, ana, 'click', since(hour), { verdict })
    await happened(small, ana, 'open', since(hour), { data: { hygiene: true }, messageId: null })
    expect((await factsFor(small, ana, since(day))).events).toEqual([])
    await happened(small, ben, 'open', since(hour))
    expect((await factsFor(small, ben, since(day))).events).toEqual([
      { type: 'open', at: since(hour), campaign: 'grand-nord', step: 'teaser' },
    ])
    await appendTrackingChoices(store.db, [
      {
        ...{ networkId: small.networkId, contactId: ben.contactId, subject: 'opens', choice: 'refused' },
        ...{ source: 'test', occurredAt: since(2 * hour) },
      },
    ])
    expect((await factsFor(small, ben, since(day))).events).toEqual([])
    expect([...(await factsFor(small, ben, since(day))).states]).toEqual([])
  })

  test('an acknowledgement on the site’s screen is everyone’s whom it covers', async () => {
    const small = await smallNetwork(store.db)
    const [ana, ben, cleo] = [
      await person(store.db, small),
      await person(store.db, small),
      await person(store.db, small),
    ]
    const deliveryId = await delivery(store.db, small, { siteOf: [ana, ben] }, { channel: 'screen' })
    await happened(small, null, 'acknowledge', since(hour), { deliveryId })
    for (const who of [ana, ben]) expect((await factsFor(small, who, since(day))).states).toContain('acknowledged')
    expect((await factsFor(small, cleo, since(day))).states).toEqual(new Set())
  })
})

test.each<SegmentRule>([{ engagement: 'hot' }, { all: [{ profile: 'sales' }, { engagement: ['hot'] }] }])(
  'who acts becomes hot, and being hot is remembered down to a lower mean: %j',
  async (rule) => {
    const small = await smallNetwork(store.db)
    const priors = { sales: { email: 0.2, sms: 0.1, print: 0.05, intranet: 0.05 } }
    await store.db
      .update(networks)
      .set({ settings: { defaults: { engagement: { priors } } } })
      .where(eq(networks.id, small.networkId))
    const ana = await person(store.db, small, { profile: 'sales' })
    await saveSegments(store.db, small.networkId, { hot: { title: both('Hot'), rule } }, launch)
    await refresh(small, launch)
    expect(await namesOf(small, ana)).toEqual([])
    const [first] = [await written(small, ana, launch), await written(small, ana, since(day))]
    await store.db.transaction((tx) =>
      act(tx, { networkId: small.networkId, deliveryId: first, at: since(hour), now: since(hour) }),
    )
    await refresh(small, since(2 * hour))
    expect(await namesOf(small, ana)).toEqual(['hot'])
    await matureDue(store.db, { id: small.networkId }, since(5 * day))
    const belief = (
      await beliefsOf(store.db, small.networkId, [{ id: ana.contactId, profile: 'sales' }], since(5 * day))
    ).get(ana.contactId)!.email!
    expect(belief.mean).toBeGreaterThan(0.25)
    expect(belief.mean).toBeLessThan(0.3)
    await refresh(small, since(5 * day))
    expect(await namesOf(small, ana)).toEqual(['hot'])
    // Without that memory the same numbers are warm.
    await store.db.delete(segmentMembers).where(eq(segmentMembers.networkId, small.networkId))
    await refresh(small, since(5 * day))
    expect(await namesOf(small, ana)).toEqual([])
  },
)

const written = async (small: Small, to: Person, sentAt: Date) => {
  const deliveryId = await delivery(store.db, small, to, { sentAt })
  await expose(store.db, [
    {
      ...{ networkId: small.networkId, deliveryId, contactId: to.contactId, channel: 'email', profile: 'sales' },
      ...{ sentAt, isMeasurable: true },
    },
  ])
  return deliveryId
}
