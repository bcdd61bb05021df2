import { describe, expect, test } from 'vitest'
import { isAffirmative } from '../../src/tracking/affirmative.ts'
import { drawCode } from '../../src/tracking/links.ts'
import { askerKey, networkHash } from '../../src/tracking/network-hash.ts'
import { guessLimit } from '../../src/tracking/rate-limit.ts'

describe('what is kept of an address', () => {
  test('one /24 or /48 is one network, under one salt', () => {
    expect(networkHash('203.0.113.7', 'm')).toBe(networkHash('203.0.113.250', 'm'))
    expect(networkHash('203.0.113.7', 'm')).not.toBe(networkHash('203.0.114.7', 'm'))
    expect(networkHash('::ffff:203.0.113.7', 'm')).toBe(networkHash('203.0.113.9', 'm'))
    expect(networkHash('2001:db8:1:2::3', 'm')).toBe(networkHash('2001:0db8:0001:ffff:1:2:3:4', 'm'))
    expect(networkHash('2001:db8:1::', 'm')).not.toBe(networkHash('2001:db8:2::', 'm'))
    expect(networkHash('2001::1', 'm')).toBe(networkHash('2001:0:0:1::', 'm'))
    expect(networkHash('203.0.113.7', 'm')).not.toBe(networkHash('203.0.113.7', 'n'))
  })

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.7',
    '::ffff:10.0.0.1',
    '::1',
    'fd00::1',
    'fe80::1%eth0',
  ])('%s is a proxy of ours or a reader next door, and no network', (address) => {
    expect(networkHash(address, 'm')).toBeUndefined()
  })

  test('what is no address leaves nothing', () => {
    expect(networkHash(undefined, 'm')).toBeUndefined()
    expect(networkHash('unknown', 'm')).toBeUndefined()
    expect(networkHash('203.0.113.7', 'm')).not.toContain('203')
  })
})

test('after the allowed number of wrong guesses a minute must pass', () => {
  const guesses = guessLimit({ perMinute: 2 })
  const at = (ms: number) => new Date(Date.parse('2027-01-11T08:00:00Z') + ms)
  guesses.miss('a', at(0))
  expect(guesses.isOver('a', at(1))).toBe(false)
  guesses.miss('a', at(2))
  expect([guesses.isOver('a', at(59_999)), guesses.isOver('b', at(3))]).toEqual([true, false])
  expect(guesses.isOver('a', at(60_000))).toBe(false)
})

test('memory of askers is bounded: the oldest are forgotten', () => {
  const guesses = guessLimit({ perMinute: 1, mostKeys: 2 })
  const now = new Date('2027-01-11T08:00:00Z')
  for (const key of ['a', 'b', 'c']) guesses.miss(key, now)
  expect([guesses.isOver('c', now), guesses.isOver('a', now)]).toEqual([true, false])
})

test('an IPv6 asker is known by the /64, within which addresses cost nothing', () => {
  expect(askerKey('2001:db8:1:2::3')).toBe(askerKey('2001:db8:1:2:ffff::9'))
  expect(askerKey('2001:db8:1:2::3')).not.toBe(askerKey('2001:db8:1:3::3'))
  expect([askerKey('203.0.113.7'), askerKey('::ffff:203.0.113.7'), askerKey(undefined)]).toEqual([
    '203.0.113.7',
    '203.0.113.7',
    'unknown',
  ])
})

test('codes hold no character that is mistaken for another', () => {
  let next = 0
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => (next = (next + 97) % 256)) }
  for (let n = 0; n < 50; n++) expect(drawCode(random)).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/)
})

test.each([
  ['OK', true],
  ['Oui !', true],
  ['Bien reçu.', true],
  ['OK, bien reçu', true],
  ['1', true],
  ['non', false],
  ['ok mais quand ?', false],
  ['', false],
  [undefined, false],
])('the answer “%s” says yes: %s', (text, expected) => {
  expect(isAffirmative(text)).toBe(expected)
})
