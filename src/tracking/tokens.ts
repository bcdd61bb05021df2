import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Random } from '../random.ts'

export const tokenPurposes = [
  'open',
  'click',
  'unsubscribe',
  'preferences',
  'tracking',
  'acknowledge',
  'register',
  'reply',
] as const
export type TokenPurpose = (typeof tokenPurposes)[number]

/** What a token says. No address, name or destination ever stands in it: ids of rows only. */
export interface TokenClaims {
  purpose: TokenPurpose
  /** `networks.number`. */
  network: number
  /** Left out in aggregate tracking, where nobody may be told apart. */
  deliveryId?: string
  /** For a click: the row of `links` that holds the destination. */
  linkId?: string
  /** For an aggregate open: the message whose counter moves. */
  messageId?: string
}

interface TokenKey {
  id: string
  secrets: Record<TokenPurpose, Buffer>
  /** Under what is drawn rather than signed. */
  draws: Buffer
}

/** `current` signs; every key verifies. Deliveries keep the id of the key their words were fixed with. */
export interface TokenKeys {
  current: string
  byId: ReadonlyMap<string, TokenKey>
}

const version = 1
const macBytes = 16
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idClaims = ['deliveryId', 'linkId', 'messageId'] as const
const tokenPattern = /^[A-Za-z0-9_-]{16,160}$/

const derive = (secret: string, info: string, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, 'relais tokens', info, length))

function tokenKey(secret: string): TokenKey {
  const secrets = Object.fromEntries(
    tokenPurposes.map((purpose) => [purpose, derive(secret, `v${version} ${purpose}`, 32)]),
  ) as Record<TokenPurpose, Buffer>
  return { id: derive(secret, 'key id', 3).toString('hex'), secrets, draws: derive(secret, `v${version} draws`, 32) }
}

/**
 * Bytes that nobody without the key can foresee and that come out the same for the same seed: HMAC-SHA-256 in counter
 * mode (NIST SP 800-108 §4.1). What is drawn from them is drawn alike again after a back-up is restored.
 */
export function keyedRandom(keys: TokenKeys, seed: readonly string[]): Random {
  const key = keys.byId.get(keys.current)!.draws
  let counter = 0
  return {
    bytes: (length) => {
      const blocks: Buffer[] = []
      for (let made = 0; made < length; made += 32)
        blocks.push(
          createHmac('sha256', key)
            .update(JSON.stringify([...seed, counter++]))
            .digest(),
        )
      return Buffer.concat(blocks).subarray(0, length)
    },
  }
}

/**
 * The keys that sign and verify public links, one per purpose, derived by HKDF-SHA-256 (RFC 5869) from
 * `RELAIS_SECRET`. Secrets used before a rotation still verify; those not listed do not.
 */
export function tokenKeys(secret: string, previous: readonly string[] = []): TokenKeys {
  const keys = [secret, ...previous].map(tokenKey)
  return { current: keys[0]!.id, byId: new Map(keys.toReversed().map((key) => [key.id, key])) }
}

const bytesOf = (name: string, id: string): Buffer => {
  if (!uuidPattern.test(id)) throw new Error(`A token’s ${name} must be a lower-case UUID, not “${id.slice(0, 60)}”.`)
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

const uuidOf = (bytes: Buffer): string => {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * A compact signed token: version, key id, network, ids, then 128 bits of HMAC-SHA-256 (the least that
 * RFC 2104 §5 lets a truncated code keep is 80). The same claims and key give the same bytes, so a retry of a
 * delivery carries the same links. Throws when an id is not a UUID or the key is not known.
 */
export function signToken(keys: TokenKeys, claims: TokenClaims, keyId: string = keys.current): string {
  const key = keys.byId.get(keyId)
  if (!key) throw new Error(`No token key ${keyId}: was RELAIS_SECRET replaced without keeping the previous one?`)
  if (!Number.isInteger(claims.network) || claims.network < 0 || claims.network > 0xffffffff)
    throw new Error(`A token’s network must be a whole number below 2³², not ${claims.network}.`)
  const head = Buffer.alloc(9)
  head.writeUInt8(version, 0)
  head.write(key.id, 1, 'hex')
  head.writeUInt32BE(claims.network, 4)
  const ids: Buffer[] = []
  let present = 0
  for (const [bit, name] of idClaims.entries()) {
    const id = claims[name]
    if (id === undefined) continue
    present |= 1 << bit
    ids.push(bytesOf(name, id))
  }
  head.writeUInt8(present, 8)
  const body = Buffer.concat([head, ...ids])
  return Buffer.concat([body, mac(key, claims.purpose, body)]).toString('base64url')
}

const mac = (key: TokenKey, purpose: TokenPurpose, body: Buffer) =>
  createHmac('sha256', key.secrets[purpose]).update(body).digest().subarray(0, macBytes)

/**
 * The claims of a token signed for this very purpose, or undefined: forged, altered, cut, made for another
 * purpose, or signed with a key no longer kept. The signature is compared in constant time.
 */
export function verifyToken(keys: TokenKeys, purpose: TokenPurpose, token: string): TokenClaims | undefined {
  if (!tokenPattern.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.toString('base64url') !== token || bytes.length < 9 + macBytes || bytes[0] !== version) return undefined
  const key = keys.byId.get(bytes.toString('hex', 1, 4))
  if (!key) return undefined
  const body = bytes.subarray(0, -macBytes)
  if (!timingSafeEqual(mac(key, purpose, body), bytes.subarray(-macBytes))) return undefined
  const claims: TokenClaims = { purpose, network: body.readUInt32BE(4) }
  const present = body[8]!
  let at = 9
  for (const [bit, name] of idClaims.entries()) {
    if (!(present & (1 << bit))) continue
    claims[name] = uuidOf(body.subarray(at, at + 16))
    at += 16
  }
  return at === body.length ? claims : undefined
}
