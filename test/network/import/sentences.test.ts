import { expect, test } from 'vitest'
import { sentence } from '../../../src/network/import/sentences/index.ts'
import { sentenceCodes } from '../../../src/network/import/sentences/said.ts'

const params = {
  ...{ file: 'réseau.csv', detail: 'no_domain_ending', domain: 'acme', megabytes: 64, entries: 0, most: 300 },
  ...{ first: '2|Nom', second: '5|', column: '3|x', instead: 'x 1', header: 'Nom', near: '', headers: 'a, b' },
  ...{ target: 'contact.email', targets: 'a, b', basis: 'x', bases: 'a, b', cells: 3, columns: 2, postcode: '01000' },
  ...{
    mailbox: 'a@b.fr',
    mends: 'at,comma',
    digits: 4,
    site: 'S1',
    field: 'postcode',
    channels: 'sms,email',
    count: 3,
    countries: 'FR, BE',
  },
}

test.each(sentenceCodes)('%s is said in both languages, with what it is about', (code) => {
  const [fr, en] = [sentence('fr', { code, params }), sentence('en', { code, params })]
  for (const text of [fr, en]) {
    expect(text.length).toBeGreaterThan(8)
    expect(text).not.toMatch(/undefined|\[object|NaN/)
  }
  expect(fr).not.toBe(en)
  expect(fr).not.toMatch(/'/)
})

test('a code nobody knows is said as it is', () => {
  expect(sentence('fr', { code: 'of_the_future' })).toBe('of_the_future')
})

test.each([
  ['no_mailbox', 'laissez plutôt la cellule vide', 'leave the cell empty instead'],
  ['no_at', 'contient un @', 'needs an @'],
  ['no_local_part', 'ce qui précède le @', 'the part before the @'],
  ['not_a_mailbox', 'n’est pas une adresse', 'is not an e-mail address'],
])('a mailbox that cannot be read says why: %s', (detail, fr, en) => {
  expect(sentence('fr', { code: 'email_invalid', params: { detail } })).toContain(fr)
  expect(sentence('en', { code: 'email_invalid', params: { detail } })).toContain(en)
})

test.each([
  ['spreadsheet_number', 'format texte', 'format the column as text'],
  ['not_a_number', 'pas un numéro', 'not a phone number'],
  ['too_short', 'plus de 4 chiffres', 'more than 4 digits'],
  ['too_long', '4 chiffres', '4 digits'],
  ['not_in_use', 'pas attribué', 'in use'],
])('so does a number: %s', (detail, fr, en) => {
  expect(sentence('fr', { code: 'mobile_invalid', params: { detail, digits: 4 } })).toContain(fr)
  expect(sentence('en', { code: 'mobile_invalid', params: { detail, digits: 4 } })).toContain(en)
})
