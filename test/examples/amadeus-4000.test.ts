import { describe, expect, test } from 'vitest'
import { whatMustCome } from '../../bench/amadeus-calendar.ts'
import { playExample } from '../../src/example/play.ts'

describe('a year of 4,000 agencies', () => {
  test('sends in each month and on each channel exactly what its calendar says, at a tenth of its size', async () => {
    const { figures } = await playExample('amadeus-4000', { percent: 10, seed: '7' })
    expect(figures).toMatchObject({ agencies: 400, people: 676 })
    expect(figures.months).toEqual(whatMustCome(10, '7'))
    expect(figures.leftOffers).toBeGreaterThan(0)
  }, 900_000)

  test('promises at full size what it is named for', () => {
    const year = whatMustCome(100, '1')
    const newsletters = year.map(({ email }, index) => email - ([2, 5, 9].includes(index) ? 0 : 2_700))
    expect(newsletters.filter((rest, index) => ![2, 5, 9].includes(index) && rest !== 0)).toEqual([])
    expect(year[2]!.email).toBe(5_400)
    expect(year[5]!.email).toBeLessThan(5_400)
    expect(year.map(({ print }) => print >= 4_000)).toEqual(
      [2, 4, 6, 9, 11].reduce((months, month) => months.with(month - 1, true), Array(12).fill(false)),
    )
  })

  test('is the same year twice with the same seed, to the last byte', async () => {
    const played = async () => JSON.stringify((await playExample('amadeus-4000', { percent: 1, seed: '3' })).figures)
    const once = await played()
    expect(await played()).toBe(once)
  }, 900_000)
})
