import { expect, test } from 'vitest'
import { afterWorkingTime } from '../../src/experiment/working-time.ts'

const hour = 3_600_000
const closed =
  (...dates: string[]) =>
  (date: string) =>
    dates.includes(date)

test.each([
  ['within a day', '2027-01-12T08:30:00Z', 4, '2027-01-12T12:30:00.000Z'],
  ['over the night: two hours are left of Tuesday', '2027-01-12T17:00:00Z', 4, '2027-01-13T09:00:00.000Z'],
  ['over the weekend', '2027-01-15T18:00:00Z', 2, '2027-01-18T08:00:00.000Z'],
  ['from before the day begins', '2027-01-12T04:00:00Z', 1, '2027-01-12T08:00:00.000Z'],
  ['over a holiday', '2027-01-13T18:00:00Z', 2, '2027-01-15T08:00:00.000Z'],
  ['over two whole days', '2027-01-12T07:00:00Z', 24, '2027-01-13T19:00:00.000Z'],
  ['across the change to summer time', '2027-03-26T18:00:00Z', 2, '2027-03-29T07:00:00.000Z'],
])('working time %s', (_, from, hours, until) => {
  const at = afterWorkingTime(new Date(from), hours * hour, 'Europe/Paris', closed('2027-01-14'))
  expect(at.toISOString()).toBe(until)
})

test('where every day is closed, elapsed time counts', () => {
  const from = new Date('2027-01-12T08:00:00Z')
  expect(afterWorkingTime(from, hour, 'Europe/Paris', () => true).getTime() - from.getTime()).toBe(hour)
})
