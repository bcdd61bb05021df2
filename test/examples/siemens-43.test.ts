import { describe, expect, test } from 'vitest'
import { playExample } from '../../src/example/play.ts'
import { raceOf, type Seller } from '../../src/example/race-truth.ts'

const played = async (seed: string) => (await playExample('siemens-43', { seed })).figures

describe('four months of 43 distributors', () => {
  // Every figure of the seed stands here, so that each run of the test compares itself with the one they are from.
  test('are what they are told to be, and the same again with the same seed', async () => {
    expect(await played('5')).toEqual({
      companiesInvited: 43,
      companiesRegistered: 42,
      peopleRegistered: 101,
      left: 5,
      monthlyRelances: 4,
      relancesToWhoLeft: 0,
      lettersHandedOver: 400,
      // The batch of the south was a fortnight late: no company of the south had its e-mail before.
      lettersLate: 195,
      phase2BeforeLetters: 0,
      // The opening to all 400, then four months to at most 101 and at least the 96 who stay.
      sends: { sms: 0, email: 793, print: 400, intranet: 793, screen: 0 },
      rankingStable: true,
    })
  }, 900_000)

  test('are drawn so that every company but one has somebody, whatever the seed', () => {
    const sellers = Array.from({ length: 400 }, (_, at): Seller => {
      const code = `D${at % 43}`
      return { id: `${code}-${at}`, code, sector: 'Nord', company: code }
    })
    for (const seed of ['1', '2', '3', 'another']) {
      const { companies, racers } = raceOf(seed, sellers)
      expect(companies).toHaveLength(42)
      expect(new Set(racers.map(({ id }) => id)).size).toBe(101)
      expect(new Set(racers.map(({ code }) => code)).size).toBe(42)
      expect(racers.filter(({ leavesOn }) => leavesOn !== undefined)).toHaveLength(5)
    }
  })
})
