import { createHash } from 'node:crypto'
import { and, eq, gt, like, lte } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { verifications } from '../db/schema.ts'
import type { Random } from '../random.ts'

/** What a token is for: one is never good for another's purpose. */
export type TokenKind = 'sign-in-link' | 'second-step' | 'email-change'

/** Only the hash is stored (OWASP ASVS 5.0, 6.5.2): who reads the database cannot sign in with what is there. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

const identifierOf = (kind: TokenKind, token: string): string => `${kind}:${hashOfToken(token)}`

/** 256 bits that nobody guesses, in 43 characters that fit into an address. */
export const newToken = (random: Random): string => Buffer.from(random.bytes(32)).toString('base64url')

/** A token that stands for a value once, until `minutes` of wall time have passed. Expired ones are removed. */
export async function issueToken(
  tx: Tx,
  given: { kind: TokenKind; value: string; minutes: number; now: Date; random: Random },
): Promise<string> {
  const { kind, value, minutes, now, random } = given
  const token = newToken(random)
  await tx
    .delete(verifications)
    .where(and(like(verifications.identifier, `${kind}:%`), lte(verifications.expiresAt, now)))
  await tx.insert(verifications).values({
    id: newId(),
    identifier: identifierOf(kind, token),
    value,
    expiresAt: new Date(now.getTime() + minutes * 60_000),
    createdAt: now,
    updatedAt: now,
  })
  return token
}

const openWith = (kind: TokenKind, token: string, now: Date) =>
  and(eq(verifications.identifier, identifierOf(kind, token)), gt(verifications.expiresAt, now))

/** What an open token stands for; looking does not use it up. */
export async function peekToken(tx: Tx, kind: TokenKind, token: string, now: Date): Promise<string | undefined> {
  const [row] = await tx
    .select({ value: verifications.value })
    .from(verifications)
    .where(openWith(kind, token, now))
  return row?.value
}

/** Uses a token up; undefined when it is unknown, used or too old, without telling which. */
export async function redeemToken(tx: Tx, kind: TokenKind, token: string, now: Date): Promise<string | undefined> {
  const [row] = await tx
    .delete(verifications)
    .where(openWith(kind, token, now))
    .returning({ value: verifications.value })
  return row?.value
}
