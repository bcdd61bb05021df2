import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../../src/accounts/policy.ts'
import { groupsOf, outletPage } from '../../../src/challenge/report/groups.ts'
import { challengeReport, costPerActive } from '../../../src/challenge/report/report.ts'
import { type SalesEffect, salesEffects } from '../../../src/challenge/report/sales-effect.ts'
import { t95, welch } from '../../../src/challenge/report/welch.ts'
import { newId } from '../../../src/db/index.ts'
import { contacts, decisions, messages, pastResults, sites } from '../../../src/db/schema.ts'
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

  test('compares what outlets sold with those left out by lot, where their sales are known on both sides', async () => {
    const { db } = store
    const { networkId, campaignId, challenge } = known
    const selling = (history?: string) => ({
      ...challenge,
      rules: { ...challenge.rules, ...(history ? { leagues: { history, size: 30 } } : {}) } as typeof challenge.rules,
    })
    const later = new Date(challenge.endsAt.getTime() + 40 * 86_400_000)
    const told = async (history?: string, at = later) =>
      (await salesEffects(db, selling(history), at)).map((one) => (one.isMeasurable ? one : one.reason))
    expect(await told()).toEqual(['no_measure'])
    expect(await told('ventes', challenge.startsAt)).toEqual(['too_early'])
    expect(await told('ventes')).toEqual(['no_holdout'])

    // Twelve outlets on each side; one more of which nothing is known from before, and one with nothing since.
    const [model] = await db.select().from(sites).where(eq(sites.networkId, networkId)).limit(1)
    const [person] = await db.select().from(contacts).where(eq(contacts.networkId, networkId)).limit(1)
    const [message] = await db.select().from(messages).where(eq(messages.campaignId, campaignId)).limit(1)
    const month = challenge.startsAt.toISOString().slice(0, 7)
    const before = `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`
    const past: (typeof pastResults.$inferInsert)[] = []
    const add = async (heldOut: boolean, bySite: boolean, sold: { before?: number; since?: number }) => {
      const [siteId, contactId] = [newId(), newId()]
      await db.insert(sites).values({ ...model!, id: siteId, externalId: siteId })
      await db
        .insert(contacts)
        .values({ ...person!, id: contactId, siteId, externalId: contactId, identityKey: contactId })
      await db.insert(decisions).values({
        ...{ networkId, messageId: message!.id, contactId, occurrence: '1', outcome: heldOut ? 'holdout' : 'none' },
        ...{ because: [], trace: [], fallbacks: [], policyVersion: 1, seed: 's', createdAt: now },
      })
      const row = { networkId, subjectKey: bySite ? `site:${siteId}` : `contact:${contactId}`, measure: 'ventes' }
      if (sold.before !== undefined) past.push({ ...row, month: before, quantity: sold.before, updatedAt: now })
      if (sold.since !== undefined) past.push({ ...row, month, quantity: sold.since, updatedAt: now })
    }
    for (let n = 0; n < 12; n++) {
      await add(false, n % 2 === 0, { before: 5, since: 20 + n })
      await add(true, n % 3 === 0, { before: 5, since: n === 0 ? undefined : 10 + n })
    }
    await add(true, true, { since: 9_000 })
    expect(await told('ventes')).toEqual(['no_sales'])
    await db.insert(pastResults).values(past)
    const [effect] = await told('ventes')
    expect(effect).toMatchObject({
      ...{ isMeasurable: true, measure: 'ventes', months: { from: month } },
      treated: { outlets: 12, mean: 25.5 },
      heldOut: { outlets: 12, mean: (11 * 10 + 66) / 12 },
    })
    const { difference } = effect as Extract<SalesEffect, { isMeasurable: true }>
    expect(difference.value).toBeCloseTo(25.5 - 176 / 12, 9)
    expect(difference.low).toBeGreaterThan(0)
    expect(difference.high).toBeLessThan(20)
    await db.delete(pastResults).where(eq(pastResults.subjectKey, past[0]!.subjectKey))
    await db.delete(pastResults).where(eq(pastResults.subjectKey, past[4]!.subjectKey))
    await db.delete(pastResults).where(eq(pastResults.subjectKey, past[8]!.subjectKey))
    expect(await told('ventes')).toEqual(['too_few_outlets'])
  })
})

test('The interval of a difference of means is that of Welch', () => {
  // Student’s sleep data: R gives t.test(extra ~ group) -3.3654832 to 0.2054832 at 17.776 degrees of freedom.
  const sample = (values: readonly number[]) => ({
    count: values.length,
    sum: values.reduce((all, one) => all + one, 0),
    sumOfSquares: values.reduce((all, one) => all + one * one, 0),
  })
  const found = welch(
    sample([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]),
    sample([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]),
  )!
  expect(found.value).toBeCloseTo(-1.58, 9)
  expect(found.low).toBeCloseTo(-3.3654832, 4)
  expect(found.high).toBeCloseTo(0.2054832, 4)
  expect(t95(5)).toBeCloseTo(2.5706, 2)
  expect(welch(sample([1, 1]), sample([1, 1]))).toBeUndefined()
})
