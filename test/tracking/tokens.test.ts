import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signToken, type TokenClaims, tokenKeys, tokenPurposes, verifyToken } from '../../src/tracking/tokens.ts'

const keys = tokenKeys('a secret of thirty-two bytes or more')
const deliveryId = '0197d7a0-1111-7222-8333-444455556666'
const linkId = '0197d7a0-aaaa-7bbb-8ccc-ddddeeeeffff'
const claims: TokenClaims = { purpose: 'click', network: 7, deliveryId, linkId }

const anyClaims = fc.record(
  {
    purpose: fc.constantFrom(...tokenPurposes),
    network: fc.integer({ min: 0, max: 0xffffffff }),
    deliveryId: fc.uuid(),
    linkId: fc.uuid(),
    messageId: fc.uuid(),
  },
  { requiredKeys: ['purpose', 'network'] },
)

describe('tokens', () => {
  test('what was signed comes back, and the same claims always give the same bytes', () => {
    fc.assert(
      fc.property(anyClaims, (given) => {
        const token = signToken(keys, given)
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(signToken(tokenKeys('a secret of thirty-two bytes or more'), given)).toBe(token)
        expect(verifyToken(keys, given.purpose, token)).toEqual(given)
      }),
    )
  })

  test('a token altered in any character is refused', () => {
    const token = signToken(keys, claims)
    for (let at = 0; at < token.length; at++)
      for (const char of 'Ab0-_') {
        if (token[at] === char) continue
        expect(verifyToken(keys, 'click', token.slice(0, at) + char + token.slice(at + 1))).toBeUndefined()
      }
  })

  test('forged, cut, lengthened and foreign tokens never verify', () => {
    const token = signToken(keys, claims)
    const other = tokenKeys('another secret of thirty-two bytes…')
    expect(verifyToken(other, 'click', token)).toBeUndefined()
    for (const length of [0, 1, 20, token.length - 1])
      expect(verifyToken(keys, 'click', token.slice(0, length))).toBeUndefined()
    for (const more of ['A', '=', ' ', '\u0000', token])
      expect(verifyToken(keys, 'click', token + more)).toBeUndefined()
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => verifyToken(keys, 'click', text) === undefined))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 25, maxLength: 80 }), (bytes) => {
        const body = Uint8Array.from([1, ...Buffer.from(keys.current, 'hex'), ...bytes])
        return verifyToken(keys, 'click', Buffer.from(body).toString('base64url')) === undefined
      }),
    )
  })

  test('a token is good for its own purpose only', () => {
    for (const purpose of tokenPurposes) {
      const token = signToken(keys, { purpose, network: 1, deliveryId })
      for (const asked of tokenPurposes) expect(verifyToken(keys, asked, token) !== undefined).toBe(asked === purpose)
    }
  })

  test('after a rotation the former key verifies and signs again what it had signed; dropped, it does not', () => {
    const token = signToken(keys, claims)
    const rotated = tokenKeys('the next secret of thirty-two bytes', ['a secret of thirty-two bytes or more'])
    expect(verifyToken(rotated, 'click', token)).toEqual(claims)
    expect(signToken(rotated, claims, keys.current)).toBe(token)
    expect(signToken(rotated, claims)).not.toBe(token)
    expect(() => signToken(tokenKeys('the next secret of thirty-two bytes'), claims, keys.current)).toThrow(
      /RELAIS_SECRET/,
    )
  })

  test('an id that is not a UUID is refused, naming it', () => {
    expect(() => signToken(keys, { ...claims, deliveryId: 'x' })).toThrow(/deliveryId.*UUID.*“x”/)
    expect(() => signToken(keys, { ...claims, network: -1 })).toThrow(/network/)
  })

  test('it stays short enough for a link', () => {
    expect(signToken(keys, claims).length).toBeLessThanOrEqual(80)
  })
})
