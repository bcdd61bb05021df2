import fc from 'fast-check'
import examples from 'libphonenumber-js/examples.mobile.json'
import { getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { acceptedRanges, readPhone } from '../../src/network/phones.ts'

const mobile = (e164: string, country = 'FR') => ({ e164, kind: 'mobile', country })

test.each([
  ['06 12 34 56 78', mobile('+33612345678')],
  ['06.12.34.56.78', mobile('+33612345678')],
  ['612345678', mobile('+33612345678')],
  ["'0612345678", mobile('+33612345678')],
  ['+33 (0)612345678', mobile('+33612345678')],
  ['0033612345678', mobile('+33612345678')],
  ['+33612345678', mobile('+33612345678')],
  ['33612345678', mobile('+33612345678')],
  ['٠٦١٢٣٤٥٦٧٨', mobile('+33612345678')],
  ['۰۶۱۲۳۴۵۶۷۸', mobile('+33612345678')],
  ['0612345678;ext=12', mobile('+33612345678')],
  ['06 12 34 56 78 poste 3', mobile('+33612345678')],
  ['0692 00 12 34', mobile('+262692001234', 'RE')],
  ['0690001234', mobile('+590690001234', 'GP')],
  ['0696001234', mobile('+596696001234', 'MQ')],
  ['0694001234', mobile('+594694001234', 'GF')],
  ['+33692001234', mobile('+262692001234', 'RE')],
  ['+32 475 12 34 56', mobile('+32475123456', 'BE')],
  ['01 42 34 56 78', { e164: '+33142345678', kind: 'phone', country: 'FR' }],
])('%s is read as people mean it', (cell, expected) => {
  expect(readPhone(cell)).toEqual(expected)
})

test.each([
  ['6.12E+08', 'spreadsheet_number', /format the column as text/],
  ['6,12E+08', 'spreadsheet_number', /digits are lost/],
  ['voir standard', 'not_a_number', /leave the cell empty/],
  ['06 12', 'too_short', /more than 4 digits/],
  ['3939', 'too_short', /more than 4/],
  ['00 00 00 00 00', 'not_in_use', /no such number/],
  ['0699999', 'too_short', /more than 7/],
  ['99999999999999', 'too_long', /14 digits/],
])('%s is refused with its remedy', (cell, problem, message) => {
  const read = readPhone(cell)
  expect(read).toMatchObject({ problem })
  expect((read as { message: string }).message).toMatch(message)
})

test('numbers kept for fiction are accepted by one dated row, to the last and no further', () => {
  expect(acceptedRanges).toHaveLength(1)
  expect(acceptedRanges[0]!.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
  expect(readPhone('06 39 98 00 00')).toEqual(mobile('+33639980000'))
  expect(readPhone('+33639989999')).toEqual(mobile('+33639989999'))
  expect(readPhone('06 39 99 00 00')).not.toEqual(mobile('+33639990000'))
})

test('the home country reads its own national numbers first', () => {
  expect(readPhone('0475 12 34 56', 'BE')).toEqual(mobile('+32475123456', 'BE'))
  expect(readPhone('06 12 34 56 78', 'BE')).toEqual(mobile('+33612345678'))
})

test('every spelling of a French mobile agrees with the library', () => {
  const spellings: ((national: string) => string)[] = [
    (national) => `0${national}`,
    (national) => national,
    (national) => `+33${national}`,
    (national) => `0033${national}`,
    (national) => `+33 (0)${national}`,
    (national) => `0${national}`.replace(/(..)(?=.)/g, '$1 '),
    (national) => `0${national}`.replace(/(..)(?=.)/g, '$1.'),
    (national) => `'0${national}`,
  ]
  fc.assert(
    fc.property(
      fc.integer({ min: 600_000_000, max: 799_999_999 }).map(String),
      fc.constantFrom(...spellings),
      (national, spell) => {
        const library = parsePhoneNumberFromString(`+33${national}`)!
        if (!library.isValid()) return
        expect(readPhone(spell(national))).toEqual({
          e164: library.number,
          kind: library.getType() === 'MOBILE' ? 'mobile' : 'phone',
          country: 'FR',
        })
      },
    ),
    { numRuns: 500 },
  )
})

test('each European country’s example mobile is read from its international form', () => {
  for (const country of ['BE', 'CH', 'DE', 'ES', 'IT', 'LU', 'GB', 'PT'] as const) {
    const example = getExampleNumber(country, examples)!
    expect(readPhone(example.formatInternational())).toMatchObject({ e164: example.number, kind: 'mobile' })
  }
})
