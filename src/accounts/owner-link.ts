import { createHash } from 'node:crypto'
import { and, eq, gt, like, lte } from 'drizzle-orm'
import type { WallClock } from '../clock.ts'
import { type Db, newId } from '../db/index.ts'
import { users, verifications } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { ensureOwner, ownerEmail } from './owner.ts'

const hours = 24
const prefix = 'sign-in-link:'

export interface OwnerLinkDeps {
  db: Db
  wall: WallClock
  random: Random
  /** Without a trailing slash; the link begins with it. */
  publicUrl: string
}

/** No user has this address; only the operator at the console is ever told. */
export class UnknownUser extends Error {
  override name = 'UnknownUser'
}

/** Only the hash is stored (OWASP ASVS 5.0, 6.5.2): who reads the database cannot sign in with what is there. */
const identifierOf = (token: string): string => prefix + createHash('sha256').update(token).digest('hex')

/**
 * A link that signs one user in once, within 24 hours of wall time. Without an address it is the owner's, who is
 * created when missing. Expired links are removed on the way.
 * @throws UnknownUser when nobody has the address.
 */
export async function createOwnerSignInLink(deps: OwnerLinkDeps, email?: string): Promise<string> {
  const { db, wall, random, publicUrl } = deps
  const now = wall.now()
  const ownerId = await ensureOwner(db, now)
  const userId = email === undefined || email.toLowerCase() === ownerEmail ? ownerId : await userIdOf(db, email)
  const token = Buffer.from(random.bytes(32)).toString('base64url')
  await db
    .delete(verifications)
    .where(and(like(verifications.identifier, `${prefix}%`), lte(verifications.expiresAt, now)))
  await db.insert(verifications).values({
    id: newId(),
    identifier: identifierOf(token),
    value: userId,
    expiresAt: new Date(now.getTime() + hours * 3_600_000),
    createdAt: now,
    updatedAt: now,
  })
  return `${publicUrl.replace(/\/+$/, '')}/sign-in/${token}`
}

async function userIdOf(db: Db, email: string): Promise<string> {
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.email, email.trim().toLowerCase()))
  if (!user) throw new UnknownUser(`No user has the address ${email}. Without an address, the link is for the owner.`)
  return user.id
}

/** Whether a link would still work; looking does not use it up, so a mail scanner's preview cannot burn it. */
export async function isSignInLinkOpen(db: Db, token: string, now: Date): Promise<boolean> {
  const rows = await db
    .select({ id: verifications.id })
    .from(verifications)
    .where(and(eq(verifications.identifier, identifierOf(token)), gt(verifications.expiresAt, now)))
  return rows.length > 0
}

/** Uses a link up and says whose it was; undefined when it is unknown, used or too old, without telling which. */
export async function consumeSignInLink(db: Db, token: string, now: Date): Promise<string | undefined> {
  const rows = await db
    .delete(verifications)
    .where(and(eq(verifications.identifier, identifierOf(token)), gt(verifications.expiresAt, now)))
    .returning({ userId: verifications.value })
  return rows[0]?.userId
}
