import { pino } from 'pino'
import { expect, test } from 'vitest'
import { watchLeaps } from '../src/leaps.ts'

const hour = 3_600_000

function clocks() {
  const here = { wall: Date.parse('2027-03-28T00:59:00Z'), steady: 1_000, said: [] as { seconds: number }[] }
  const leaps = watchLeaps(
    { now: () => new Date(here.wall) },
    () => here.steady,
    pino({ base: undefined }, { write: (line: string) => void here.said.push(JSON.parse(line)) }),
  )
  const pass = (ms: number) => {
    here.wall += ms
    here.steady += ms
  }
  return { here, leaps, pass }
}

test('time that passes is no leap, and daylight saving is none either: both clocks count in UTC', () => {
  const { leaps, pass, here } = clocks()
  pass(2 * hour)
  expect(leaps.sinceLeapMs()).toBe(Number.POSITIVE_INFINITY)
  expect(leaps.steadyMs()).toBe(2 * hour)
  expect(here.said).toEqual([])
})

test.each([
  ['on', hour],
  ['back', -hour],
])('an hour %s is a leap, from which the time that really passed is counted', (_, by) => {
  const { leaps, pass, here } = clocks()
  pass(10_000)
  here.wall += by
  expect(leaps.sinceLeapMs()).toBe(0)
  pass(30_000)
  expect([leaps.sinceLeapMs(), leaps.steadyMs()]).toEqual([30_000, 30_000])
  expect(here.said.map(({ seconds }) => seconds)).toEqual([by / 1_000])
})

test('the drift a time server corrects, second by second, is no leap', () => {
  const { leaps, pass, here } = clocks()
  here.wall += 4_000
  pass(1_000)
  expect(leaps.sinceLeapMs()).toBe(Number.POSITIVE_INFINITY)
})
