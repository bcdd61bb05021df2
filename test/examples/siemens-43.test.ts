import { describe, expect, test } from 'vitest'
import { playExample } from '../../src/example/play.ts'
import { raceOf, type Seller } from '../../src/example/race-truth.ts'

const played = async (seed: string) => (await playExample('siemens-43', { seed })).figures

describe('four months of 43 distributors', () => {
  test('are what they are told to be, and the same again with the same seed', async () => {
    const once = await played('5')
    expect(once).toEqual({
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
      sends: { sms: 0, email: expect.any(Number), print: 400, intranet: expect.any(Number), screen: 0 },
      rankingStable: true,
    })
    const { email } = once.sends as { email: number }
    // The opening to all 400, then four months of at most 101 and at least the 96 who stay.
    expect(email).toBeGreaterThanOrEqual(400 + 4 * 90)
    expect(email).toBeLessThanOrEqual(400 + 4 * 101)
    expect(JSON.stringify(await played('5'))).toBe(JSON.stringify(once))
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
