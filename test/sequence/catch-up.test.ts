import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catchUpDates, type Missed } from '../../src/sequence/catch-up.ts'

const paris = { timezone: 'Europe/Paris', isHoliday: (date: string) => date === '2027-03-29' }
const missed: Missed[] = [
  { step: 'teaser', at: new Date('2027-03-01T08:00:00Z'), expiresAt: null },
  { step: 'kit', at: new Date('2027-03-08T09:00:00Z'), expiresAt: null },
  { step: 'jour-j', at: new Date('2027-03-15T07:30:00Z'), expiresAt: null },
]
const shown = (now: string, until?: string, given = missed) =>
  catchUpDates(given, paris, new Date(now), until === undefined ? undefined : new Date(until)).map(
    ({ step, at }) => `${step} ${at.toISOString().slice(0, 16)}`,
  )

test('What was missed comes one a working day, at its own time of day, over weekends, holidays and a change of clocks', () => {
  // Thursday morning before the clocks change; Easter Monday is closed.
  expect(shown('2027-03-25T07:00:00Z')).toEqual([
    'teaser 2027-03-25T08:00',
    'kit 2027-03-26T09:00',
    'jour-j 2027-03-30T06:30',
  ])
  // Its time is past for today.
  expect(shown('2027-03-25T08:30:00Z')[0]).toBe('teaser 2027-03-26T08:00')
})

test('Of more than fit before the next step the latest come; none does where none fits', () => {
  expect(shown('2027-03-16T07:00:00Z', '2027-03-18T06:00:00Z')).toEqual([
    'kit 2027-03-16T09:00',
    'jour-j 2027-03-17T07:30',
  ])
  expect(shown('2027-03-16T07:00:00Z', '2027-03-16T07:15:00Z')).toEqual([])
})

test('A message that would be too late is left out', () => {
  const [teaser, ...others] = missed as [Missed, ...Missed[]]
  const late = { ...teaser, expiresAt: new Date('2027-03-08T08:00:00Z') }
  expect(shown('2027-03-16T07:00:00Z', undefined, [late, ...others])).toEqual([
    'kit 2027-03-16T09:00',
    'jour-j 2027-03-17T07:30',
  ])
})

test('Whenever somebody joins, they catch up in order, on days of their own, before the next step', () => {
  const start = Date.parse('2026-10-01T00:00:00Z')
  const instant = fc.integer({ min: 0, max: 400 * 1440 }).map((minutes) => new Date(start + minutes * 60_000))
  const zone = fc.constantFrom('Europe/Paris', 'America/Martinique', 'Australia/Lord_Howe', 'America/Santiago')
  fc.assert(
    fc.property(
      fc.array(fc.tuple(instant, fc.option(instant)), { maxLength: 6 }),
      instant,
      fc.option(instant),
      zone,
      fc.func(fc.integer({ min: 0, max: 6 })),
      (all, now, until, timezone, lot) => {
        const steps = all.map(([at, expiresAt], index): Missed => ({ step: `s${index}`, at, expiresAt }))
        const isHoliday = (date: string) => lot(date) === 0
        const made = catchUpDates(steps, { timezone, isHoliday }, now, until ?? undefined)
        const names = made.map(({ step }) => step)
        expect(names).toEqual([...new Set(names)].sort())
        const days = made.map(({ at }) => at.toLocaleDateString('sv', { timeZone: timezone }))
        expect(days).toEqual([...new Set(days)].sort())
        for (const day of days) expect(isHoliday(day)).toBe(false)
        for (const { step, at } of made) {
          expect(at > now && (until === null || at < until)).toBe(true)
          const { expiresAt } = steps.find((one) => one.step === step)!
          expect(expiresAt === null || at < expiresAt).toBe(true)
        }
      },
    ),
    { numRuns: 80 },
  )
})
