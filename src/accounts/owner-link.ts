import { eq } from 'drizzle-orm'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { users } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { issueToken } from './one-time.ts'
import { ensureOwner, ownerEmail } from './owner.ts'

const hours = 24

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
  const token = await issueToken(db, {
    kind: 'sign-in-link',
    value: `operator:${userId}`,
    minutes: hours * 60,
    now,
    random,
  })
  return `${publicUrl.replace(/\/+$/, '')}/sign-in/${token}`
}

async function userIdOf(db: Db, email: string): Promise<string> {
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.email, email.trim().toLowerCase()))
  if (!user) throw new UnknownUser(`No user has the address ${email}. Without an address, the link is for the owner.`)
  return user.id
}
