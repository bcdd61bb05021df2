import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../../src/accounts/policy.ts'
import { groupsOf, outletPage } from '../../../src/challenge/report/groups.ts'
import { challengeReport, costPerActive } from '../../../src/challenge/report/report.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { seedCountedChallenge } from './hand-counted-challenge.ts'

let store: TestDatabase
let known: Awaited<ReturnType<typeof seedCountedChallenge>>
const now = new Date('2027-02-01T08:00:00Z')

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedCountedChallenge(store.db)
})
afterAll(() => store.drop())

const asked = (scope: Scope = { of: 'network' }) => ({ challenge: known.challenge, currency: 'EUR', scope })

describe('the report of a challenge', () => {
  test('counts who was invited, registered and active, what it cost, and what an active one came to', async () => {
    const { whole, steps, effect } = await challengeReport(store.db, asked(), now)
    expect(whole).toEqual({
      ...{ invited: 400, registered: 70, active: 45, withdrawn: 1, points: 900 },
      ...{ invitedOutlets: 4, registeredOutlets: 3, activeOutlets: 3 },
      ...{ messagesMillis: 740_000, otherCurrency: 0, prizesCents: 30_000 },
    })
    expect(costPerActive(known.challenge.rules, whole)).toBeCloseTo(30_740 / 45, 9)
    expect(steps.map(({ step }) => step)).toEqual(['teaser', 'relance'])
    expect(effect?.acted.heldOut.people).toBe(0)
  })

  test('rolls up by league, region and tier, and the groups add up to the whole', async () => {
    const { groups } = await challengeReport(store.db, asked(), now)
    const told = (rows: (typeof groups)['tier']) =>
      rows.map(({ name, invited, registered, active, prizesCents }) => [name, invited, registered, active, prizesCents])
    expect(told(groups.league)).toEqual([
      ['1', 200, 60, 40, 30_000],
      ['2', 200, 10, 5, 0],
    ])
    expect(told(groups.region)).toEqual([
      ['Nord', 200, 60, 40, 30_000],
      ['Sud', 200, 10, 5, 0],
    ])
    expect(told(groups.tier)).toEqual([
      ['', 100, 0, 0, 0],
      ['Gold', 200, 50, 35, 30_000],
      ['Silver', 100, 20, 10, 0],
    ])
  })

  test('lists outlets by pages, those nobody of has registered too', async () => {
    const first = await outletPage(store.db, asked(), undefined, 3)
    expect(first.rows.map(({ code, registered, points }) => [code, registered, points])).toEqual([
      ['A1', 40, 600],
      ['A2', 20, 200],
      ['B1', 10, 100],
    ])
    const second = await outletPage(store.db, asked(), first.next, 3)
    expect(second.rows.map(({ code, invited, messagesMillis }) => [code, invited, messagesMillis])).toEqual([
      ['B2', 100, 10_000],
    ])
    expect(second.next).toBeUndefined()
  })

  test('tells a region manager of their own outlets only, and of no comparison drawn over all', async () => {
    const scope: Scope = { of: 'sites', areas: ['Sud'], siteIds: [] }
    const { whole, effect } = await challengeReport(store.db, asked(scope), now)
    expect(whole).toMatchObject({ invited: 200, registered: 10, active: 5, prizesCents: 0, messagesMillis: 20_000 })
    expect(effect).toBeUndefined()
    expect((await groupsOf(store.db, asked(scope))).region.map(({ name }) => name)).toEqual(['Sud'])
    expect((await outletPage(store.db, asked(scope), undefined)).rows.map(({ code }) => code)).toEqual(['B1', 'B2'])
  })
})
