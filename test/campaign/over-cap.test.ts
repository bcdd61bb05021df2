import { expect, test } from 'vitest'
import type { AgendaEntry } from '../../src/campaign/agenda.ts'
import { capWindows } from '../../src/campaign/over-cap.ts'

const entry = (campaignId: string, day: number, more: Partial<AgendaEntry> = {}): AgendaEntry => ({
  ...{ key: `${campaignId}/${day}`, campaignId, title: {}, status: 'running', class: 'marketing', version: 1 },
  ...{ segment: 'tous', step: `s${day}`, position: 0, occurrence: '1', what: 'step', channels: ['email'] },
  ...{ run: 'waiting', audience: 0, reached: 0, awaiting: 0 },
  at: new Date(Date.UTC(2027, 1, day, 8)),
  ...more,
})
const twoAWeek = { channel: 'email', subject: 'contact', max: 2, days: 7 } as const
const windowsOf = (entries: AgendaEntry[], cap: Parameters<typeof capWindows>[1][number] = twoAWeek) =>
  capWindows(entries, [cap]).map((window) => window.entries.map(({ key }) => key))

test('Three e-mails of two campaigns within the days of a cap of two are over it; a week later they are not', () => {
  expect(windowsOf([entry('a', 1), entry('b', 3), entry('a', 7)])).toEqual([['a/1', 'b/3', 'a/7']])
  expect(windowsOf([entry('a', 1), entry('b', 3), entry('a', 8)])).toEqual([])
  expect(windowsOf([entry('a', 1), entry('a', 2), entry('a', 3)])).toEqual([])
})

test('A time within another is not told twice; one that goes on further is', () => {
  const all = [entry('a', 1), entry('b', 2), entry('a', 3), entry('b', 4), entry('a', 9)]
  expect(windowsOf(all)).toEqual([
    ['a/1', 'b/2', 'a/3', 'b/4'],
    ['a/3', 'b/4', 'a/9'],
  ])
})

test('What is over, was called off, is not capped or goes another way weighs nothing', () => {
  const with_ = (more: Partial<AgendaEntry>) => windowsOf([entry('a', 1), entry('b', 2), entry('b', 3, more)])
  expect(with_({})).toHaveLength(1)
  expect(with_({ run: 'canceled' })).toEqual([])
  expect(with_({ class: 'contractual' })).toEqual([])
  expect(with_({ channels: ['sms'] })).toEqual([])
  expect(with_({ channels: [] })).toEqual([])
  expect(with_({ what: 'arrival' })).toEqual([])
  expect(windowsOf([entry('a', 1), entry('b', 2), entry('b', 3)].map((one) => ({ ...one, run: 'done' })))).toEqual([])
  expect(windowsOf([entry('a', 1, { run: 'done' }), entry('b', 2), entry('b', 3)])).toHaveLength(1)
  const any = { channel: 'any', subject: 'contact', max: 2, days: 7 } as const
  expect(windowsOf([entry('a', 1), entry('b', 2), entry('b', 3, { channels: [] })], any)).toHaveLength(1)
})
