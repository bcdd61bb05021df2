import { expect, test } from 'vitest'
import { nextAt } from '../../src/experiment/try.ts'

test.each([
  ['09:00', '2026-11-24T07:59:00Z', '2026-11-24T09:00'],
  ['09:00', '2026-11-24T08:00:30Z', '2026-11-24T09:00'],
  ['09:00', '2026-11-24T08:01:00Z', '2026-11-25T09:00'],
  // The day has 25 hours: 24 hours after half past midnight it is still the same day.
  ['00:15', '2026-10-24T22:30:00Z', '2026-10-26T00:15'],
  ['00:15', '2026-03-28T23:30:00Z', '2026-03-30T00:15'],
])('%s comes next, from %s on, at %s in Paris', (hour, now, expected) => {
  expect(nextAt(hour, 'Europe/Paris', new Date(now))).toBe(expected)
})
