import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Random } from '../random.ts'

const digits = 6
const periodMs = 30_000
/** Steps before and after now that are accepted, for clocks that differ (RFC 6238 §5.2). */
const drift = 1

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6, without padding, as authenticator apps take it. */
export function base32(bytes: Uint8Array): string {
  let [text, buffer, bits] = ['', 0, 0]
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += base32Alphabet[(buffer >> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return bits > 0 ? text + base32Alphabet[(buffer << (5 - bits)) & 31] : text
}

/** 160 bits, the length of the hash (RFC 4226 §4). */
export const newTotpSecret = (random: Random): Uint8Array => random.bytes(20)

/** RFC 4226 §5.3 with SHA-1, which every authenticator app speaks. */
export function codeAtStep(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = digest[digest.length - 1]! & 0x0f
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

export const stepAt = (now: Date): number => Math.floor(now.getTime() / periodMs)

/** The time step whose code this is, around now; undefined when it is none. Every candidate is compared. */
export function stepOfCode(secret: Uint8Array, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  let found: number | undefined
  for (let step = stepAt(now) - drift; step <= stepAt(now) + drift; step++)
    if (timingSafeEqual(Buffer.from(codeAtStep(secret, step)), Buffer.from(code))) found = step
  return found
}

/** What the QR code says (github.com/google/google-authenticator/wiki/Key-Uri-Format). */
export function totpUri(secret: Uint8Array, email: string): string {
  const label = encodeURIComponent(`Relais:${email}`)
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Relais&algorithm=SHA1&digits=${digits}&period=${periodMs / 1000}`
}
