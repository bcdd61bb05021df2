import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  findReturnAddress,
  type ReturnClaims,
  readReturnAddress,
  returnAddress,
  returnKinds,
} from '../../src/tracking/return-address.ts'
import { tokenKeys } from '../../src/tracking/tokens.ts'

const keys = tokenKeys('a secret of the tests, long enough to be taken')
const domain = 'reponses.example.com'
const anyClaims: fc.Arbitrary<ReturnClaims> = fc.record({
  kind: fc.constantFrom(...returnKinds),
  network: fc.integer({ min: 0, max: 0xffffffff }),
  deliveryId: fc.uuid(),
  attempt: fc.integer({ min: 1, max: 255 }),
})

describe('an address for answers', () => {
  test('says what it was made of, whatever servers make of its case', () => {
    void fc.assert(
      fc.property(anyClaims, fc.infiniteStream(fc.boolean()), (claims, isUpper) => {
        const address = returnAddress(keys, claims, domain)
        const shaken = [...address].map((char) => (isUpper.next().value ? char.toUpperCase() : char)).join('')
        expect(readReturnAddress(keys, shaken, domain)).toEqual(claims)
      }),
    )
  })

  test('fits a local part, and is the same each time', () => {
    void fc.assert(
      fc.property(anyClaims, (claims) => {
        const address = returnAddress(keys, claims, domain)
        expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64)
        expect(returnAddress(keys, claims, domain)).toBe(address)
      }),
    )
  })

  test('altered by a character, of another kind, domain or secret, says nothing', () => {
    void fc.assert(
      fc.property(anyClaims, fc.nat({ max: 55 }), (claims, at) => {
        const address = returnAddress(keys, claims, domain)
        const [kind, rest = ''] = address.split('+')
        const other = rest[at] === 'a' ? 'b' : 'a'
        expect(readReturnAddress(keys, `${kind}+${rest.slice(0, at)}${other}${rest.slice(at + 1)}`, domain)).toBe(
          undefined,
        )
        const another = returnKinds.find((one) => one !== kind)
        expect(readReturnAddress(keys, `${another}+${rest}`, domain)).toBe(undefined)
        expect(readReturnAddress(keys, address, 'example.com')).toBe(undefined)
        expect(readReturnAddress(tokenKeys('another secret that nobody has'), address, domain)).toBe(undefined)
      }),
    )
  })

  test('still says it after the secret was changed and the old one kept', () => {
    const claims: ReturnClaims = {
      kind: 'bounce',
      network: 3,
      deliveryId: '01a20261-5af1-759b-a30f-9570405cea7e',
      attempt: 2,
    }
    const address = returnAddress(keys, claims, domain)
    const renewed = tokenKeys('a new secret of the tests', ['a secret of the tests, long enough to be taken'])
    expect(readReturnAddress(renewed, address, domain)).toEqual(claims)
  })

  test('is found among the headers of a mail that came back, and only if genuine', () => {
    const claims: ReturnClaims = {
      kind: 'reply',
      network: 3,
      deliveryId: '01a20261-5af1-759b-a30f-9570405cea7e',
      attempt: 2,
    }
    const address = returnAddress(keys, claims, domain)
    const forged = `reply+${'a'.repeat(56)}@${domain}`
    expect(findReturnAddress(keys, `From: x\nReply-To: <${forged}>, <${address}>\n`, domain)).toEqual(claims)
    expect(findReturnAddress(keys, `Reply-To: <${forged}>`, domain)).toBe(undefined)
  })
})
