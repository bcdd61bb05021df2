import { describe, expect, it } from 'vitest'
import type { CampaignDefinition } from '../../src/campaign/definition.ts'
import { campaignDefinition } from '../../src/campaign/definition.ts'
import { stepMoment } from '../../src/campaign/moments.ts'
import { firstOccurrences, isRecurring, type RecurringStep } from '../../src/campaign/occurrences.ts'
import { type Recurrence, recurrenceDates, recurrenceProblem } from '../../src/campaign/recurrence.ts'

const days = (written: Recurrence, start: string, most = 4, until?: string): string[] => {
  const found: string[] = []
  for (const date of recurrenceDates(written, start, until)) {
    found.push(date)
    if (found.length === most) break
  }
  return found
}

describe('A recurrence', () => {
  it.each<[string, Recurrence, string, string[]]>([
    [
      'comes each month on the day it began',
      { every: 'month' },
      '2027-01-11',
      ['2027-01-11', '2027-02-11', '2027-03-11', '2027-04-11'],
    ],
    [
      'keeps to month ends: the 31st is the last day of a shorter month',
      { every: 'month' },
      '2027-01-31',
      ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30'],
    ],
    ['knows leap years', { every: 'year' }, '2028-02-29', ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28']],
    [
      'takes a day by its place in the month',
      { every: 'month', on: 'first tuesday' },
      '2027-01-11',
      ['2027-02-02', '2027-03-02', '2027-04-06', '2027-05-04'],
    ],
    [
      'takes the last working day',
      { every: 'month', on: 'last working day' },
      '2027-01-11',
      ['2027-01-29', '2027-02-26', '2027-03-31', '2027-04-30'],
    ],
    [
      'counts a quarter as three months',
      { every: 'quarter', on: 'last day' },
      '2027-01-11',
      ['2027-01-31', '2027-04-30', '2027-07-31', '2027-10-31'],
    ],
    [
      'takes several days of a week',
      { every: 'week', on: 'monday, thursday' },
      '2027-01-12',
      ['2027-01-14', '2027-01-18', '2027-01-21', '2027-01-25'],
    ],
    [
      'takes every second week',
      { every: '2 weeks' },
      '2027-01-12',
      ['2027-01-12', '2027-01-26', '2027-02-09', '2027-02-23'],
    ],
    [
      'reads an RRULE',
      { every: 'FREQ=MONTHLY;BYDAY=1TU' },
      '2027-01-11',
      ['2027-02-02', '2027-03-02', '2027-04-06', '2027-05-04'],
    ],
    [
      'passes over months without the day an RRULE names, as RFC 5545 says',
      { every: 'FREQ=MONTHLY;BYMONTHDAY=31' },
      '2027-01-11',
      ['2027-01-31', '2027-03-31', '2027-05-31', '2027-07-31'],
    ],
    ['ends after its count', { every: 'month', count: 2 }, '2027-01-11', ['2027-01-11', '2027-02-11']],
    ['names no day where there is none', { every: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, '2027-01-11', []],
  ])('%s', (_, written, start, expected) => {
    expect(days(written, start)).toEqual(expected)
  })

  it('ends on its last day, that day included', () => {
    expect(days({ every: 'month' }, '2027-01-11', 9, '2027-03-11')).toEqual(['2027-01-11', '2027-02-11', '2027-03-11'])
  })

  it.each<[Recurrence, string]>([
    [{ every: 'fortnight' }, '"fortnight" is no rhythm'],
    [{ every: 'FREQ=MONTHLY;BYMONTHDAY=32' }, '"BYMONTHDAY=32" is not possible'],
    [{ every: 'FREQ=MONTHLY;UNTIL=20271231' }, 'Write until: beside every:'],
    [{ every: 'FREQ=HOURLY' }, '"FREQ=HOURLY" is not possible'],
    [{ every: 'BYDAY=MO' }, 'needs FREQ='],
    [{ every: 'month', on: '32' }, 'There is no 32th'],
    [{ every: 'month', on: 'tuesday' }, 'Cannot read "tuesday"'],
    [{ every: 'week', on: 'saturday' }, 'add closed: keep'],
    [{ every: 'day', on: 'monday' }, 'leave on: out'],
  ])('says what is wrong with %j', (written, message) => {
    expect(recurrenceProblem(written)?.message).toContain(message)
  })
})

const france = { timezone: 'Europe/Paris', country: 'FR' }
const paris = { timezone: 'Europe/Paris', region: 'FR' }

function newsletter(step: Record<string, unknown>, anchor: Record<string, string> = { timezone: 'recipient' }) {
  const campaign: CampaignDefinition = campaignDefinition.parse({
    name: 'letter',
    title: { fr: 'Lettre' },
    class: 'relational',
    audience: { segment: 'all' },
    anchor: { launch: '2027-01-11T08:30', ...anchor },
    steps: [{ name: 'news', at: 'launch', intent: 'relationship', template: 'a/b', ...step }],
  })
  const [written] = campaign.steps
  if (!written || !isRecurring(written)) throw new Error('It should recur.')
  return { campaign, step: written }
}

describe('A step that comes again', () => {
  const launchedAt = new Date('2026-12-01T09:00:00Z')
  const at = (
    { campaign, step }: { campaign: CampaignDefinition; step: RecurringStep },
    occurrence: string,
    place = paris,
  ) => stepMoment(campaign, step, place, france, launchedAt, occurrence)?.toISOString()
  const dates = ({ campaign, step }: { campaign: CampaignDefinition; step: RecurringStep }, most: number) =>
    firstOccurrences(campaign, step, france, launchedAt, most)

  it('moves off a holiday to the next working day where the recipient lives', () => {
    // 6 May 2027 is Ascension Day, 26 March Good Friday in Alsace and Moselle only (droit local).
    const monthly = newsletter({ at: 'launch, 08:00', every: 'month', on: '26' })
    expect(at(monthly, '2027-03-26')).toBe('2027-03-26T07:00:00.000Z')
    expect(at(monthly, '2027-03-26', { timezone: 'Europe/Paris', region: 'FR-67' })).toBe('2027-03-30T06:00:00.000Z')
    expect(at(newsletter({ every: 'month', on: '6', closed: 'previous' }), '2027-05-06')).toBe(
      '2027-05-05T06:30:00.000Z',
    )
    expect(at(newsletter({ every: 'month', on: '6', closed: 'keep' }), '2027-05-06')).toBe('2027-05-06T06:30:00.000Z')
  })

  it('comes at the same local time everywhere, across changes of clocks', () => {
    const monthly = newsletter({ at: 'launch, 08:00', every: 'month', on: 'first tuesday' })
    expect(at(monthly, '2027-03-02')).toBe('2027-03-02T07:00:00.000Z')
    expect(at(monthly, '2027-04-06')).toBe('2027-04-06T06:00:00.000Z')
    expect(at(monthly, '2027-04-06', { timezone: 'Indian/Reunion', region: 'RE' })).toBe('2027-04-06T04:00:00.000Z')
  })

  it('ends with an anchor, counted as any moment', () => {
    const step = { every: 'month', until: 'end - 1 day' }
    expect(dates(newsletter(step, { end: '2027-04-11T18:00' }), 10)).toEqual({
      dates: ['2027-01-11', '2027-02-11', '2027-03-11'],
      isAll: true,
    })
  })

  it('comes once on a working day on which two of its days would fall', () => {
    const daily = newsletter({ every: 'day', count: 7 })
    // Saturday 16 and Sunday 17 January move to Monday 18, which is then no day of its own.
    expect(dates(daily, 10).dates).toEqual([
      '2027-01-11',
      '2027-01-12',
      '2027-01-13',
      '2027-01-14',
      '2027-01-15',
      '2027-01-16',
    ])
    expect(at(daily, '2027-01-16')).toBe('2027-01-18T07:30:00.000Z')
  })
})
