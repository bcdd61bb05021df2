import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Challenge, findChallenge } from '../../src/challenge/challenge.ts'
import { challengeFieldsOf, hidesRankings } from '../../src/challenge/merge-fields.ts'
import { challengeWordsOf } from '../../src/challenge/state-facts.ts'
import {
  answerClaim,
  approveWinners,
  claimsEnd,
  closingOf,
  publishProvisional,
  raiseClaim,
} from '../../src/challenge/winners/closing.ts'
import {
  addWinnerPicture,
  grantImage,
  publishPicture,
  shownPictures,
  withdrawImage,
} from '../../src/challenge/winners/image.ts'
import type { Network } from '../../src/context.ts'
import { networks, winnerClaims, winners } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { endsAt, type Seeded, score, seedChallenge } from './grand-nord.ts'

let store: TestDatabase
let nord: Seeded
let network: Network
let challenge: Challenge
let number = 0
const after = new Date('2027-03-17T08:00:00Z')
const later = new Date('2027-03-25T08:00:00Z')

beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  number += 1
  nord = await seedChallenge(
    store.db,
    ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => ({
      name,
      site: name < 'E' ? 'N1' : 'S1',
      league: name < 'E' ? 1 : 2,
    })),
    `w${number}`,
    number,
  )
  ;[network] = (await store.db.select().from(networks).where(eq(networks.id, nord.networkId))) as [Network]
  challenge = (await findChallenge(store.db, nord.networkId, nord.challengeId))!
  await score(store.db, nord, [
    { name: 'A', points: 120, t: 5, ventes: 5 },
    { name: 'B', points: 120, t: 3, ventes: 5 },
    { name: 'C', points: 90, ventes: 4 },
    { name: 'D', points: 150, ventes: 6 },
    { name: 'E', points: 20, ventes: 9, formation: 2 },
  ])
})

const list = async (board: 'person' | 'company' = 'person') => {
  const rows = await store.db
    .select()
    .from(winners)
    .where(and(eq(winners.networkId, nord.networkId), eq(winners.board, board)))
    .orderBy(asc(winners.by), asc(winners.league), asc(winners.place))
  const called = new Map(Object.entries(nord.participants).map(([name, id]) => [id, name]))
  return rows.map(({ by, league, place, subjectKey }) => `${by} ${league}.${place} ${called.get(subjectKey)}`)
}

describe('the end of a challenge', () => {
  test('a provisional ranking waits for the end and the last results; it has three of each league and the finest progress', async () => {
    expect(await publishProvisional(store.db, network, challenge, 'u', new Date(endsAt.getTime() - 1))).toMatchObject({
      code: 'not_over',
    })
    const open = { ...challenge, resultsUntil: later }
    expect(await publishProvisional(store.db, network, open, 'u', after)).toMatchObject({ code: 'results_open' })
    expect(await publishProvisional(store.db, network, challenge, 'u', after)).toEqual({ outcome: 'done' })
    expect(await publishProvisional(store.db, network, challenge, 'u', after)).toMatchObject({ code: 'published' })
    // B and A are equal: whoever was there first has the second prize.
    expect(await list()).toEqual(['points 1.1 D', 'points 1.2 B', 'points 1.3 A', 'points 2.1 E', 'progress 0.1 E'])
    expect((await list('company')).slice(0, 2)).toEqual(['points 1.1 N1', 'points 2.1 S1'])
  })

  test('claims may be raised for five working days, and approval waits for them and for answers', async () => {
    await publishProvisional(store.db, network, challenge, 'u', after)
    const { claimsUntil } = (await closingOf(store.db, nord.networkId, nord.challengeId))!
    // Wednesday 17 March and five working days: Wednesday 24, to the end of the day in Paris.
    expect(claimsUntil.toISOString()).toBe('2027-03-24T22:59:00.000Z')
    const claim = (now: Date) =>
      raiseClaim(store.db, challenge, { contactId: nord.contacts.C!, text: 'Il manque une vente.', now })
    expect(await claim(new Date(after.getTime() - 1))).toBe(false)
    expect(await claim(after)).toBe(true)
    expect(await claim(new Date(claimsUntil.getTime() + 1))).toBe(false)
    expect(await approveWinners(store.db, challenge, 'u', claimsUntil)).toMatchObject({ code: 'claims_open' })
    expect(await approveWinners(store.db, challenge, 'u', later)).toMatchObject({ code: 'unanswered' })
    const [raised] = await store.db.select().from(winnerClaims).where(eq(winnerClaims.networkId, nord.networkId))
    const answer = { status: 'upheld', answer: 'Ajoutée.', by: 'u', now: later } as const
    expect(await answerClaim(store.db, nord.networkId, raised!.id, answer)).toBe(true)
    expect(await answerClaim(store.db, nord.networkId, raised!.id, answer)).toBe(false)
    await score(store.db, nord, [{ name: 'C', points: 130, t: 9 }])
    expect(await approveWinners(store.db, challenge, 'u', later)).toEqual({ outcome: 'done' })
    expect(await approveWinners(store.db, challenge, 'u', later)).toMatchObject({ code: 'approved' })
    expect((await list()).slice(0, 3)).toEqual(['points 1.1 D', 'points 1.2 C', 'points 1.3 B'])
  })

  test('five working days step over a holiday', () => {
    expect(claimsEnd(network, new Date('2027-03-25T08:00:00Z')).toISOString()).toBe('2027-04-02T21:59:00.000Z')
  })

  test('winner is a word of rules once the list is approved, for the people of a winning outlet too', async () => {
    const words = async () =>
      challengeWordsOf(store.db, nord.networkId, nord.campaignId, Object.values(nord.contacts), later)
    await publishProvisional(store.db, network, challenge, 'u', after)
    expect([...(await words()).values()].flat()).not.toContain('winner')
    await approveWinners(store.db, challenge, 'u', later)
    const said = await words()
    for (const name of ['A', 'F']) expect(said.get(nord.contacts[name]!)).toContain('winner')
  })

  test('templates say the rank, except while rankings are hidden', async () => {
    const fields = async (now: Date) =>
      (
        await challengeFieldsOf(
          store.db,
          network,
          nord.campaignId,
          [{ contactId: nord.contacts.C!, language: 'fr' }],
          now,
        )
      ).get(nord.contacts.C!)
    expect(await fields(new Date('2027-02-15T08:00:00Z'))).toMatchObject({
      ...{
        isRegistered: true,
        isFrozen: false,
        points: 90,
        rank: 4,
        gap: 30,
        progress: 24,
        league: 1,
        teamRank: 1,
        teamPoints: 480,
      },
      ...{ stage: 2, stages: 9, place: 'étape 2/9\u00a0: Calgary', nextStop: 'Regina', track: '●●○○○○○○○' },
    })
    const frozen = await fields(new Date('2027-03-05T08:00:00Z'))
    expect(frozen).toMatchObject({ isFrozen: true, points: 90, stage: 2 })
    expect(frozen).not.toHaveProperty('rank')
    expect(frozen).not.toHaveProperty('teamRank')
    await publishProvisional(store.db, network, challenge, 'u', after)
    expect(await hidesRankings(store.db, challenge, after)).toBe(false)
  })
})

describe('a picture of a winner', () => {
  const person = () => ({ networkId: nord.networkId, challengeId: nord.challengeId, contactId: nord.contacts.D! })
  const said = { source: 'link', by: 'contact:x', at: later } as const

  test('is published with the signed consent of the person alone, and goes when it is taken back', async () => {
    const film = await addWinnerPicture(
      store.db,
      person(),
      { kind: 'film', url: 'https://video.example.com/1', caption: { fr: 'D' } },
      later,
    )
    expect(await publishPicture(store.db, nord.networkId, film.id, later)).toBe(false)
    expect(await grantImage(store.db, person(), { ...said, signedName: 'Quelqu’un' })).toBe(false)
    expect(await grantImage(store.db, person(), { ...said, signedName: 'Paul d' })).toBe(true)
    expect(await publishPicture(store.db, nord.networkId, film.id, later)).toBe(true)
    expect(await shownPictures(store.db, nord.networkId, nord.challengeId)).toHaveLength(1)
    await withdrawImage(store.db, person(), said)
    expect(await shownPictures(store.db, nord.networkId, nord.challengeId)).toEqual([])
    expect(await publishPicture(store.db, nord.networkId, film.id, later)).toBe(false)
  })
})
