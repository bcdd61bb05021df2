import { describe, expect, test } from 'vitest'
import { playExample } from '../../src/example/play.ts'

const played = async (percent: number) => (await playExample('pizza', { seed: '4', percent })).figures

describe('a year of pizza shops', () => {
  test('has a batch each quarter on a working day, and calls only who did not look', async () => {
    const figures = await played(10)
    expect(figures).toMatchObject({ shops: 12, posts: 12 * 14, batches: 4 })
    expect(figures.bulletins).toEqual([
      // New Year is a holiday, and the days after it a weekend.
      { day: '2027-01-04', letters: 12 },
      { day: '2027-04-01', letters: 12 },
      { day: '2027-07-01', letters: 12 },
      { day: '2027-10-01', letters: 12 },
    ])
    for (const film of figures.films as { looked: number; calls: number; callsToWhoLooked: number }[]) {
      expect(film.callsToWhoLooked).toBe(0)
      expect(film.looked + film.calls).toBe(12)
      expect(film.looked).toBeGreaterThan(0)
      expect(film.calls).toBeGreaterThan(0)
    }
    expect(JSON.stringify(await played(10))).toBe(JSON.stringify(figures))
  }, 900_000)
})
