import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../../src/accounts/policy.ts'
import { findContacts } from '../../../src/network/list/contacts.ts'
import { findSites } from '../../../src/network/list/sites.ts'
import { phonePrefixes } from '../../../src/network/phone-prefixes.ts'
import { cast, type World, world } from '../../world.ts'

let there: World
const whole: Scope = { of: 'network' }
beforeAll(async () => {
  there = await world()
})
afterAll(() => there.close())

const people = async (text: string, scope: Scope = whole) => {
  const { rows } = await findContacts(there.context.db, there.network, scope, text, 8)
  return rows.map(({ contact }) => [contact.firstName, contact.lastName].join(' '))
}
const places = async (text: string, scope: Scope = whole) =>
  (await findSites(there.context.db, there.network.id, scope, text, 8)).rows.map((site) => site.name)

describe('people are found', () => {
  test.each([
    'odile martin',
    'Martin Odile',
    'MARTIN',
    'odil',
    'odile.martin@batipro.example.com',
    'Odile.Martin@',
    '06 39 98 00 02',
    '06.39.98.00.02',
    '0639980002',
    '639980002',
    '+33639980002',
    '+33 (0)6 39 98 00 02',
    '0033 6 39 98 00 02',
    '33639980002',
  ])('by %s', async (text) => {
    expect(await people(text)).toEqual([cast.odile.name])
  })

  test('with or without accents', async () => {
    expect(await people('helene')).toEqual([cast.helene.name])
    expect(await people('Hélène R')).toEqual([cast.helene.name])
  })

  test('by the beginning of a number, once each', async () => {
    expect((await people('06 39 98 00')).sort()).toEqual(
      [cast.marcel, cast.odile, cast.karim, cast.helene, cast.sylvie].map((one) => one.name).sort(),
    )
  })

  test('only within the scope', async () => {
    const [lyon] = (await findSites(there.context.db, there.network.id, whole, 'S3', 1)).rows
    const mine: Scope = { of: 'sites', areas: [], siteIds: [lyon!.id] }
    expect(await people('odile', mine)).toEqual([])
    expect(await people('karim', mine)).toEqual([cast.karim.name])
  })
})

describe('sites are found', () => {
  test.each([
    ['le comptoir', 'Le Comptoir du Rhône'],
    ['s3', 'Le Comptoir du Rhône'],
    ['st etienne', 'Morel Peinture'],
    ['Saint-Étienne', 'Morel Peinture'],
  ])('by %s', async (text, name) => {
    expect(await places(text)).toEqual([name])
  })

  test('by town, each once although its name matches too', async () => {
    expect((await places('lyon')).sort()).toEqual(['Bâti Pro', 'Le Comptoir du Rhône', 'Royer Distribution'])
  })
})

test('nothing is found by nothing, nor by signs alone', async () => {
  expect(await people('!!')).toEqual([])
  expect(await places('--')).toEqual([])
})

describe('what a number begins with', () => {
  test.each([
    ['0692 12', ['+26269212', '+3369212', '+59069212', '+59469212', '+59669212']],
    ['+262 692', ['+262692']],
    ['12', []],
    ['martin', []],
  ])('%s', (typed, prefixes) => {
    expect(phonePrefixes(typed)).toEqual(prefixes)
  })

  test('is read the way of the network’s country', () => {
    expect(phonePrefixes('0475 12', 'BE')).toContain('+3247512')
  })
})
