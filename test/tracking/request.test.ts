import { describe, expect, test } from 'vitest'
import { isAffirmative } from '../../src/tracking/affirmative.ts'
import { drawCode } from '../../src/tracking/links.ts'
import { networkHash } from '../../src/tracking/network-hash.ts'
import { rateLimit } from '../../src/tracking/rate-limit.ts'

describe('what is kept of an address', () => {
  test('one /24 or /48 is one network, under one salt', () => {
    expect(networkHash('203.0.113.7', 'm')).toBe(networkHash('203.0.113.250', 'm'))
    expect(networkHash('203.0.113.7', 'm')).not.toBe(networkHash('203.0.114.7', 'm'))
    expect(networkHash('::ffff:203.0.113.7', 'm')).toBe(networkHash('203.0.113.9', 'm'))
    expect(networkHash('2001:db8:1:2::3', 'm')).toBe(networkHash('2001:0db8:0001:ffff:1:2:3:4', 'm'))
    expect(networkHash('2001:db8:1::', 'm')).not.toBe(networkHash('2001:db8:2::', 'm'))
    expect(networkHash('::1', 'm')).toBe(networkHash('0:0:0:1::', 'm'))
    expect(networkHash('203.0.113.7', 'm')).not.toBe(networkHash('203.0.113.7', 'n'))
  })

  test('what is no address leaves nothing', () => {
    expect(networkHash(undefined, 'm')).toBeUndefined()
    expect(networkHash('unknown', 'm')).toBeUndefined()
    expect(networkHash('203.0.113.7', 'm')).not.toContain('203')
  })
})

test('after the allowed number a minute must pass', () => {
  const mayAsk = rateLimit({ perMinute: 2 })
  const at = (ms: number) => new Date(Date.parse('2027-01-11T08:00:00Z') + ms)
  expect([mayAsk('a', at(0)), mayAsk('a', at(1)), mayAsk('a', at(59_999)), mayAsk('b', at(2))]).toEqual([
    true,
    true,
    false,
    true,
  ])
  expect(mayAsk('a', at(60_000))).toBe(true)
})

test('memory of askers is bounded: the oldest are forgotten', () => {
  const mayAsk = rateLimit({ perMinute: 1, mostKeys: 2 })
  const now = new Date('2027-01-11T08:00:00Z')
  for (const key of ['a', 'b', 'c']) mayAsk(key, now)
  expect(mayAsk('c', now)).toBe(false)
  expect(mayAsk('a', now)).toBe(true)
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
