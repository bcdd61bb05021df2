import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import type { AgendaEntry } from '../../src/campaign/agenda.ts'
import { type CalendarWords, calendarText } from '../../src/campaign/ical.ts'

const step: AgendaEntry = {
  key: 'c1/launch-day/1/step',
  campaignId: 'c1',
  title: { fr: 'Challenge ; « Grand Nord », le défi', en: 'Great North' },
  status: 'running',
  class: 'marketing',
  version: 1,
  step: 'jour-j',
  position: 0,
  occurrence: '1',
  what: 'step',
  at: new Date('2027-01-11T07:30:00Z'),
  channels: ['email'],
  run: 'waiting',
  audience: 0,
  reached: 0,
  awaiting: 0,
}
const words: CalendarWords = {
  name: 'Campagnes du réseau',
  what: (what) => what,
  run: (run) => run,
  title: (title, language) => title[language] ?? '',
}
const read = (entries: AgendaEntry[]) => {
  const text = calendarText(entries, words, {
    ...{ language: 'fr' as const, timezone: 'Indian/Reunion', publicUrl: 'https://relais.example.com' },
    stamp: new Date('2026-12-01T10:00:00Z'),
  })
  const calendar = new ICAL.Component(ICAL.parse(text))
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component))
}

test('A sending is an instant, whose words a parser reads back whole', () => {
  const [event] = read([step])
  expect(event!.startDate.toJSDate()).toEqual(step.at)
  expect(event!.startDate.isDate).toBe(false)
  expect(event!.summary).toBe('Challenge ; « Grand Nord », le défi · jour-j')
  expect(event!.sequence).toBe(0)
})

test('A date of printing is a whole day, the one it is where the network is at home', () => {
  const late = { ...step, key: 'c1/kit/1/posted', what: 'posted' as const, at: new Date('2027-01-04T21:30:00Z') }
  const [event] = read([late])
  expect(event!.startDate.isDate).toBe(true)
  expect(event!.startDate.toString()).toBe('2027-01-05')
})

test('A date that moved keeps its identifier and counts its moves; what will not be is canceled', () => {
  const [before] = read([step])
  const [after, other] = read([
    { ...step, version: 3, at: new Date('2027-01-18T07:30:00Z') },
    { ...step, key: 'c1/relance/1/step', run: 'skipped' },
  ])
  expect(after!.uid).toBe(before!.uid)
  expect(after!.sequence).toBe(2)
  expect(other!.uid).not.toBe(before!.uid)
  expect(other!.component.getFirstPropertyValue('status')).toBe('CANCELLED')
})
