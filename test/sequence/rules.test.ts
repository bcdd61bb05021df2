import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { campaignDefinition } from '../../src/campaign/definition.ts'
import { condition } from '../../src/sequence/condition.ts'
import { monthDaysOf } from '../../src/sequence/dates.ts'
import { dayOf } from '../../src/sequence/day.ts'
import { after } from '../../src/sequence/delay.ts'
import { dataHolds, saysSo } from '../../src/sequence/said.ts'
import { isOpenEnded, wayOf } from '../../src/sequence/ways.ts'

const paris = { timezone: 'Europe/Paris', isHoliday: (date: string) => date === '2027-05-06' }

test('a delay counts working days on the calendar of whoever it is for, and hours as hours', () => {
  const wednesday = new Date('2027-05-05T07:00:00Z')
  expect(after('2 working days', wednesday, paris)).toEqual(new Date('2027-05-10T07:00:00Z'))
  expect(after('2 working days, 09:30', wednesday, paris)).toEqual(new Date('2027-05-10T07:30:00Z'))
  expect(after('PT48H', new Date('2027-03-27T12:00:00Z'), paris)).toEqual(new Date('2027-03-29T12:00:00Z'))
  expect(after('2 days', new Date('2027-03-27T12:00:00Z'), paris)).toEqual(new Date('2027-03-29T11:00:00Z'))
})

test('an answer is taken without regard to case, accents, spaces and a final stop', () => {
  for (const said of ['OUI', 'oui !', ' Oui.\nEnvoyé de mon mobile']) expect(saysSo('OUI', said), said).toBe(true)
  for (const said of ['oui mais', 'non', '']) expect(saysSo('OUI', said), said).toBe(false)
  expect(saysSo('VENTE *', 'vente  3')).toBe(true)
  expect(saysSo('VENTE *', 'revente 3')).toBe(false)
  expect(saysSo('*demain*', 'Rappelez-moi demain matin')).toBe(true)
  expect(saysSo('a*a', 'a')).toBe(false)
  expect(saysSo('*', 'quoi que ce soit')).toBe(true)
})

test('an event is meant by what its data says, one value or one of several', () => {
  expect(dataHolds({ colour: ['blue', 'teal'], size: 3 }, { colour: 'Blue', size: '3' })).toBe(true)
  expect(dataHolds({ colour: 'blue' }, {})).toBe(false)
  expect(dataHolds({ toString: 'x' }, {})).toBe(false)
  expect(dataHolds(undefined, {})).toBe(true)
})

test('days are read as machines and the French write them, and only if there are such days', () => {
  expect(dayOf('1984-02-29')).toBe('1984-02-29')
  expect(dayOf('1/3/2027')).toBe('2027-03-01')
  for (const cell of ['1983-02-29', '31/04/2027', 'lundi', 20270301, undefined]) expect(dayOf(cell)).toBeUndefined()
})

test('who was born on a 29 February has their day on the 28th of other years, and on it alone', () => {
  const days = (text: string) => monthDaysOf(Temporal.PlainDate.from(text))
  expect(days('2027-02-28')).toEqual(['02-28', '02-29'])
  expect(days('2028-02-28')).toEqual(['02-28'])
  expect(days('2028-02-29')).toEqual(['02-29'])
  expect(days('2027-03-01')).toEqual(['03-01'])
})

const parsed = (rest: Record<string, unknown>) =>
  campaignDefinition.parse({
    ...{ name: 'essai', title: { fr: 'Essai' }, class: 'transactional', audience: { segment: 'tous' } },
    ...{ anchor: { launch: 'now' }, ...rest },
  })
const message = { intent: 'follow-up', template: 'challenge/relance' }

test('a step begins by its date, each person’s entry, what happens to them or to all, or where a wait leads', () => {
  const campaign = parsed({
    entry: { event: 'called' },
    steps: [
      { name: 'dated', at: 'launch + 1 day', ...message },
      { name: 'own', at: 'entry + 2 working days', ...message, waitFor: { event: 'booked', upTo: 'P3D', else: 'led' } },
      { name: 'after-own', at: 'own + P1D', ...message },
      { name: 'silent', when: { notActed: 'own', within: 'PT48H' }, ...message },
      { name: 'all', when: { posted: 'any', within: 'P1D' }, ...message },
      { name: 'led', task: 'call' },
    ],
  })
  expect(campaign.steps.map((step) => wayOf(campaign, step))).toEqual([
    ...['dated', 'entered', 'entered', 'person', 'group', 'branch'],
  ])
  expect(campaign.steps[5]).toMatchObject({ task: { kind: 'call', assignee: 'owner', due: 'P1D' }, template: '' })
  expect(isOpenEnded(campaign)).toBe(true)
  const dated = { name: 'dated', at: 'launch', ...message }
  const follower = { name: 'silent', when: { notOpened: 'dated', within: 'P2D' }, ...message }
  expect(isOpenEnded(parsed({ steps: [dated, follower] }))).toBe(false)
})

test('a condition that cannot be is refused in a sentence that says how to write it', () => {
  const wrong = (when: unknown) => condition.safeParse(when).error?.issues[0]?.message
  expect(wrong({ notOpened: 'teaser', within: '2 jours' })).toContain('is not a delay: write PT48H')
  expect(wrong({ all: [{ not: { replied: 'OUI' } }, { rule: 'registered' }] })).toContain(
    'must be something that happens',
  )
  expect(wrong({ date: 'birthday', before: 'P1D', after: 'P1D' })).toContain('not both')
  expect(wrong({ opened: 'teaser' })).toContain('Unknown condition')
})
