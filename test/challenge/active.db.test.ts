import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeStates, findDrop, participationOf, slackening } from '../../src/challenge/active.ts'
import { type Challenge, findChallenge } from '../../src/challenge/challenge.ts'
import type { Network } from '../../src/context.ts'
import { challengeParticipants, networks, sites } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { act, type Seeded, seedChallenge } from './grand-nord.ts'

let store: TestDatabase
let nord: Seeded
let network: Network
let challenge: Challenge
const names = Array.from({ length: 12 }, (_, at) => `v${at}`)

/** Mondays of the challenge’s weeks, from 11 January 2027 on. */
const monday = (week: number) => new Date(Date.UTC(2027, 0, 11 + 7 * week, 8))
const dayIn = (week: number, day = 1) => new Date(Date.UTC(2027, 0, 11 + 7 * week + day)).toISOString().slice(0, 10)

beforeAll(async () => {
  store = await freshDatabase()
  nord = await seedChallenge(
    store.db,
    names.map((name, at) => ({ name, site: `N${at % 3}` })),
  )
  ;[network] = (await store.db.select().from(networks)) as [Network]
  challenge = (await findChallenge(store.db, nord.networkId, nord.challengeId))!
  // Nine, eight, nine; then four only.
  for (const [week, active] of [9, 8, 9, 4].entries())
    for (const name of names.slice(0, active)) await act(store.db, nord, name, dayIn(week))
})
afterAll(() => store.drop())

describe('participation', () => {
  test('counts who had a validated act in the last week that is over, and in the full weeks before', async () => {
    expect(await participationOf(store.db, network, challenge, monday(0))).toBeUndefined()
    expect(await participationOf(store.db, network, challenge, monday(3))).toMatchObject({
      ...{ week: 2, weeks: 9, from: '2027-01-25', to: '2027-01-31', registered: 12, active: 9, history: [9, 8] },
    })
    expect(await participationOf(store.db, network, challenge, monday(4))).toMatchObject({
      active: 4,
      history: [9, 8, 9],
    })
  })

  test('a drop is found once it happened, and told ten days apart', async () => {
    expect(await findDrop(store.db, network, challenge, monday(1))).toMatchObject({
      fires: false,
      because: 'no_baseline',
    })
    expect(await findDrop(store.db, network, challenge, monday(3))).toMatchObject({ fires: false, because: 'steady' })
    const found = await findDrop(store.db, network, challenge, monday(4))
    expect(found).toMatchObject({ fires: true, because: 'fell' })
    expect(found.baseline).toBeCloseTo(26 / 36, 12)
    expect(await findDrop(store.db, network, challenge, monday(4), { lastFiredAt: monday(3) })).toMatchObject({
      ...{ fires: false, because: 'fell', notNow: 'cooling_down' },
    })
  })

  test('nothing is told in the last week, nor in slack time', async () => {
    expect(await findDrop(store.db, network, challenge, monday(8))).toMatchObject({
      fires: false,
      notNow: 'last_period',
    })
    const closed = {
      ...network,
      settings: { closures: [{ id: 'x', label: 'Pont', from: dayIn(3, 0), to: dayIn(3, 4) }] },
    }
    expect(await findDrop(store.db, closed, challenge, monday(4))).toMatchObject({ fires: false, notNow: 'slack' })
    // One region alone is closed: the others are looked at without it.
    const ofOne = { settings: { closures: [{ ...closed.settings.closures[0]!, region: 'FR-67' }] } }
    const move = (region: string) => store.db.update(sites).set({ region }).where(eq(sites.id, nord.sites.N2!))
    await move('FR-67')
    expect(await findDrop(store.db, { ...network, ...ofOne }, challenge, monday(4))).toMatchObject({
      ...{ fires: true, participation: { registered: 8, active: 3, history: [6, 6, 6], isSlack: false } },
    })
    const slack = await slackening(store.db, network, challenge, ['FR'], monday(4))
    const named = slack.map(({ contactId, state }) => [names.find((name) => nord.contacts[name] === contactId), state])
    expect(named.sort()).toEqual([
      ['v10', 'never-started'],
      ['v4', 'slowing'],
      ['v6', 'slowing'],
      ['v7', 'slowing'],
      ['v9', 'never-started'],
    ])
    await move('FR')
  })

  test('tells who never began, who stalled, who is slowing and who left', async () => {
    const states = await challengeStates(store.db, network, challenge, Object.values(nord.contacts), monday(4))
    const of = (name: string) => states.get(nord.contacts[name]!)
    expect([of('v0'), of('v8'), of('v11')]).toEqual(['active', 'active', 'never-started'])
    expect(
      (await challengeStates(store.db, network, challenge, [nord.contacts.v8!], monday(6))).get(nord.contacts.v8!),
    ).toBe('stalled')
    await act(store.db, nord, 'v1', dayIn(2, 2), 9)
    expect(
      (await challengeStates(store.db, network, challenge, [nord.contacts.v1!], monday(5))).get(nord.contacts.v1!),
    ).toBe('slowing')
    const leaving = and(
      eq(challengeParticipants.networkId, nord.networkId),
      eq(challengeParticipants.id, nord.participants.v2!),
    )
    await store.db.update(challengeParticipants).set({ status: 'withdrawn' }).where(leaving)
    const after = await challengeStates(store.db, network, challenge, [nord.contacts.v2!, 'nobody'], monday(4))
    expect([...after.values()]).toEqual(['left', 'not-registered'])
    expect(await participationOf(store.db, network, challenge, monday(4))).toMatchObject({ registered: 11, active: 3 })
  })
})
