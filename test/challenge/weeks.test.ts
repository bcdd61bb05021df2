import { describe, expect, test } from 'vitest'
import { countedWith, mergedStarts, weeksOf, workingDaysIn } from '../../src/challenge/weeks.ts'

describe('weeks', () => {
  test('run from Monday to Sunday and are cut at both ends', () => {
    expect(weeksOf('2027-01-13', '2027-01-25')).toEqual([
      { from: '2027-01-13', to: '2027-01-17' },
      { from: '2027-01-18', to: '2027-01-24' },
      { from: '2027-01-25', to: '2027-01-25' },
    ])
  })

  test('count working days by the holidays of the region', () => {
    const goodFriday = { from: '2027-03-22', to: '2027-03-28' }
    expect(workingDaysIn(goodFriday, 'FR')).toBe(5)
    expect(workingDaysIn(goodFriday, 'FR-67')).toBe(4)
  })

  test('a week of fewer than four working days is counted with the one before it', () => {
    // In May 2026 four weeks lose one day each: two Fridays, Ascension and Whit Monday.
    const may = weeksOf('2026-04-27', '2026-05-31')
    expect(may.map((week) => workingDaysIn(week, 'FR'))).toEqual([4, 4, 4, 5, 4])
    expect(mergedStarts(may, 'FR')).toEqual([0, 1, 2, 3, 4])
    // In 2024 the 8th and the 9th of May lie in one week.
    const short = weeksOf('2024-04-29', '2024-05-19')
    expect(short.map((week) => workingDaysIn(week, 'FR'))).toEqual([4, 3, 5])
    expect(mergedStarts(short, 'FR')).toEqual([0, 0, 2])
    expect(countedWith(mergedStarts(short, 'FR'), 1)).toEqual([0, 1])
    expect(countedWith(mergedStarts(short, 'FR'), 0)).toEqual([0, 0])
    expect(mergedStarts(short, 'CH')).toEqual([0, 1, 2])
  })

  test('a short first week is counted with the one after it', () => {
    expect(mergedStarts(weeksOf('2027-01-14', '2027-01-31'), 'FR')).toEqual([0, 0, 2])
  })
})
