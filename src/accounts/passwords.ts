import { and, eq } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { accounts, users } from '../db/schema.ts'
import type { Auth } from './auth.ts'

/** better-auth's name for the account that is a password of ours. */
const provider = 'credential'

const decoys = new WeakMap<Auth, string>()

/** A hash that no password meets: checking against it costs what checking a real one does. */
async function decoyOf(auth: Auth): Promise<string> {
  const made = decoys.get(auth) ?? (await (await auth.$context).password.hash('nobody signs in with this'))
  decoys.set(auth, made)
  return made
}

const hashOf = async (tx: Tx, userId: string): Promise<string | undefined> => {
  const [row] = await tx
    .select({ password: accounts.password })
    .from(accounts)
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, provider)))
  return row?.password ?? undefined
}

/**
 * Whose address and password these are. For an unknown address, and for a user without a password, a hash is worked
 * out all the same (OWASP ASVS 5.0, 6.3.8).
 */
export async function userByPassword(
  auth: Auth,
  db: Db,
  { email, password }: { email: string; password: string },
): Promise<{ userId?: string; knownId?: string }> {
  const [user] = await db
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.email, email))
  const hash = await hashOf(db, user?.id ?? '')
  const { password: hasher } = await auth.$context
  const isRight = await hasher.verify({ hash: hash ?? (await decoyOf(auth)), password })
  if (!user) return {}
  return isRight && hash !== undefined && !user.disabledAt ? { userId: user.id } : { knownId: user.id }
}

export const hasPassword = async (db: Tx, userId: string): Promise<boolean> => (await hashOf(db, userId)) !== undefined

/** Whether a signed-in user knows their own password. */
export async function isOwnPassword(auth: Auth, db: Db, userId: string, password: string): Promise<boolean> {
  const hash = await hashOf(db, userId)
  const { password: hasher } = await auth.$context
  return hash !== undefined && (await hasher.verify({ hash, password }))
}

/** The hash to keep (scrypt, N = 2¹⁴, r = 16; OWASP ASVS 5.0, 11.4.2). Slow on purpose: not inside a transaction. */
export const hashPassword = async (auth: Auth, password: string): Promise<string> =>
  (await auth.$context).password.hash(password)

/** Sets or replaces a user's password. */
export async function savePassword(tx: Tx, userId: string, hash: string, now: Date): Promise<void> {
  await tx
    .insert(accounts)
    .values({
      id: newId(),
      userId,
      accountId: userId,
      providerId: provider,
      password: hash,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: [accounts.providerId, accounts.accountId],
      set: { password: hash, updatedAt: now },
    })
}
