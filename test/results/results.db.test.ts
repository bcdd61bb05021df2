import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/accounts/policy.ts'
import { type Asked, campaignFunnel } from '../../src/results/funnel.ts'
import { rateOf } from '../../src/results/rate.ts'
import { rollUp, rollUpSorts } from '../../src/results/roll-up.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type HandCounted, seedHandCounted } from './hand-counted.ts'

let store: TestDatabase
let known: HandCounted
const asked = (scope: Scope = { of: 'network' }): Asked => ({
  networkId: known.networkId,
  campaignId: known.campaignId,
  currency: 'EUR',
  scope,
})

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedHandCounted(store.db)
  await seedHandCounted(store.db, 'voisin', 2)
})
afterAll(() => store.drop())

describe('the funnel', () => {
  test('counts a step as one would by hand', async () => {
    const [teaser] = await campaignFunnel(store.db, asked())
    expect(teaser).toMatchObject({
      step: 'teaser',
      goal: 'reply',
      audience: 400,
      unreachable: [],
      heldOut: 0,
      failures: [],
    })
    expect(teaser!.channels).toEqual([
      {
        ...{ channel: 'email', isCompanion: false, decided: 400, planned: 400, sent: 400, delivered: 400, trouble: 0 },
        ...{ mailed: 400, openable: 80, opened: 44, machineOpened: 2, countedTogether: 320, measurable: 400 },
        ...{ acted: 30, actedMeasurably: 30, clicked: 0, replied: 30, acknowledged: 0, registered: 0, reached: 30 },
        ...{ costMillis: 40_000, otherCurrency: 0 },
      },
    ])
    expect(teaser!.together).toEqual({ opens: 150, clicks: 0 })
  })

  test('says of the opens what they rest on', async () => {
    const [teaser] = await campaignFunnel(store.db, asked())
    const { opened, openable, sent } = teaser!.channels[0]!
    const rate = rateOf(opened, openable, sent, 10)
    expect(rate).toMatchObject({ is: 'known', share: 0.55, coverage: 0.2 })
    expect(rate.is === 'known' && [rate.low, rate.high].map((end) => end.toFixed(6))).toEqual(['0.441195', '0.654223'])
  })

  test('counts failures, those without a channel, copies and machines apart', async () => {
    const [, relance] = await campaignFunnel(store.db, asked())
    expect(relance).toMatchObject({ step: 'relance', audience: 400, goal: undefined })
    expect(relance!.unreachable).toEqual([
      { code: 'consent_denied', count: 200 },
      { code: 'no_address', count: 100 },
    ])
    expect(relance!.failures).toEqual([
      { channel: 'sms', status: 'failed', code: '30005', count: 6 },
      { channel: 'sms', status: 'suppressed', code: 'stop', count: 4 },
    ])
    const [sms, email, intranet] = relance!.channels
    expect(sms).toMatchObject({
      channel: 'sms',
      decided: 100,
      sent: 90,
      delivered: 90,
      trouble: 10,
      clicked: 9,
      acted: 9,
    })
    expect(sms).toMatchObject({ costMillis: 700_000, reached: undefined, openable: 0, opened: 0 })
    expect(email).toMatchObject({ channel: 'email', decided: 0, sent: 1, openable: 1, opened: 1 })
    expect(intranet).toMatchObject({ channel: 'intranet', isCompanion: true, planned: 10, decided: 0 })
  })

  test('counts for who sees an area only that area, and nothing that belongs to everybody', async () => {
    const north = await campaignFunnel(store.db, asked({ of: 'sites', areas: ['Nord'], siteIds: [] }))
    expect(north[0]).toMatchObject({ audience: 200, together: { opens: 0, clicks: 0 } })
    expect(north[0]!.channels[0]).toMatchObject({ sent: 200, openable: 40, opened: 27, decided: 200 })
    expect(north[1]!.unreachable).toEqual([{ code: 'consent_denied', count: 100 }])
    const b2 = await campaignFunnel(store.db, asked({ of: 'sites', areas: [], siteIds: [known.siteIds.B2!] }))
    expect(b2[1]).toMatchObject({ audience: 100, failures: [], unreachable: [{ code: 'no_address', count: 100 }] })
    expect(b2[1]!.channels.map(({ channel, sent }) => [channel, sent])).toEqual([['email', 1]])
  })

  test('of a shop’s scope there is nothing', async () => {
    const [none] = await campaignFunnel(store.db, asked({ of: 'shop', shops: ['x'] }))
    expect(none).toMatchObject({ audience: 0, channels: [], failures: [] })
  })
})

describe('the roll-up', () => {
  const names = async (query: Parameters<typeof rollUp>[2], scope?: Scope) =>
    (await rollUp(store.db, asked(scope), query)).rows

  test('by site credits a shared mailbox to the site', async () => {
    const rows = await names({ by: 'site' })
    expect(
      rows.map(({ code, name, sent, opened, openable, acted }) => [code, name, sent, opened, openable, acted]),
    ).toEqual([
      ['A1', 'Site A1', 190, 15, 20, 39],
      ['A2', 'Site A2', 100, 12, 20, 0],
      ['B1', 'Site B1', 100, 10, 20, 0],
      ['B2', 'Site B2', 101, 8, 21, 0],
    ])
    expect(rows[0]).toMatchObject({ costMillis: 710_000, trouble: 10, key: known.siteIds.A1 })
  })

  test('by region, tier, profile and segment', async () => {
    const short = (rows: Awaited<ReturnType<typeof names>>) => rows.map(({ key, sent }) => [key, sent])
    expect(short(await names({ by: 'region' }))).toEqual([
      ['Nord', 290],
      ['Sud', 201],
    ])
    expect(short(await names({ by: 'tier' }))).toEqual([
      ['', 101],
      ['Gold', 290],
      ['Silver', 100],
    ])
    const byProfile = await names({ by: 'profile' })
    expect(short(byProfile).map(([key]) => key)).toEqual(['counter', 'field', 'office', 'owner', 'sales'])
    expect(byProfile.reduce((sum, { sent }) => sum + sent, 0)).toBe(490)
    expect(byProfile.reduce((sum, { opened }) => sum + opened, 0)).toBe(44)
    const [segment] = await names({ by: 'segment' })
    expect(segment).toMatchObject({ name: 'terrain-nord', sent: 50, opened: 15, openable: 20, replied: 25, clicked: 9 })
  })

  test('within an area shows its sites alone', async () => {
    const rows = await names({ by: 'site' }, { of: 'sites', areas: ['Sud'], siteIds: [] })
    expect(rows.map(({ code }) => code)).toEqual(['B1', 'B2'])
  })

  test('every order pages through each group once', async () => {
    for (const [n, sort] of rollUpSorts.entries())
      for (const direction of [n % 2 === 0 ? 'up' : 'down'] as const) {
        const seen: string[] = []
        let after: [string | number, string] | undefined
        do {
          const page = await rollUp(store.db, asked(), { by: 'site', sort, direction, after, limit: 2 })
          seen.push(...page.rows.map(({ code }) => code))
          after = page.next
        } while (after)
        const whole = (await names({ by: 'site', sort, direction })).map(({ code }) => code)
        expect(seen, `${sort} ${direction}`).toEqual(whole)
        expect([...seen].sort()).toEqual(['A1', 'A2', 'B1', 'B2'])
      }
    expect((await names({ by: 'site', sort: 'acted', direction: 'down' }))[0]!.code).toBe('A1')
  })
})
