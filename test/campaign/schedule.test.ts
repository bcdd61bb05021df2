import { describe, expect, it } from 'vitest'
import { AnchorCycle, parseMoment, resolveAt, resolveMoment } from '../../src/campaign/schedule.ts'

const none = (_date: string) => false
const paris = { timezone: 'Europe/Paris', isHoliday: none }
const holidays =
  (...dates: string[]) =>
  (date: string) =>
    dates.includes(date)
/** French public holidays around the challenge: Code du travail, art. L3133-1; 20 December in La Réunion only. */
const french = holidays('2026-12-25', '2027-01-01')
const reunion = holidays('2026-12-20', '2026-12-25', '2027-01-01', '2027-12-20')

const utc = (expression: string, anchors: Record<string, string>, calendar = paris) =>
  resolveAt(expression, anchors, calendar).toISOString()

describe('A moment', () => {
  it('is the anchor itself, on the clock of the reader', () => {
    const anchors = { launch: '2027-01-11T08:30' }
    expect(utc('launch', anchors)).toBe('2027-01-11T07:30:00.000Z')
    expect(utc('launch', anchors, { timezone: 'Indian/Reunion', isHoliday: none })).toBe('2027-01-11T04:30:00.000Z')
    expect(utc('launch', anchors, { timezone: 'America/Martinique', isHoliday: none })).toBe('2027-01-11T12:30:00.000Z')
  })

  it('counts working days back over weekends and the holidays of the region', () => {
    const anchors = { launch: '2027-01-11T08:30' }
    expect(utc('launch - 21 working days, 09:00', anchors)).toBe('2026-12-11T08:00:00.000Z')
    expect(utc('launch - 21 working days, 09:00', anchors, { timezone: 'Europe/Paris', isHoliday: french })).toBe(
      '2026-12-09T08:00:00.000Z',
    )
  })

  it('counts the abolition day in La Réunion, and only there', () => {
    const anchors = { launch: '2027-12-21T09:00' }
    expect(utc('launch - 1 working day', anchors)).toBe('2027-12-20T08:00:00.000Z')
    expect(utc('launch - 1 working day', anchors, { timezone: 'Indian/Reunion', isHoliday: reunion })).toBe(
      '2027-12-17T05:00:00.000Z',
    )
  })

  it('moves off a weekend anchor to the working day before or after it', () => {
    const anchors = { launch: '2027-01-10T10:00' }
    expect(utc('launch - 1 working day', anchors)).toBe('2027-01-08T09:00:00.000Z')
    expect(utc('launch + 1 working day', anchors)).toBe('2027-01-11T09:00:00.000Z')
  })

  it('keeps the time of the anchor over days and weeks, also when the clocks change', () => {
    const anchors = { launch: '2027-03-26T09:00' }
    expect(utc('launch + 3 days', anchors)).toBe('2027-03-29T07:00:00.000Z')
    expect(utc('launch + 1 week', anchors)).toBe('2027-04-02T07:00:00.000Z')
    expect(utc('launch + 3 days, 17:15', anchors)).toBe('2027-03-29T15:15:00.000Z')
  })

  it('takes hours and durations as time elapsed, not as wall time', () => {
    const anchors = { launch: '2027-03-27T09:00' }
    expect(utc('launch + 24 hours', anchors)).toBe('2027-03-28T08:00:00.000Z')
    expect(utc('launch + PT48H', anchors)).toBe('2027-03-29T08:00:00.000Z')
    expect(utc('launch + 1 day + 30 minutes', anchors)).toBe('2027-03-28T07:30:00.000Z')
  })

  it('that the clocks skip becomes the next valid instant, and says so', () => {
    const found = resolveMoment('2027-03-28T02:30', {}, paris)
    expect(found).toEqual({ at: new Date('2027-03-28T01:00:00Z'), local: '2027-03-28T02:30', clockChange: 'gap' })
  })

  it('that comes twice is the first of the two', () => {
    const found = resolveMoment('2027-10-31T02:30', {}, paris)
    expect(found).toEqual({ at: new Date('2027-10-31T00:30:00Z'), local: '2027-10-31T02:30', clockChange: 'overlap' })
  })

  it('may count from another anchor or from a dated step', () => {
    const anchors = { launch: '2027-01-11T08:30', end: 'launch + 60 days, 18:00', relance: 'end - 1 week' }
    expect(utc('relance', anchors)).toBe('2027-03-05T17:00:00.000Z')
  })

  it('may be an instant with its own offset, the same for everyone', () => {
    const anchors = { launch: '2027-01-11T08:30:00+01:00' }
    expect(utc('launch', anchors, { timezone: 'Indian/Reunion', isHoliday: none })).toBe('2027-01-11T07:30:00.000Z')
    expect(utc('launch + 1 day', anchors, { timezone: 'Indian/Reunion', isHoliday: none })).toBe(
      '2027-01-12T07:30:00.000Z',
    )
  })

  it('in a circle of anchors is refused, and the circle named', () => {
    expect(() => utc('a', { a: 'b + 1 day', b: 'a' })).toThrow(AnchorCycle)
    expect(() => utc('a', { a: 'b + 1 day', b: 'a' })).toThrow('a → b → a')
  })

  it.each([
    ['2027-02-31', '2027-02-31 does not exist: that month ends on 2027-02-28.'],
    ['31/02/2027', '2027-02-31 does not exist: that month ends on 2027-02-28.'],
    ['11/01/2027', 'Write the date 11/01/2027 as 2027-01-11 (year-month-day).'],
    ['2027-13-01', '2027-13-01 does not exist: there is no month 13.'],
    ['launch, 25:00', '"25:00" is not a time of day: write it as 09:00, from 00:00 to 23:59.'],
    ['launch, 9h', '"9h" is not a time of day: write it as 09:00, from 00:00 to 23:59.'],
    ['2027-01-11T24:10', '"24:10" in 2027-01-11T24:10 is not a time of day.'],
    ['launch - 3 fortnights', 'Cannot read "- 3 fortnights" in "launch - 3 fortnights"'],
    ['launch + P1M', '"P1M" is not a duration'],
    ['launch + PT90S', '"PT90S" is not a duration in whole minutes, such as PT48H or P3D.'],
    ['launch, 09:00, 10:00', 'more than one comma'],
    ['', '"" is not a moment'],
  ])('written %s is refused with its cure', (text, message) => {
    const parsed = parseMoment(text)
    expect('problem' in parsed ? parsed.problem : '').toContain(message)
  })
})
