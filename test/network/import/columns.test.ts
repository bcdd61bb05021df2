import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  applyMapping,
  checkColumns,
  checkHeaders,
  headersHash,
  mappingOf,
  proposeColumns,
} from '../../../src/network/import/columns.ts'

const proposed = (...headers: string[]) => proposeColumns(headers).map((column) => column.target)

test('every column of the sample files is understood', () => {
  const header = readFileSync('examples/data/reseau-43.csv', 'utf8').replace('\ufeff', '').split('\r\n')[0]!
  expect(mappingOf(proposeColumns(header.split(';')))).toEqual({
    'Code site': 'site.code',
    'Raison sociale': 'site.name',
    Typologie: 'site.typology',
    Niveau: 'site.tier',
    'Adresse 1': 'site.addressLine1',
    'Adresse 2': 'site.addressLine2',
    'Code postal': 'site.postcode',
    Ville: 'site.city',
    Pays: 'site.country',
    'E-mail site': 'site.mailbox',
    Civilité: 'contact.salutation',
    Prénom: 'contact.firstName',
    Nom: 'contact.lastName',
    Fonction: 'contact.function',
    Profil: 'contact.profile',
    'E-mail': 'contact.email',
    Mobile: 'contact.mobile',
    Langue: 'contact.language',
    'Canal préféré': 'contact.preferredChannel',
    'Accord e-mail': 'consent.email',
    'Accord SMS': 'consent.sms',
    'Accord suivi des ouvertures': 'tracking.opens',
    'Dernière activité': 'contact.lastActivityOn',
    'CA N-1': 'site.attributes.ca_n_1',
  })
})

test('English headers, odd spellings and unknown columns', () => {
  expect(proposed('Account number', 'COMPANY', 'First Name', 'surname', 'e-mail address', 'Cell phone', 'Zip')).toEqual(
    [
      'site.code',
      'site.name',
      'contact.firstName',
      'contact.lastName',
      'contact.email',
      'contact.mobile',
      'site.postcode',
    ],
  )
  expect(proposed('N° client', 'TÉL. PORTABLE', 'Opt-in SMS', 'Email opt in', 'Taille de polo', '')).toEqual([
    'site.code',
    'contact.mobile',
    'consent.sms',
    'consent.email',
    'contact.attributes.taille_de_polo',
    'contact.attributes.column_6',
  ])
})

test('a meaning is given once; a SIRET stands in for a missing site code', () => {
  expect(proposed('E-mail', 'Courriel')).toEqual(['contact.email', 'contact.attributes.courriel'])
  expect(proposed('SIRET', 'E-mail')[0]).toBe('site.code')
  expect(proposed('Code site', 'SIRET')[1]).toBe('site.attributes.siret')
})

test('the same header twice is refused, both columns named', () => {
  expect(() => checkHeaders(['E-mail', 'Nom', 'e mail'])).toThrow(/column 1 \("E-mail"\) and column 3 \("e mail"\)/)
  expect(() => checkHeaders(['E-mail', '', ''])).not.toThrow()
})

test.each(['__proto__', 'constructor', 'Prototype'])('the reserved header %s is refused', (header) => {
  expect(() => checkHeaders(['Nom', header])).toThrow(/column 2 .* reserved name: rename/)
})

test('a mapping lies over the proposal, matched without case and accents', () => {
  const columns = proposeColumns(['Code site', 'Référence', 'E-mail'])
  const mapped = applyMapping(columns, { reference: 'contact.externalId', 'e-mail': 'ignore' }, true)
  expect(mapped.map((column) => column.target)).toEqual(['site.code', 'contact.externalId', 'ignore'])
})

test('what is chosen takes its meaning from what was only proposed', () => {
  const columns = proposeColumns(['Code site', 'E-mail', 'Mail perso'])
  const mapped = applyMapping(columns, { 'Mail perso': 'contact.email' }, true)
  expect(mapped.map((column) => column.target)).toEqual(['site.code', 'contact.attributes.e_mail', 'contact.email'])
})

test('mistakes in a mapping are named with a suggestion', () => {
  const columns = proposeColumns(['Code site', 'E-mail'])
  expect(() => applyMapping(columns, { Code: 'site.code' }, true)).toThrow(
    /no.*column|"Code".*did you mean "Code site"/,
  )
  expect(() => applyMapping(columns, { 'E-mail': 'email' }, true)).toThrow(/did you mean "contact.email"/)
  expect(() => applyMapping(columns, { 'E-mail': 'contact.attributes.__proto__' }, true)).toThrow(/does not exist/)
  expect(() =>
    checkColumns(applyMapping(proposeColumns(['a', 'b', 'c']), { a: 'site.code', b: 'site.code' }, true)),
  ).toThrow(/column 1 \("a"\) and column 2 \("b"\) are both read as site.code/)
})

test('a file that names no site is refused with the way out', () => {
  expect(() => checkColumns(proposeColumns(['E-mail', 'Nom']))).toThrow(/found: E-mail, Nom.*Code site.*--map/s)
})

test('the same headers share a saved mapping, whatever their case', () => {
  expect(headersHash(['E-mail', 'Nom'])).toBe(headersHash(['e mail', 'NOM ']))
  expect(headersHash(['Nom', 'E-mail'])).not.toBe(headersHash(['E-mail', 'Nom']))
})
