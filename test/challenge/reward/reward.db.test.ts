import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { award, cancelReward, markDelivered } from '../../../src/challenge/reward/award.ts'
import {
  addPrize,
  budgetOf,
  prizesOf,
  promisedOf,
  retirePrize,
  setBudget,
} from '../../../src/challenge/reward/prizes.ts'
import { smicOf } from '../../../src/challenge/reward/smic.ts'
import { sayStanding, yearAccounts, yearPage } from '../../../src/challenge/reward/year.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { type Seeded, seedChallenge } from '../grand-nord.ts'

let store: TestDatabase
let nord: Seeded
let number = 0
const at = new Date('2026-11-30T10:00:00Z')
const network = () => ({ id: nord.networkId, title: 'Nord', timezone: 'Europe/Paris' })

beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  number += 1
  nord = await seedChallenge(
    store.db,
    ['A', 'B', 'C', 'D'].map((name) => ({ name, site: 'N1' })),
    `r${number}`,
    number,
  )
})

const prize = (valueCents: number, stock?: number) =>
  addPrize(
    store.db,
    {
      ...{
        networkId: nord.networkId,
        challengeId: nord.challengeId,
        kind: 'gift_card',
        title: { fr: 'Carte' },
        valueCents,
      },
      ...(stock === undefined ? {} : { stock }),
    },
    at,
  )
const budget = (capCents: number) =>
  setBudget(store.db, { networkId: nord.networkId, challengeId: nord.challengeId, capCents, at })
const give = (prizeId: string, name: string, requestKey: string, when = at) =>
  award(store.db, network(), {
    challengeId: nord.challengeId,
    prizeId,
    contactId: nord.contacts[name]!,
    requestKey,
    by: 'u1',
    at: when,
  })
const committed = async () => (await budgetOf(store.db, nord.networkId, nord.challengeId))!.committedCents

describe('giving a prize', () => {
  test('is refused beyond the budget and without one, and asked twice it is given once', async () => {
    const card = await prize(10_000)
    expect(await give(card.id, 'A', '1')).toEqual({ outcome: 'refused', code: 'no_budget' })
    await budget(15_000)
    expect((await give(card.id, 'A', '1')).outcome).toBe('awarded')
    expect((await give(card.id, 'A', '1')).outcome).toBe('already')
    expect(await give(card.id, 'B', '2')).toEqual({ outcome: 'refused', code: 'over_budget' })
    expect(await committed()).toBe(10_000)
    expect((await prizesOf(store.db, nord.networkId, nord.challengeId))[0]!.given).toBe(1)
    expect(await budget(9_999)).toBe(false)
    expect(await budget(20_000)).toBe(true)
    expect((await give(card.id, 'B', '2')).outcome).toBe('awarded')
  })

  test('of any number at once exactly one has the last of the stock', async () => {
    const card = await prize(100, 1)
    await budget(100_000)
    const all = await Promise.all(['A', 'B', 'C', 'D'].map((name) => give(card.id, name, name)))
    expect(all.filter(({ outcome }) => outcome === 'awarded')).toHaveLength(1)
    expect(all.filter((one) => one.outcome === 'refused' && one.code === 'out_of_stock')).toHaveLength(3)
    expect(await committed()).toBe(100)
  })

  test('a retired prize, another challenge’s or nobody’s is refused', async () => {
    await budget(100_000)
    const card = await prize(100)
    expect(await give('nothing', 'A', '1')).toEqual({ outcome: 'refused', code: 'no_prize' })
    expect(
      await award(store.db, network(), {
        challengeId: nord.challengeId,
        prizeId: card.id,
        contactId: 'x',
        requestKey: 'x',
        by: 'u',
        at,
      }),
    ).toEqual({ outcome: 'refused', code: 'nobody' })
    await retirePrize(store.db, nord.networkId, card.id, at)
    expect(await give(card.id, 'A', '1')).toEqual({ outcome: 'refused', code: 'retired' })
  })

  test('taken back before it is handed over, its worth is free again; after that it stays', async () => {
    const card = await prize(10_000, 1)
    await budget(10_000)
    const first = await give(card.id, 'A', '1')
    if (first.outcome !== 'awarded') throw new Error('not awarded')
    expect(await cancelReward(store.db, nord.networkId, first.reward.id, 'réclamation', at)).toBe(true)
    expect(await cancelReward(store.db, nord.networkId, first.reward.id, 'réclamation', at)).toBe(false)
    expect(await committed()).toBe(0)
    const second = await give(card.id, 'B', '2')
    if (second.outcome !== 'awarded') throw new Error('not awarded')
    expect(await markDelivered(store.db, nord.networkId, second.reward.id, at)).toBe(true)
    expect(await markDelivered(store.db, nord.networkId, second.reward.id, at)).toBe(false)
    expect(await cancelReward(store.db, nord.networkId, second.reward.id, 'trop tard', at)).toBe(false)
  })

  test('however many are given and taken back at once, what is promised is within the budget and adds up', async () => {
    const asks = fc.array(
      fc.record({
        cents: fc.constantFrom(3_000, 5_000, 9_000),
        name: fc.constantFrom('A', 'B', 'C'),
        back: fc.boolean(),
      }),
      {
        ...{ minLength: 4, maxLength: 8 },
      },
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(asks, async (list) => {
        round += 1
        await budget(Math.max(20_000, await committed().catch(() => 0)))
        const cards = new Map(
          await Promise.all([3_000, 5_000, 9_000].map(async (cents) => [cents, await prize(cents)] as const)),
        )
        await Promise.all(
          list.map(async ({ cents, name, back }, index) => {
            const given = await give(cards.get(cents)!.id, name, `${round} ${index}`)
            if (back && given.outcome === 'awarded')
              await cancelReward(store.db, nord.networkId, given.reward.id, 'x', at)
          }),
        )
        const { capCents, committedCents } = (await budgetOf(store.db, nord.networkId, nord.challengeId))!
        expect(committedCents).toBeLessThanOrEqual(capCents)
        expect(await promisedOf(store.db, nord.networkId, nord.challengeId)).toBe(committedCents)
      }),
      { numRuns: 4 },
    )
  })
})

describe('the year of a beneficiary', () => {
  const smic = smicOf(2026, 'january')
  const year = (of = 2026) => ({ networkId: nord.networkId, year: of, smic })

  test('two rewards of 200 € cross the threshold together: 25.31 €', async () => {
    await budget(1_000_000)
    const card = await prize(20_000)
    await sayStanding(store.db, {
      ...{ networkId: nord.networkId, contactId: nord.contacts.A!, regime: 'employee', isCustomerFacing: true },
      ...{ isSameGroup: false, by: 'u1', at },
    })
    await give(card.id, 'A', '1')
    await give(card.id, 'A', '2', new Date('2026-12-31T22:59:59Z'))
    await give(card.id, 'A', '3', new Date('2026-12-31T23:00:00Z'))
    const { accounts } = await yearPage(store.db, year())
    expect(accounts).toHaveLength(1)
    expect(accounts[0]).toMatchObject({
      totalCents: 40_000,
      treatment: 'flat',
      estimate: { contributionCents: 2531 },
      payer: 'Nord',
      name: 'A',
    })
    expect(accounts[0]!.lines.map(({ added }) => added.contributionCents)).toEqual([0, 2531])
    expect((await yearPage(store.db, year(2027))).accounts[0]).toMatchObject({ totalCents: 20_000 })
  })

  test('each third party has a sum of its own, and of whom nothing is said nothing is estimated', async () => {
    await budget(1_000_000)
    const card = await prize(50_000)
    await give(card.id, 'B', '1')
    await award(store.db, network(), {
      ...{
        challengeId: nord.challengeId,
        prizeId: card.id,
        contactId: nord.contacts.B!,
        requestKey: '2',
        by: 'u1',
        at,
      },
      payer: 'Autre marque',
    })
    await sayStanding(store.db, {
      ...{ networkId: nord.networkId, contactId: nord.contacts.C!, regime: 'self_employed', isCustomerFacing: true },
      ...{ isSameGroup: false, by: 'u1', at },
    })
    await give(card.id, 'C', '3')
    const all = []
    for await (const account of yearAccounts(store.db, year())) all.push(account)
    expect(all.map(({ name, payer, totalCents, treatment }) => [name, payer, totalCents, treatment]).sort()).toEqual([
      ['B', 'Autre marque', 50_000, undefined],
      ['B', 'Nord', 50_000, undefined],
      ['C', 'Nord', 50_000, 'other_regime'],
    ])
    expect(all.find(({ name }) => name === 'B')!.estimate).toBeUndefined()
    expect(all.find(({ name }) => name === 'C')!.estimate).toEqual({
      baseCents: 0,
      contributionCents: 0,
      excessCents: 0,
    })
  })
})
