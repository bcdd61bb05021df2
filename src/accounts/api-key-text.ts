import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Random } from '../random.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretBytes = 32
/** 62^43 is more than 2^256, and 62^6 more than 2^32. */
const secretLength = 43
const checksumLength = 6

function base62(value: bigint, length: number): string {
  let rest = value
  let text = ''
  for (let n = 0; n < length; n += 1) {
    text = alphabet[Number(rest % 62n)] + text
    rest /= 62n
  }
  return text
}

const checksum = (body: string): string => base62(BigInt(crc32(body)), checksumLength)

/**
 * A new key: where it works (`rl_test_` in a sandbox network, `rl_live_` in a live one), 256 bits nobody can guess,
 * and a checksum, so that scanners that look for leaked secrets do not cry wolf and a mistyped key costs no look-up.
 */
export function newKeyText(mode: 'sandbox' | 'live', random: Random): string {
  const secret = BigInt(`0x${Buffer.from(random.bytes(secretBytes)).toString('hex')}`)
  const body = `rl_${mode === 'live' ? 'live' : 'test'}_${base62(secret, secretLength)}`
  return body + checksum(body)
}

/** Whether a text can be one of our keys at all. */
export function isKeyText(text: string): boolean {
  const [, body = '', check] = /^(rl_(?:live|test)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(text) ?? []
  return check !== undefined && check === checksum(body)
}

/** All that is stored of a key. A fast hash is right here: what it covers is drawn, not chosen by a person. */
export const keyHash = (text: string): string => createHash('sha256').update(text).digest('hex')
