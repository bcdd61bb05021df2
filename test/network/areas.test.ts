import { expect, test } from 'vitest'
import { areaOf, frenchRegions } from '../../src/network/areas.ts'
import { cityKeyOf, nameKeysOf } from '../../src/network/search-keys.ts'

const site = (given: Partial<Parameters<typeof areaOf>[0]>) =>
  areaOf({ postcode: null, country: 'FR', region: 'FR', attributes: {}, ...given }, 'fr')

test('101 departments lie in 18 regions, each once', () => {
  const departments = Object.values(frenchRegions.departments).flatMap((list) => list.split(' '))
  expect(Object.keys(frenchRegions.departments)).toHaveLength(18)
  expect(departments).toHaveLength(101)
  expect(new Set(departments).size).toBe(101)
})

test('every mainland postcode has a region', () => {
  for (let number = 1; number <= 95; number++) {
    const postcode = `${String(number).padStart(2, '0')}300`
    expect(site({ postcode }), postcode).not.toBe('')
  }
})

test.each([
  [{ postcode: '69003' }, 'Auvergne-Rhône-Alpes'],
  [{ postcode: '20167' }, 'Corse'],
  [{ postcode: '20290' }, 'Corse'],
  [{ postcode: '97430', region: 'RE' }, 'La Réunion'],
  [{ postcode: '97133', region: 'BL' }, 'Saint-Barthélemy'],
  [{ region: 'GP' }, 'Guadeloupe'],
  [{ postcode: '1000', country: 'BE', region: 'BE' }, 'Belgique'],
  [{ postcode: '99999' }, ''],
  [{}, ''],
  [{ postcode: '69003', attributes: { secteur: 'Sud-Est' } }, 'Sud-Est'],
  [{ postcode: '69003', attributes: { region: 4 } }, 'Auvergne-Rhône-Alpes'],
])('%j lies in %s', (given, area) => {
  expect(site(given)).toBe(area)
})

test('a country is named in the network’s language', () => {
  expect(areaOf({ postcode: null, country: 'DE', region: 'DE', attributes: {} }, 'en')).toBe('Germany')
})

test.each([
  ['Sophie', 'Martin', 'martin sophie', 'sophie martin'],
  ['Jean-Marc', 'L’Œuvre', 'l oeuvre jean marc', 'jean marc l oeuvre'],
  [null, 'Sophie Martin', 'sophie martin', 'martin sophie'],
  [null, 'Martin', 'martin', 'martin'],
  ['Karim', null, 'karim', 'karim'],
  [null, null, '', ''],
])('%s %s is found by both names', (firstName, lastName, nameKey, givenKey) => {
  expect(nameKeysOf({ firstName, lastName })).toEqual({ nameKey, givenKey })
})

test('a town is one however saints are written', () => {
  for (const city of ['St-Étienne', 'SAINT ETIENNE', 'Saint-Étienne']) expect(cityKeyOf(city)).toBe('saint etienne')
  expect(cityKeyOf('Ste-Maxime')).toBe('sainte maxime')
  expect(cityKeyOf('Stains')).toBe('stains')
})
