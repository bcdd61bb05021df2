import { and, asc, eq, gt } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownIn, pageOf, type RankingOf, sizeOf, topOf, viewFor } from '../../../src/challenge/ranking/board.ts'
import { rebuildStandings } from '../../../src/challenge/ranking/refresh.ts'
import { standing } from '../../../src/challenge/ranking/standing.ts'
import { challengeParticipants, challengeStandings, challengeTotals } from '../../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { launchedAt, type Score, type Seeded, score, seedChallenge } from '../grand-nord.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

const list = (seeded: Seeded, change: Partial<RankingOf> = {}): RankingOf => ({
  ...{ networkId: seeded.networkId, challengeId: seeded.challengeId, board: 'person', league: 1, by: 'points' },
  ...change,
})
const kept = (seeded: Seeded) =>
  store.db
    .select()
    .from(challengeStandings)
    .where(and(eq(challengeStandings.networkId, seeded.networkId), gt(challengeStandings.points, 0)))
    .orderBy(asc(challengeStandings.board), asc(challengeStandings.subjectKey))

describe('a league of four', () => {
  let nord: Seeded
  beforeAll(async () => {
    nord = await seedChallenge(
      store.db,
      ['A', 'B', 'C', 'D', 'E'].map((name) => ({
        name,
        site: name < 'C' ? 'N1' : 'S1',
        team: name < 'D' ? 'bleu' : 'or',
      })),
    )
    await score(store.db, nord, [
      { name: 'A', points: 120, t: 5, ventes: 12 },
      { name: 'B', points: 120, t: 3, ventes: 7, formation: 2 },
      { name: 'C', points: 90, ventes: 9 },
      { name: 'D', points: 150, ventes: 40 },
    ])
  })

  test('is listed D1, B2, A2, C4, and who has no points is not in it', async () => {
    const { rows } = await pageOf(store.db, list(nord), 0, 10)
    expect(rows.map(({ name, rank }) => `${name}${rank}`)).toEqual(['D1', 'B2', 'A2', 'C4'])
    expect(await sizeOf(store.db, list(nord))).toBe(4)
    expect(await ownIn(store.db, list(nord), nord.participants.E!)).toBeUndefined()
  })

  test('by pages it gives the ranks it gives whole', async () => {
    const seen: string[] = []
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(store.db, list(nord), from, 1)
      seen.push(...page.rows.map(({ name, rank }) => `${name}${rank}`))
      from = page.next
    }
    expect(seen).toEqual(['D1', 'B2', 'A2', 'C4'])
  })

  test('one’s own place, and what is missing to the next', async () => {
    expect(await ownIn(store.db, list(nord), nord.participants.A!)).toMatchObject({ rank: 2, place: 2, gap: 30 })
    expect(await ownIn(store.db, list(nord), nord.participants.C!)).toMatchObject({ rank: 4, place: 3, gap: 30 })
    expect(await ownIn(store.db, list(nord), nord.participants.D!)).toMatchObject({ rank: 1, place: 0, gap: 0 })
  })

  test('progress is against one’s own objective, the criteria weighted', async () => {
    const rows = await topOf(store.db, list(nord, { by: 'progress' }), 4)
    // D: 60 % of twice the sales asked; B: 60 % of 7 of 10 and 40 % of 2 of 2; A: 60 % of 12 of 10.
    expect(rows.map(({ name, progress }) => [name, progress])).toEqual([
      ['D', 1200],
      ['B', 820],
      ['A', 720],
      ['C', 540],
    ])
  })

  test('outlets add up their people, and so do teams', async () => {
    const companies = await topOf(store.db, list(nord, { board: 'company' }), 5)
    expect(companies.map(({ name, points, rank }) => [name, points, rank])).toEqual([
      ['S1', 240, 1],
      ['N1', 240, 1],
    ])
    const teams = await topOf(store.db, list(nord, { board: 'team', league: 0 }), 5)
    expect(teams.map(({ name, points }) => [name, points])).toEqual([
      ['bleu', 330],
      ['or', 150],
    ])
    // The mean of A, B and C; of D and E.
    expect(teams.map(({ progress }) => progress)).toEqual([693, 600])
  })

  test('whoever leaves is in no list, and their points in no sum', async () => {
    const leave = (status: 'registered' | 'withdrawn') =>
      store.db
        .update(challengeParticipants)
        .set({ status })
        .where(
          and(eq(challengeParticipants.networkId, nord.networkId), eq(challengeParticipants.id, nord.participants.D!)),
        )
    await leave('withdrawn')
    await rebuildStandings(store.db, { ...nord, at: launchedAt })
    expect((await topOf(store.db, list(nord), 9)).map(({ name, rank }) => `${name}${rank}`)).toEqual(['B1', 'A1', 'C3'])
    expect((await topOf(store.db, list(nord, { board: 'company' }), 5)).map(({ points }) => points)).toEqual([240, 90])
    await leave('registered')
    await rebuildStandings(store.db, { ...nord, at: launchedAt })
    expect((await topOf(store.db, list(nord), 1))[0]!.name).toBe('D')
  })
})

test('whatever order results come in, together or one by one, the lists are those of all at once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  let number = 10
  const people = names.map((name, at) => ({
    name,
    site: `N${at % 3}`,
    team: at % 2 ? 'or' : 'bleu',
    league: (at % 3) % 2,
  }))
  const drawn = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      points: fc.nat(4),
      t: fc.nat(2),
      ventes: fc.nat(12),
      formation: fc.nat(3),
    }),
    { selector: ({ name }) => name, minLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(drawn, fc.infiniteStream(fc.nat(1000)), async (scores: Score[], draws) => {
      const once = await seedChallenge(store.db, people, `x${number}`, number++)
      await score(store.db, once, scores)
      const shuffled = scores.map((one) => ({ one, by: draws.next().value as number })).sort((a, b) => a.by - b.by)
      const twice = await seedChallenge(store.db, people, `x${number}`, number++)
      for (const { one } of shuffled) await score(store.db, twice, [one])
      for (const { one } of shuffled) await score(store.db, twice, [one])
      for (const board of ['person', 'company', 'team'] as const)
        for (const by of ['points', 'progress'] as const)
          for (const league of [0, 1]) {
            const [a, b] = await Promise.all(
              [once, twice].map(async (seeded) =>
                (await topOf(store.db, list(seeded, { board, by, league }), 20)).map(
                  ({ name, rank, points, progress }) => ({ name, rank, points, progress }),
                ),
              ),
            )
            expect(b).toEqual(a)
          }
      const league0 = people.filter(({ league }) => league === 0).map(({ name }) => name)
      const expected = standing(
        scores
          .filter(({ name, points }) => points > 0 && league0.includes(name))
          .map(({ name, points, t = 0 }) => ({
            id: once.participants[name]!,
            score: points,
            name,
            reachedAt: new Date(t),
          })),
      )
      expect((await topOf(store.db, list(once, { league: 0 }), 20)).map(({ name, rank }) => `${name}${rank}`)).toEqual(
        expected.map(({ name, rank }) => `${name}${rank}`),
      )
      const before = await kept(twice)
      await rebuildStandings(store.db, { ...twice, at: launchedAt })
      expect(await kept(twice)).toEqual(before)
    }),
    { numRuns: 3 },
  )
})

test('two results for one outlet at the same time are both in its sum', async () => {
  const pair = await seedChallenge(
    store.db,
    [
      { name: 'P', site: 'N9' },
      { name: 'Q', site: 'N9' },
    ],
    'paire',
    900,
  )
  for (let round = 1; round <= 5; round += 1)
    await Promise.all(['P', 'Q'].map((name) => score(store.db, pair, [{ name, points: round * 10 }])))
  expect((await topOf(store.db, list(pair, { board: 'company' }), 1))[0]!.points).toBe(100)
  expect(await store.db.$count(challengeTotals, eq(challengeTotals.networkId, pair.networkId))).toBe(6)
})

test('one who takes part sees the top, their surroundings, and not the end', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${String(at).padStart(2, '0')}`)
  const many = await seedChallenge(
    store.db,
    names.map((name) => ({ name, site: 'N1' })),
    'foule',
    901,
  )
  await score(
    store.db,
    many,
    names.map((name, at) => ({ name, points: 1000 - at * 10 })),
  )
  const seen = async (name?: string) => {
    const view = await viewFor(store.db, list(many), name === undefined ? undefined : many.participants[name]!)
    return view.rows.map((row) => `${row.isOwn ? '*' : ''}${row.name} ${row.rank}`)
  }
  expect(await seen('p15')).toEqual(['p00 1', 'p01 2', 'p02 3', 'p13 14', 'p14 15', '*p15 16', 'p16 17', 'p17 18'])
  expect(await seen('p29')).toEqual(['p00 1', 'p01 2', 'p02 3', '*p29 30'])
  expect(await seen()).toEqual(['p00 1', 'p01 2', 'p02 3'])
})
