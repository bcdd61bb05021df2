import { and, eq, lte } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { memberships, sessions } from '../db/schema.ts'
import type { SignedIn } from '../http/page-env.ts'
import { languages } from '../words.ts'
import { type Auth, sessionDays } from './auth.ts'

const hour = 3_600_000

/** A session nobody used for so long is over: a weekend is not, a week is (OWASP ASVS 5.0, 7.3.1). */
export const idleHours = 96

/** Use is written down at most so often, so that reading pages does not write. */
const noteEveryMs = hour

/**
 * Who the request's cookie stands for, if its session still lives: not idle for too long, not too old, its user not
 * disabled. Memberships are read anew every time, so what was taken away is gone with the next request
 * (OWASP ASVS 5.0, 7.4.2).
 */
export async function loadUser(auth: Auth, db: Db, headers: Headers): Promise<SignedIn | undefined> {
  const found = await auth.api.getSession({ headers })
  if (!found || found.user.disabledAt) return undefined
  const now = auth.wall.now()
  const { session } = found
  const isOver =
    now.getTime() - session.createdAt.getTime() >= sessionDays * 24 * hour ||
    now.getTime() - session.updatedAt.getTime() >= idleHours * hour
  if (isOver) {
    await db.delete(sessions).where(eq(sessions.id, session.id))
    return undefined
  }
  const noted = new Date(now.getTime() - noteEveryMs)
  if (session.updatedAt <= noted)
    await db
      .update(sessions)
      .set({ updatedAt: now })
      .where(and(eq(sessions.id, session.id), lte(sessions.updatedAt, noted)))
  const rows = await db
    .select({ networkId: memberships.networkId, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .where(eq(memberships.userId, found.user.id))
  return {
    id: found.user.id,
    sessionId: session.id,
    signedInAt: session.createdAt,
    name: found.user.name,
    email: found.user.email,
    language: languages.find((language) => language === found.user.language) ?? 'fr',
    memberships: rows,
  }
}
