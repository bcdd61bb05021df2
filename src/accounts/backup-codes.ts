import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../random.ts'
import { base32 } from './totp.ts'

const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>

const amount = 10
/** 50 bits each; what is kept is a slow salted hash (OWASP ASVS 5.0, 6.5.2 and 6.5.4). */
const length = 10
const cost = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 }

/** Hashes under one salt, so that a try costs one derivation. */
export interface KeptCodes {
  salt: string
  hashes: string[]
}

const hashOf = async (code: string, salt: Uint8Array): Promise<string> =>
  (await derive(code, salt, 32, cost)).toString('base64url')

/** As typed, without blanks and hyphens, in lower case. */
export const isBackupCode = (code: string): boolean => /^[a-z2-7]{10}$/.test(code)

/** Ten codes to keep on paper, in two groups of five, and what we keep of them. */
export async function newBackupCodes(random: Random): Promise<{ codes: string[]; kept: KeptCodes }> {
  const salt = random.bytes(16)
  const plain = Array.from({ length: amount }, () => base32(random.bytes(7)).slice(0, length).toLowerCase())
  const hashes: string[] = []
  for (const code of plain) hashes.push(await hashOf(code, salt))
  return {
    codes: plain.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`),
    kept: { salt: Buffer.from(salt).toString('base64url'), hashes },
  }
}

/** What is left once a code was used; undefined when it is none of them. */
export async function withoutCode(kept: KeptCodes, code: string): Promise<KeptCodes | undefined> {
  const tried = Buffer.from(await hashOf(code, Buffer.from(kept.salt, 'base64url')))
  const hashes = kept.hashes.filter((hash) => !timingSafeEqual(Buffer.from(hash), tried))
  return hashes.length < kept.hashes.length ? { ...kept, hashes } : undefined
}
