import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { eq, lt, sql } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { rateLimits } from '../db/schema.ts'

/** So many attempts in so many milliseconds, counted from the first one. */
export interface Limit {
  max: number
  perMs: number
}

const minute = 60_000
const keptMs = 25 * 60 * minute

/**
 * Counts one attempt in the database, where every web process counts together, in one statement, so that attempts
 * made at the same moment all count. Returns how many milliseconds to wait, or undefined when it is within the limit.
 */
export async function countAttempt(db: Tx, key: string, limit: Limit, now: Date): Promise<number | undefined> {
  const at = now.getTime()
  const isOld = sql`${rateLimits.lastRequest} <= ${at - limit.perMs}`
  const [row] = await db
    .insert(rateLimits)
    .values({ id: newId(), key, count: 1, lastRequest: at })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${isOld} then 1 else ${rateLimits.count} + 1 end`,
        lastRequest: sql`case when ${isOld} then ${at} else ${rateLimits.lastRequest} end`,
      },
    })
    .returning({ count: rateLimits.count, since: rateLimits.lastRequest })
  if (!row) throw new Error('An attempt could not be counted.')
  if (row.count === 1) await db.delete(rateLimits).where(lt(rateLimits.lastRequest, at - keptMs))
  return row.count > limit.max ? Math.max(1, row.since + limit.perMs - at) : undefined
}

/** Takes one attempt back: it succeeded. */
const takeBack = async (db: Db, key: string): Promise<void> => {
  await db
    .update(rateLimits)
    .set({ count: sql`case when ${rateLimits.count} > 0 then ${rateLimits.count} - 1 else 0 end` })
    .where(eq(rateLimits.key, key))
}

/** An address in a key is hashed: the table holds no list of who was tried. */
const short = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** One subscriber holds a whole /64 of IPv6 (RFC 6177), so its addresses count as one. */
export function placeOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

export type Allowed = { waitMs: number } | { waitMs?: undefined; succeeded(): Promise<void> }

const perPlace: Limit = { max: 50, perMs: 10 * minute }
const perAccountAndPlace: Limit = { max: 5, perMs: 15 * minute }
const perKnownDevice: Limit = { max: 10, perMs: 15 * minute }
const perAccount: Limit = { max: 20, perMs: 60 * minute }
const onceSlow: Limit = { max: 1, perMs: 30_000 }

/**
 * Whether a password may be tried. Guessing is slow from one place, and for one account from all places together; yet
 * nobody is locked out by others (OWASP ASVS 5.0, 6.1.1 and 6.3.1): a device that signed in before has a count of
 * its own, an account under attack still takes one try in thirty seconds from anywhere, and passkeys and mailed links
 * do not pass here. Unknown addresses count exactly as known ones.
 */
export async function allowPassword(
  db: Db,
  given: { email: string; address: string | undefined; device?: string; now: Date },
): Promise<Allowed> {
  const { email, device, now } = given
  const account = short(email)
  const place = placeOf(given.address)
  const keys: [string, Limit][] = device
    ? [[`password:device:${account}:${short(device)}`, perKnownDevice]]
    : [
        [`password:place:${place}`, perPlace],
        [`password:pair:${account}:${place}`, perAccountAndPlace],
      ]
  for (const [key, limit] of keys) {
    const waitMs = await countAttempt(db, key, limit, now)
    if (waitMs !== undefined) return { waitMs }
  }
  const accountKey = `password:account:${account}`
  if (!device && (await countAttempt(db, accountKey, perAccount, now)) !== undefined) {
    const waitMs = await countAttempt(db, `password:slow:${account}`, onceSlow, now)
    if (waitMs !== undefined) return { waitMs }
  }
  return {
    succeeded: async () => {
      for (const [key] of keys) await takeBack(db, key)
      if (!device) await takeBack(db, accountKey)
    },
  }
}

/** Whether a place may ask for one more link or ceremony; in milliseconds to wait. */
export const allowFromPlace = (
  db: Db,
  given: { what: 'link' | 'passkey' | 'oidc' | 'invitation'; address: string | undefined; now: Date },
): Promise<number | undefined> =>
  countAttempt(db, `${given.what}:place:${placeOf(given.address)}`, { max: 30, perMs: 10 * minute }, given.now)

/** Whether an address gets one more mail of ours; asking further changes nothing for links already on their way. */
export const allowMailTo = async (db: Db, email: string, now: Date): Promise<boolean> =>
  (await countAttempt(db, `link:account:${short(email)}`, { max: 4, perMs: 15 * minute }, now)) === undefined

/** Whether a second-step code may be tried; whoever gets here has already proved the first step. */
export const allowCode = (db: Db, userId: string, now: Date): Promise<number | undefined> =>
  countAttempt(db, `code:account:${userId}`, { max: 10, perMs: 15 * minute }, now)

/** Whether the current password may be tried in an open session. */
export const allowReproof = (db: Db, userId: string, now: Date): Promise<number | undefined> =>
  countAttempt(db, `reproof:account:${userId}`, { max: 10, perMs: 15 * minute }, now)

/** True for the first caller only: what may happen once ever, such as the use of one code. */
export async function takeOnce(db: Tx, key: string, now: Date): Promise<boolean> {
  const rows = await db
    .insert(rateLimits)
    .values({ id: newId(), key, count: 1, lastRequest: now.getTime() })
    .onConflictDoNothing()
    .returning({ id: rateLimits.id })
  return rows.length > 0
}
