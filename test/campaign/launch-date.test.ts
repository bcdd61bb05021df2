import { expect, test } from 'vitest'
import { localTime, movedAnchors, proposedLaunch } from '../../src/campaign/launch-date.ts'

const paris = { timezone: 'Europe/Paris', country: 'FR' }

test('a launch is proposed at the hour its campaign has, on the next working day', () => {
  // Friday 30 April 2027: the 1st of May is a Saturday, and a holiday.
  const now = new Date('2027-04-30T10:00:00Z')
  expect(proposedLaunch({ now, ...paris }, { launch: '2026-01-05T08:30', moments: ['launch'] })).toBe(
    '2027-05-03T08:30',
  )
  // Wednesday 12 May 2027: the next day is Ascension, and the Friday after it is worked.
  const eve = new Date('2027-05-05T10:00:00Z')
  expect(proposedLaunch({ now: eve, ...paris }, { moments: [] })).toBe('2027-05-07T09:00')
})

test('a launch is proposed late enough for the steps before it', () => {
  const now = new Date('2027-01-04T10:00:00Z')
  const moments = ['launch - 21 working days, 09:00', 'launch + 3 days']
  const proposed = proposedLaunch({ now, ...paris }, { launch: '2026-01-05T08:30', moments })
  expect(Date.parse(`${proposed}Z`) - now.getTime()).toBeGreaterThan(29 * 86_400_000)
})

test('the other dates of a campaign move with its launch by whole weeks; those counted from others stay', () => {
  const anchors = { launch: '2027-01-11T08:30', end: '2027-03-12T18:00', check: 'launch + 3 days' }
  expect(movedAnchors(anchors, '2027-02-03T10:00')).toEqual({ launch: '2027-02-03T10:00', end: '2027-04-09T18:00' })
  expect(movedAnchors({ launch: 'now' }, '2027-02-03T10:00')).toEqual({ launch: '2027-02-03T10:00' })
})

test('an instant is written as the clocks of the network show it', () => {
  expect(localTime(new Date('2027-07-01T22:30:00Z'), 'Europe/Paris')).toBe('2027-07-02T00:30')
})
