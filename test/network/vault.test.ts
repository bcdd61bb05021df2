import { describe, expect, test } from 'vitest'
import { openVault, SecretUnreadable } from '../../src/network/vault.ts'
import { fakeRandom } from '../world.ts'

const secret = 'a secret of the tests, long enough to be taken'
const other = 'another secret of the tests, as long as that one'
const owner = { networkId: '01890000-0000-7000-8000-000000000001', secretId: '01890000-0000-7000-8000-00000000000a' }
const plain = new TextEncoder().encode('{"authToken":"swordfish"}')
const vault = openVault(secret, fakeRandom('vault'))

const whyOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof SecretUnreadable) return error.why
    throw error
  }
  return undefined
}

describe('a sealed secret', () => {
  test('opens for whom it was sealed', () => {
    const sealed = vault.seal(plain, owner)
    expect(vault.open(sealed, vault.keyId, owner)).toEqual(plain)
  })

  test('does not show its content, and is another at each sealing', () => {
    const [first, second] = [vault.seal(plain, owner), vault.seal(plain, owner)]
    expect(Buffer.from(first).includes('swordfish')).toBe(false)
    expect(first).not.toEqual(second)
  })

  test.each([
    ['another network', { ...owner, networkId: owner.secretId }],
    ['another id', { ...owner, secretId: owner.networkId }],
  ])('does not open when it is moved to %s', (_, moved) => {
    const sealed = vault.seal(plain, owner)
    expect(whyOf(() => vault.open(sealed, vault.keyId, moved))).toBe('damaged')
  })

  test('does not open when any byte of it was changed, nor when it is cut short', () => {
    const sealed = vault.seal(plain, owner)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed)
      changed[at]! ^= 1
      expect(
        whyOf(() => vault.open(changed, vault.keyId, owner)),
        `byte ${at}`,
      ).toBe('damaged')
    }
    for (const length of [0, 12, 28, sealed.length - 1])
      expect(
        whyOf(() => vault.open(sealed.slice(0, length), vault.keyId, owner)),
        `${length}`,
      ).toBe('damaged')
  })
})

describe('another installation secret', () => {
  test('has another key, and does not open what was sealed before', () => {
    const renewed = openVault(other, fakeRandom('renewed'))
    expect(renewed.keyId).not.toBe(vault.keyId)
    expect(whyOf(() => renewed.open(vault.seal(plain, owner), vault.keyId, owner))).toBe('key_missing')
  })

  test('opens it when the old one is given too, and seals under the new one', () => {
    const renewed = openVault(other, fakeRandom('renewed'), [secret])
    expect(renewed.open(vault.seal(plain, owner), vault.keyId, owner)).toEqual(plain)
    expect(whyOf(() => vault.open(renewed.seal(plain, owner), renewed.keyId, owner))).toBe('key_missing')
  })
})
