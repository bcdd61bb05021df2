import { expect, test } from 'vitest'
import { lawOf, readCountry, zoneOf } from '../../src/network/countries.ts'
import { readFrenchPostcode } from '../../src/network/postcodes.ts'

test.each([
  ['75011', '75', 'FR', 'Europe/Paris'],
  ['67000', '67', 'FR-67', 'Europe/Paris'],
  ['68121', '68', 'FR-68', 'Europe/Paris'],
  ['57000', '57', 'FR-57', 'Europe/Paris'],
  ['20000', '2A', 'FR', 'Europe/Paris'],
  ['20200', '2B', 'FR', 'Europe/Paris'],
  ['97110', '971', 'GP', 'America/Guadeloupe'],
  ['97222', '972', 'MQ', 'America/Martinique'],
  ['97300', '973', 'GF', 'America/Cayenne'],
  ['97400', '974', 'RE', 'Indian/Reunion'],
  ['97600', '976', 'YT', 'Indian/Mayotte'],
  ['97150', '971', 'MF', 'America/Marigot'],
])('%s lies in department %s, region %s', (postcode, department, region, timezone) => {
  expect(readFrenchPostcode(postcode)).toEqual({ postcode, department, region, timezone, isMended: false })
  expect(new Intl.DateTimeFormat('fr', { timeZone: timezone }).resolvedOptions().timeZone).toBeTruthy()
})

test('the zero a spreadsheet dropped is put back', () => {
  expect(readFrenchPostcode('1340')).toMatchObject({ postcode: '01340', department: '01', isMended: true })
  expect(readFrenchPostcode('01 340')).toMatchObject({ postcode: '01340', isMended: false })
  expect(readFrenchPostcode("'07790")).toMatchObject({ postcode: '07790', isMended: false })
})

test.each(['99999', 'ABCDE', '', '00100', '96000', '123', '123456', '0134'])('%s is in no department', (cell) => {
  expect(readFrenchPostcode(cell)).toBeUndefined()
})

test('countries are known by French name, English name and code', () => {
  expect(['France', 'BELGIQUE', 'Germany', 'ch', 'la Réunion', 'Royaume-Uni', 'UK'].map(readCountry)).toEqual([
    'FR',
    'BE',
    'DE',
    'CH',
    'RE',
    'GB',
    'GB',
  ])
  expect(readCountry('Syldavie')).toBeUndefined()
  expect(lawOf('RE')).toBe('FR')
  expect(lawOf('BE')).toBe('BE')
  expect(zoneOf('GF')).toBe('America/Cayenne')
})
