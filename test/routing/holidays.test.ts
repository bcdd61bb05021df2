import { describe, expect, test } from 'vitest'
import { calendarOf, isPublicHoliday } from '../../src/routing/holidays.ts'

/** All public holidays of a year in a region, as the days that a campaign must avoid. */
function holidaysOf(region: string, year: number): string[] {
  const found: string[] = []
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10)
    if (isPublicHoliday(region, date)) found.push(date.slice(5))
  }
  return found
}

const france2026 = ['01-01', '04-06', '05-01', '05-08', '05-14', '05-25', '07-14', '08-15', '11-01', '11-11', '12-25']

describe('public holidays', () => {
  test('France has eleven', () => {
    expect(holidaysOf('FR', 2026)).toEqual(france2026)
    expect(holidaysOf('FR', 2027)).toEqual([
      '01-01',
      '03-29',
      '05-01',
      '05-06',
      '05-08',
      '05-17',
      '07-14',
      '08-15',
      '11-01',
      '11-11',
      '12-25',
    ])
  })

  test.each(['FR-57', 'FR-67', 'FR-68'])('%s keeps Good Friday and 26 December too', (region) => {
    expect(holidaysOf(region, 2026)).toEqual([...france2026, '04-03', '12-26'].sort())
  })

  test.each([
    ['RE', '12-20'],
    ['MQ', '05-22'],
    ['GP', '05-27'],
    ['GF', '06-10'],
    ['YT', '04-27'],
  ])('%s keeps its abolition day, %s', (region, day) => {
    expect(holidaysOf(region, 2026)).toContain(day)
  })

  test('the department number 974 means Réunion, where the library alone would answer with the national days', () => {
    expect(calendarOf('FR-974')).toEqual({ country: 'RE', isExact: true })
    expect(isPublicHoliday('FR-974', '2026-12-20')).toBe(true)
  })

  test('a department without days of its own keeps the national ones and says that it fell back', () => {
    expect(calendarOf('FR-69')).toEqual({ country: 'FR', isExact: false })
    expect(isPublicHoliday('FR-69', '2026-07-14')).toBe(true)
  })

  test('Great Britain without a nation keeps the summer bank holiday of England', () => {
    expect(isPublicHoliday('GB', '2026-08-31')).toBe(true)
  })

  test('an unknown country has no holidays', () => {
    expect(calendarOf('ZZ')).toBeUndefined()
    expect(holidaysOf('ZZ', 2026)).toEqual([])
  })
})
