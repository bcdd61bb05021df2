import { eq } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { users } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { type Language, languages } from '../words.ts'
import { issueToken, peekToken, redeemToken } from './one-time.ts'

/** Minutes a mailed link works: long enough for a slow mailbox, short enough for a forgotten one. */
export const mailedLinkMinutes = 30

/** How a link came to its user: by mail, or from the operator, who answers for whom it was given to. */
export type LinkSource = 'mail' | 'operator'

export interface LinkUser {
  userId: string
  source: LinkSource
}

export const isSignInLinkOpen = async (db: Db, token: string, now: Date): Promise<boolean> =>
  (await peekToken(db, 'sign-in-link', token, now)) !== undefined

/** Uses a link up and says whose it was; undefined when it is unknown, used or too old, without telling which. */
export async function consumeSignInLink(db: Db, token: string, now: Date): Promise<LinkUser | undefined> {
  const value = await redeemToken(db, 'sign-in-link', token, now)
  const [, source, userId] = /^(mail|operator):(.+)$/.exec(value ?? '') ?? []
  return userId === undefined ? undefined : { userId, source: source === 'mail' ? 'mail' : 'operator' }
}

export interface MailedLink {
  email: string
  name: string
  language: Language
  token: string
}

/**
 * Makes a link for whoever has an address. For an address nobody has, the same is read and written, and the link
 * opens nothing (OWASP ASVS 5.0, 6.3.8): how long it takes tells nothing.
 */
export async function makeMailedLink(
  db: Db,
  email: string,
  { now, random }: { now: Date; random: Random },
): Promise<MailedLink | undefined> {
  const [user] = await db.select().from(users).where(eq(users.email, email))
  const opens = user && !user.disabledAt ? `mail:${user.id}` : 'nobody'
  const token = await issueToken(db, { kind: 'sign-in-link', value: opens, minutes: mailedLinkMinutes, now, random })
  if (!user || user.disabledAt) return undefined
  const language = languages.find((known) => known === user.language) ?? 'fr'
  return { email: user.email, name: user.name, language, token }
}
