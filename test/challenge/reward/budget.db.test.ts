import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { award } from '../../../src/challenge/reward/award.ts'
import { addPrize, budgetOf, openBudget, setBudget } from '../../../src/challenge/reward/prizes.ts'
import { type ChallengeWorld, challengeFile, challengeWorld } from '../challenge-world.ts'

let w: ChallengeWorld

beforeAll(async () => {
  w = await challengeWorld({ challengeYaml: challengeFile('  budget: 450') })
})
afterAll(() => w.close())

const budget = () => budgetOf(w.context.db, w.network.id, w.challenge.id)
const follow = (units: number | undefined, before: number | undefined) =>
  openBudget(w.context.db, {
    ...{ networkId: w.network.id, challengeId: w.challenge.id },
    ...{ units, before, at: w.clock.now() },
  })

describe('the budget that rules name', () => {
  test('is open from the launch, and a prize beyond it is refused', async () => {
    expect(await budget()).toEqual({ capCents: 45_000, committedCents: 0 })
    const { context, network, challenge, clock } = w
    const of = { networkId: network.id, challengeId: challenge.id, kind: 'gift_card' as const, title: { fr: 'Carte' } }
    const prize = await addPrize(context.db, { ...of, valueCents: 30_000 }, clock.now())
    const give = async (requestKey: string) =>
      award(context.db, network, {
        ...{ challengeId: challenge.id, prizeId: prize.id, contactId: await w.contactId('P3') },
        ...{ requestKey, by: 'test', at: clock.now() },
      })
    expect(await give('first')).toMatchObject({ outcome: 'awarded' })
    expect(await give('second')).toEqual({ outcome: 'refused', code: 'over_budget' })
    expect(await budget()).toEqual({ capCents: 45_000, committedCents: 30_000 })
  })

  test('follows changed rules, never below what is promised, and not once head office set another', async () => {
    await follow(200, 450)
    expect(await budget()).toMatchObject({ capCents: 45_000 })
    await follow(600, 450)
    expect(await budget()).toMatchObject({ capCents: 60_000 })
    await setBudget(w.context.db, {
      ...{ networkId: w.network.id, challengeId: w.challenge.id },
      ...{ capCents: 80_000, at: w.clock.now() },
    })
    await follow(700, 600)
    expect(await budget()).toMatchObject({ capCents: 80_000 })
    await follow(undefined, 700)
    expect(await budget()).toMatchObject({ capCents: 80_000 })
  })
})
