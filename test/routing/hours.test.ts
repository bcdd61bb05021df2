import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { intersect, nextOpening, openAt } from '../../src/routing/hours.ts'
import type { OpeningHours } from '../../src/routing/types.ts'
import { offsetAt } from '../../src/routing/zone.ts'
import { hourVectors, zoneOfRegion } from './hours.vectors.ts'

const france = defaultPolicy.values.quietHours.value.FR!
const hour = 3_600_000
const week = (...intervals: [number, number][]): OpeningHours => ({
  1: intervals,
  2: intervals,
  3: intervals,
  4: intervals,
  5: intervals,
  6: intervals,
  7: intervals,
})

describe.each(hourVectors)('%s (%s), asked at %s', (_name, region, asked, soft, hard) => {
  const opening = (window: OpeningHours) => {
    const found = nextOpening(window, zoneOfRegion[region]!, region, Date.parse(asked))
    return found && new Date(found.at).toISOString()
  }

  test('the soft window of France opens when it should', () => {
    expect(opening(france.soft)).toBe(new Date(soft ?? asked).toISOString())
  })

  test('the hard window of France opens when it should', () => {
    expect(opening(france.hard!)).toBe(new Date(hard ?? asked).toISOString())
  })
})

test('an opening in the missing hour of spring moves to the end of that hour', () => {
  const found = nextOpening(week([150, 300]), 'Europe/Paris', null, Date.parse('2026-03-29T00:30:00Z'))
  expect(found).toEqual({ at: Date.parse('2026-03-29T01:00:00Z'), from: 150, to: 300 })
})

test('an opening in the doubled hour of autumn is the first of the two', () => {
  const found = nextOpening(week([150, 300]), 'Europe/Paris', null, Date.parse('2026-10-24T23:00:00Z'))
  expect(found?.at).toBe(Date.parse('2026-10-25T00:30:00Z'))
})

test('an interval that lies wholly in the missing hour waits for the next day', () => {
  const found = nextOpening(week([125, 170]), 'Europe/Paris', null, Date.parse('2026-03-29T00:30:00Z'))
  expect(found?.at).toBe(Date.parse('2026-03-30T00:05:00Z'))
})

test('a window that is shut all week never opens', () => {
  expect(nextOpening({}, 'Europe/Paris', 'FR', Date.parse('2026-11-24T09:00:00Z'))).toBeUndefined()
})

test('a zone that does not exist is refused by name and says what to give', () => {
  expect(() => nextOpening(france.soft, 'Europe/Pari', 'FR', 0)).toThrow(/"Europe\/Pari".*Europe\/Paris/)
})

test('two windows intersect interval by interval', () => {
  expect(
    intersect(
      { 1: [[480, 1200]], 2: [[480, 1200]] },
      {
        1: [
          [420, 600],
          [1000, 1320],
        ],
      },
    ),
  ).toEqual({
    1: [
      [480, 600],
      [1000, 1200],
    ],
  })
})

const zones = [
  'Europe/Paris',
  'America/New_York',
  'Australia/Lord_Howe',
  'Indian/Reunion',
  'America/St_Johns',
  'Africa/Cairo',
]
const window = fc
  .dictionary(
    fc.constantFrom('1', '2', '3', '4', '5', '6', '7'),
    fc
      .tuple(fc.integer({ min: 300, max: 1300 }), fc.integer({ min: 1, max: 139 }))
      .map(([start, length]): [number, number][] => [[start, start + length]]),
    { minKeys: 1 },
  )
  .map((days) => days as OpeningHours)
const instants = fc
  .integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 })
  .map((second) => second * 1000)

test('the next opening is open, and nothing was open before it, across every change of the clocks', () => {
  fc.assert(
    fc.property(window, fc.constantFrom(...zones), instants, (hours, zone, from) => {
      const found = nextOpening(hours, zone, null, from)!
      expect(found.at).toBeGreaterThanOrEqual(from)
      expect(openAt(hours, zone, null, found.at)).toBeDefined()
      for (let at = from; at < found.at; at += hour / 60) expect(openAt(hours, zone, null, at)).toBeUndefined()
      if (found.at > from) expect(openAt(hours, zone, null, found.at - 1)).toBeUndefined()
    }),
    { numRuns: 60 },
  )
})

test('offsets agree with the calendar of Intl second by second around a change', () => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Paris',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  const change = Date.parse('2026-10-25T01:00:00Z')
  for (const at of [change - 1000, change - 1, change, change + 1000]) {
    const local = new Date(at + offsetAt('Europe/Paris', at)!)
    expect(format.format(at)).toBe(local.toISOString().slice(11, 16))
  }
})
