import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from '../../src/network/folding.ts'
import { identityKey } from '../../src/network/identity.ts'
import { profileFromFunction, readProfile } from '../../src/network/profiles.ts'
import { readChannel, readLanguage } from '../../src/network/values/choices.ts'
import { readDate } from '../../src/network/values/dates.ts'
import { readNumber } from '../../src/network/values/numbers.ts'
import { readOpeningHours } from '../../src/network/values/opening-hours.ts'
import { isSiret } from '../../src/network/values/siret.ts'
import { readYesOrNo } from '../../src/network/values/yes-or-no.ts'

test('French and English yes and no', () => {
  for (const cell of ['oui', 'OUI', 'Oui', 'VRAI', 'x', 'X', '1', 'yes', 'true', ' oui '])
    expect(readYesOrNo(cell), cell).toBe(true)
  for (const cell of ['non', 'NON', 'FAUX', '0', 'no', 'false', 'refusé']) expect(readYesOrNo(cell), cell).toBe(false)
  for (const cell of ['', 'peut-être', '2', 'constructor', '__proto__']) expect(readYesOrNo(cell), cell).toBeUndefined()
})

test('dates as French sheets, ISO and spreadsheet serials hold them', () => {
  expect(readDate('13/03/2025')).toBe('2025-03-13')
  expect(readDate('1.2.26')).toBe('2026-02-01')
  expect(readDate('2026-02-28')).toBe('2026-02-28')
  expect(readDate('13/03/2025 14:30')).toBe('2025-03-13')
  expect(readDate('45729')).toBe('2025-03-13')
  for (const cell of ['31/02/2026', '29/02/2026', '2026-13-01', 'hier', '', '99999'])
    expect(readDate(cell)).toBeUndefined()
})

test('every day comes back from its French spelling', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2068-12-31'), noInvalidDate: true }), (date) => {
      const iso = date.toISOString().slice(0, 10)
      const [year, month, day] = iso.split('-')
      expect(readDate(`${day}/${month}/${year}`)).toBe(iso)
      expect(readDate(`${day}/${month}/${year!.slice(2)}`)).toBe(iso)
    }),
  )
})

test('numbers as French and English sheets write them', () => {
  expect(readNumber('1 122 000,00')).toBe(1_122_000)
  expect(readNumber('1\u202f122\u202f000,50 €')).toBe(1_122_000.5)
  expect(readNumber('1,122,000.25')).toBe(1_122_000.25)
  expect(readNumber('-12,5')).toBe(-12.5)
  expect(readNumber('1.234')).toBe(1.234)
  expect(readNumber('0')).toBe(0)
  for (const cell of ['0123', '12345678901234567', 'douze', '1,2,3', '', '12/04'])
    expect(readNumber(cell), cell).toBeUndefined()
})

test('opening hours as people write them, and nothing guessed', () => {
  const week = {
    1: [
      [480, 720],
      [810, 1080],
    ],
    2: [
      [480, 720],
      [810, 1080],
    ],
    6: [[540, 720]],
  }
  expect(readOpeningHours('Lu-Ma 8h-12h 13h30-18h; Sa 9h-12h')).toEqual(week)
  expect(readOpeningHours('Lundi à mardi : 8:00-12:00, 13:30-18:00 | sam. 9h-12h | dim fermé')).toEqual(week)
  for (const cell of ['sur rendez-vous', 'Lu-Ve', 'Ve-Lu 8h-12h', 'Lu 18h-8h', ''])
    expect(readOpeningHours(cell), cell).toBeUndefined()
})

test('a SIRET is checked by its last digit, La Poste by its own rule', () => {
  expect(isSiret('732 829 320 00074')).toBe(true)
  expect(isSiret('73282932000075')).toBe(false)
  expect(isSiret('732829320')).toBe(true)
  expect(isSiret('35600000049837')).toBe(true)
  expect(isSiret('123')).toBe(false)
})

test('channels and languages by their usual names', () => {
  expect(['SMS', 'e-mail', 'Courrier', 'Écran', 'pigeon'].map(readChannel)).toEqual([
    'sms',
    'email',
    'print',
    'screen',
    undefined,
  ])
  expect(['FR', 'fr-FR', 'Français', 'en', 'Anglais', 'de'].map(readLanguage)).toEqual([
    'fr',
    'fr',
    'fr',
    'en',
    'en',
    undefined,
  ])
})

test.each([
  ['Poseur', 'field'],
  ['Chef d’équipe', 'field'],
  ['Ouvrier', 'field'],
  ['Vendeur comptoir', 'counter'],
  ['Agent de comptoir', 'counter'],
  ['Commercial', 'sales'],
  ['Responsable commercial', 'sales'],
  ['Technico-commercial', 'sales'],
  ['Gérant', 'owner'],
  ['Dirigeante', 'owner'],
  ['Directeur d’agence', 'owner'],
  ['Assistante de direction', 'office'],
  ['Correspondant tourisme', 'office'],
  ['Avant-vente', 'office'],
  ['', 'office'],
])('the function "%s" suggests %s', (title, profile) => {
  expect(profileFromFunction(title)).toBe(profile)
})

test('the five profiles are read from their headers', () => {
  expect(['Terrain', 'Comptoir', 'ITINERANT', 'Dirigeant', 'bureau', 'autre'].map(readProfile)).toEqual([
    'field',
    'counter',
    'sales',
    'owner',
    'office',
    undefined,
  ])
})

test('a contact is known by the first identity rule that applies', () => {
  const facts = { siteCode: 'S1', row: 'r' }
  const all = { ...facts, externalId: 'E', foldedName: 'n', mobile: '+336', personalMailbox: 'a@b.fr' }
  const rule = (given: Parameters<typeof identityKey>[0]) => identityKey(given).split(':')[0]
  expect(rule(all)).toBe('external')
  expect(rule({ ...all, externalId: '' })).toBe('name')
  expect(rule({ ...facts, foldedName: '', mobile: '+336', personalMailbox: 'a@b.fr' })).toBe('mobile')
  expect(rule({ ...facts, foldedName: '', personalMailbox: 'a@b.fr' })).toBe('mailbox')
  expect(rule({ ...facts, foldedName: '' })).toBe('row')
  // The external id is the file's own, so it holds when someone moves to another site; the others do not.
  expect(identityKey(all)).toBe(identityKey({ ...all, siteCode: 'S2' }))
  expect(identityKey({ ...facts, foldedName: 'n' })).not.toBe(
    identityKey({ ...facts, siteCode: 'S2', foldedName: 'n' }),
  )
  expect(identityKey({ ...facts, foldedName: 'jean dupont' })).not.toContain('dupont')
})

test('folding forgets case, accents, ligatures and punctuation', () => {
  expect(fold(' L’Œuvre  d’É\u0301mile-Zola ')).toBe('l oeuvre d emile zola')
  expect(fold('Zoe\u0308')).toBe(fold('ZOË'))
})
