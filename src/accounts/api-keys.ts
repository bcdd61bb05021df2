import { timingSafeEqual } from 'node:crypto'
import { and, desc, eq, gt, isNull, lt, or } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { apiKeys, networks } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { isKeyText, keyHash, newKeyText } from './api-key-text.ts'
import { countAttempt } from './attempts.ts'
import { audit } from './audit.ts'
import type { Permission } from './policy.ts'

/** What a key may be given: reading, and doing what the API can do. Never rights over users, keys or settings. */
export const keyPermissions = [
  'site.read',
  'contact.read',
  'campaign.read',
  'campaign.write',
  'campaign.launch',
  'campaign.control',
  'event.write',
  'delivery.read',
  'delivery.review',
  'conversation.read',
  'conversation.answer',
  'result.read',
] as const satisfies readonly Permission[]
export type KeyPermission = (typeof keyPermissions)[number]

/** Days a key may live; one that lives for ever is forgotten before it is replaced. */
export const keyLifetimes = [30, 90, 365] as const
export const mostPerMinute = 6_000
export const usualPerMinute = 100
/** Enough for every program of a network, and few enough to be looked through. */
export const mostKeys = 100

const minute = 60_000
const day = 24 * 60 * minute

export type ApiKey = typeof apiKeys.$inferSelect

export interface NewKey {
  network: { id: string; mode: 'sandbox' | 'live' }
  name: string
  permissions: readonly KeyPermission[]
  days: (typeof keyLifetimes)[number]
  perMinute: number
  /** The user's id. */
  createdBy: string
  at: Date
}

/** There are as many keys as a network may have. */
export class TooManyKeys extends Error {
  override name = 'TooManyKeys'
}

/**
 * Creates a key and returns its text, which is shown once and never stored (OWASP ASVS 5.0, 13.3.1 and 14.2.4).
 * @throws TooManyKeys when the network has 100 that still work.
 */
export async function createKey(tx: Tx, random: Random, given: NewKey): Promise<{ id: string; text: string }> {
  const { network, name, permissions, days, perMinute, createdBy, at } = given
  const working = await tx.$count(
    apiKeys,
    and(
      eq(apiKeys.networkId, network.id),
      isNull(apiKeys.revokedAt),
      or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, at)),
    ),
  )
  if (working >= mostKeys) throw new TooManyKeys(`There are ${working} keys already; revoke one that is not used.`)
  const text = newKeyText(network.mode, random)
  const id = newId()
  await tx.insert(apiKeys).values({
    networkId: network.id,
    id,
    name,
    hash: keyHash(text),
    ending: text.slice(-4),
    createdBy,
    scopes: [...permissions],
    perMinute,
    expiresAt: new Date(at.getTime() + days * day),
    createdAt: at,
  })
  await audit(tx, {
    networkId: network.id,
    actor: createdBy,
    action: 'key.create',
    subject: id,
    data: { permissions: [...permissions], days, perMinute },
    at,
  })
  return { id, text }
}

/** Ends a key at once. False when there is no such key, or it was revoked before. */
export async function revokeKey(
  tx: Tx,
  given: { networkId: string; id: string; revokedBy: string; at: Date },
): Promise<boolean> {
  const { networkId, id, revokedBy, at } = given
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.networkId, networkId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
  if (revoked.length === 0) return false
  await audit(tx, { networkId, actor: revokedBy, action: 'key.revoke', subject: id, at })
  return true
}

/** The newest first, those that no longer work among them. */
export const listKeys = (db: Db, networkId: string): Promise<ApiKey[]> =>
  db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.networkId, networkId))
    .orderBy(desc(apiKeys.id))
    .limit(2 * mostKeys)

export async function findKey(db: Db, networkId: string, id: string): Promise<ApiKey | undefined> {
  const [key] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.networkId, networkId), eq(apiKeys.id, id)))
  return key
}

export const keyState = (key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): 'works' | 'revoked' | 'expired' => {
  if (key.revokedAt) return 'revoked'
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'works'
}

export type KeyAnswer =
  | { is: 'let in'; key: ApiKey; network: typeof networks.$inferSelect }
  /** RFC 6750, 3.1: the caller is told which of these it is, since only who has the key's text gets this far. */
  | { is: 'unknown' | 'expired' | 'revoked' }
  | { is: 'too many'; waitMs: number; perMinute: number }

/**
 * Whose key a text is. Each call is counted, within the key's limit per minute, in the database, where all web
 * processes count together; when it was last used is written at most once a minute.
 */
export async function useKey(db: Db, text: string, now: Date): Promise<KeyAnswer> {
  if (!isKeyText(text)) return { is: 'unknown' }
  const hash = keyHash(text)
  const [found] = await db
    .select({ key: apiKeys, network: networks })
    .from(apiKeys)
    .innerJoin(networks, eq(networks.id, apiKeys.networkId))
    .where(eq(apiKeys.hash, hash))
  // The index compares byte by byte; what decides takes the same time wherever two hashes differ.
  if (!found || !timingSafeEqual(Buffer.from(found.key.hash), Buffer.from(hash))) return { is: 'unknown' }
  const { key, network } = found
  const state = keyState(key, now)
  if (state !== 'works') return { is: state }
  const waitMs = await countAttempt(db, `key:${key.id}`, { max: key.perMinute, perMs: minute }, now)
  if (waitMs !== undefined) return { is: 'too many', waitMs, perMinute: key.perMinute }
  const before = new Date(now.getTime() - minute)
  if (!key.lastUsedAt || key.lastUsedAt <= before)
    await db
      .update(apiKeys)
      .set({ lastUsedAt: now })
      .where(
        and(
          eq(apiKeys.networkId, key.networkId),
          eq(apiKeys.id, key.id),
          or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now)),
        ),
      )
  return { is: 'let in', key, network }
}
