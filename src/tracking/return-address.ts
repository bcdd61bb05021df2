import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TokenKeys } from './tokens.ts'

/** Where an answer goes, where a server reports to, where a mail program unsubscribes. */
export const returnKinds = ['reply', 'bounce', 'leave'] as const
export type ReturnKind = (typeof returnKinds)[number]

/** What a return address says: ids of rows, no name and no mailbox. */
export interface ReturnClaims {
  kind: ReturnKind
  /** `networks.number`. */
  network: number
  deliveryId: string
  attempt: number
}

/** RFC 4648, 6, in lower case: servers may lower-case a local part, so that nothing may depend on case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const version = 1
/** 80 bits, the least that RFC 2104, 5, lets a truncated code keep: a local part holds 64 characters. */
const macBytes = 10
const bodyBytes = 25
const tokenChars = ((bodyBytes + macBytes) * 8) / 5
const pattern = new RegExp(`^(${returnKinds.join('|')})\\+([a-z2-7]{${tokenChars}})@([a-z0-9.-]+)$`)

function encode(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
  }
  return text
}

function decode(text: string): Buffer {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const char of text) {
    held = ((held << 5) | alphabet.indexOf(char)) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
  }
  return Buffer.from(bytes)
}

const mac = (secret: Buffer, kind: ReturnKind, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`return address ${kind}`).update(body).digest().subarray(0, macBytes)

/**
 * The address at `domain` that an answer to one attempt of a delivery comes back to: `reply+…@domain`. The same
 * attempt and key give the same address. Throws when the key is not known.
 */
export function returnAddress(
  keys: TokenKeys,
  { kind, network, deliveryId, attempt }: ReturnClaims,
  domain: string,
  keyId: string = keys.current,
): string {
  const key = keys.byId.get(keyId)
  if (!key) throw new Error(`No token key ${keyId}: was RELAIS_SECRET replaced without keeping the previous one?`)
  const body = Buffer.alloc(bodyBytes)
  body.writeUInt8(version, 0)
  body.write(key.id, 1, 'hex')
  body.writeUInt32BE(network, 4)
  body.write(deliveryId.replaceAll('-', ''), 8, 'hex')
  // The last attempts of a delivery that had more than anybody grants are not told apart.
  body.writeUInt8(Math.min(attempt, 255), 24)
  return `${kind}+${encode(Buffer.concat([body, mac(key.secrets.reply, kind, body)]))}@${domain}`
}

/**
 * What an address of ours says, whatever its case; undefined when it is not ours, was altered, is for another domain,
 * or was signed with a key no longer kept. Compared in constant time.
 */
export function readReturnAddress(keys: TokenKeys, address: string, domain: string): ReturnClaims | undefined {
  const [, kind, token, at] = pattern.exec(address.trim().toLowerCase()) ?? []
  if (token === undefined || at !== domain.toLowerCase()) return undefined
  const bytes = decode(token)
  const key = keys.byId.get(bytes.toString('hex', 1, 4))
  if (!key || bytes[0] !== version) return undefined
  const body = bytes.subarray(0, bodyBytes)
  const found = returnKinds.find((one) => one === kind)!
  if (!timingSafeEqual(mac(key.secrets.reply, found, body), bytes.subarray(bodyBytes))) return undefined
  const hex = body.toString('hex', 8, 24)
  const deliveryId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return { kind: found, network: body.readUInt32BE(4), deliveryId, attempt: body[24]! }
}

/** The first return address of ours among some text, such as the headers of a mail that came back. */
export function findReturnAddress(keys: TokenKeys, text: string, domain: string): ReturnClaims | undefined {
  const anywhere = new RegExp(`(?:${returnKinds.join('|')})\\+[a-z2-7]{${tokenChars}}@[a-z0-9.-]+`, 'gi')
  for (const [address] of text.matchAll(anywhere)) {
    const claims = readReturnAddress(keys, address, domain)
    if (claims) return claims
  }
  return undefined
}
