import { expect, test } from 'vitest'
import { base32, codeAtStep, stepOfCode, totpUri } from '../../src/accounts/totp.ts'

const secret = new TextEncoder().encode('12345678901234567890')

test.each([
  // RFC 6238, appendix B, SHA-1: the last six of their eight digits.
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %d the code is %s', (second, code) => {
  expect(codeAtStep(secret, Math.floor(second / 30))).toBe(code)
})

test('a key is written in base32 as RFC 4648 §10 does, without padding', () => {
  const written = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) =>
    base32(new TextEncoder().encode(text)),
  )
  expect(written).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'])
})

test('a clock may be one step off and no more', () => {
  const now = new Date(1_111_111_111_000)
  const step = Math.floor(now.getTime() / 30_000)
  const found = [-2, -1, 0, 1, 2].map((off) => stepOfCode(secret, codeAtStep(secret, step + off), now))
  expect(found).toEqual([undefined, step - 1, step, step + 1, undefined])
})

test.each(['', '12345', '1234567', 'abcdef', '００５９２４'])('"%s" is no code', (code) => {
  expect(stepOfCode(secret, code, new Date(0))).toBeUndefined()
})

test('the QR code names us, the user and the key', () => {
  const uri = new URL(totpUri(secret, 'marie+test@example.org'))
  expect(uri.protocol).toBe('otpauth:')
  expect(decodeURIComponent(uri.pathname)).toBe('/Relais:marie+test@example.org')
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Relais',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})
