import { eq } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { memberships } from '../db/schema.ts'
import type { SignedIn } from '../http/page-env.ts'
import { languages } from '../words.ts'
import type { Auth } from './auth.ts'

/** Who the request's cookie stands for, if its session still lives; memberships are read anew every time. */
export async function loadUser(auth: Auth, db: Db, headers: Headers): Promise<SignedIn | undefined> {
  const found = await auth.api.getSession({ headers })
  if (!found) return undefined
  const rows = await db
    .select({ networkId: memberships.networkId, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .where(eq(memberships.userId, found.user.id))
  return {
    id: found.user.id,
    sessionId: found.session.id,
    name: found.user.name,
    email: found.user.email,
    language: languages.find((language) => language === found.user.language) ?? 'fr',
    memberships: rows,
  }
}
