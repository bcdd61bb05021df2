import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import type { MembershipScope, Role } from '../db/schema/accounts.ts'
import { invitations, networks, users } from '../db/schema.ts'
import type { Random } from '../random.ts'
import type { Language } from '../words.ts'
import { audit } from './audit.ts'
import type { By } from './members.ts'
import { saveRole } from './members.ts'
import { hashOfToken, newToken } from './one-time.ts'

/** Days an invitation stays open. */
export const invitationDays = 7

export type Invitation = typeof invitations.$inferSelect

export interface NewInvitation {
  networkId: string
  email: string
  name: string
  role: Role
  scope: MembershipScope
  language: Language
}

const endOf = (now: Date): Date => new Date(now.getTime() + invitationDays * 86_400_000)

const isOpenAt = (now: Date) =>
  and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now))

/** Offers a place; an open offer of the same role to the same address is replaced. The token is told only here. */
export async function invite(
  db: Db,
  given: NewInvitation,
  { actor, now, random }: By & { random: Random },
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const token = newToken(random)
  const id = newId()
  const expiresAt = endOf(now)
  await db.transaction(async (tx) => {
    await tx
      .update(invitations)
      .set({ revokedAt: now })
      .where(
        and(
          eq(invitations.networkId, given.networkId),
          eq(invitations.email, given.email),
          eq(invitations.role, given.role),
          isOpenAt(now),
        ),
      )
    await tx
      .insert(invitations)
      .values({ ...given, id, tokenHash: hashOfToken(token), invitedBy: actor, expiresAt, createdAt: now })
    const data = { role: given.role, ...given.scope }
    await audit(tx, { networkId: given.networkId, actor, action: 'user.invite', subject: id, data, at: now })
  })
  return { id, token, expiresAt }
}

/** The offers that wait for an answer, those that lapsed among them; at most 200, the first made first. */
export const waitingInvitations = (db: Db, networkId: string): Promise<Invitation[]> =>
  db
    .select()
    .from(invitations)
    .where(and(eq(invitations.networkId, networkId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
    .orderBy(asc(invitations.id))
    .limit(200)

/** One of them. */
export async function waitingInvitation(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
): Promise<Invitation | undefined> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.networkId, networkId),
        eq(invitations.id, id),
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
      ),
    )
  return row
}

/** A fresh link with a fresh week; the one sent before stops working. Undefined when it no longer waits. */
export async function renewInvitation(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
  { actor, now, random }: By & { random: Random },
): Promise<{ invitation: Invitation; token: string } | undefined> {
  const token = newToken(random)
  return db.transaction(async (tx) => {
    const [invitation] = await tx
      .update(invitations)
      .set({ tokenHash: hashOfToken(token), expiresAt: endOf(now) })
      .where(
        and(
          eq(invitations.networkId, networkId),
          eq(invitations.id, id),
          isNull(invitations.acceptedAt),
          isNull(invitations.revokedAt),
        ),
      )
      .returning()
    if (!invitation) return undefined
    await audit(tx, { networkId, actor, action: 'user.invite', subject: id, data: { again: true }, at: now })
    return { invitation, token }
  })
}

/** Takes an offer back. False when it no longer waits. */
export async function revokeInvitation(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
  { actor, now }: By,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .update(invitations)
      .set({ revokedAt: now })
      .where(
        and(
          eq(invitations.networkId, networkId),
          eq(invitations.id, id),
          isNull(invitations.acceptedAt),
          isNull(invitations.revokedAt),
        ),
      )
      .returning({ id: invitations.id })
    if (rows.length === 0) return false
    await audit(tx, { networkId, actor, action: 'invitation.revoke', subject: id, at: now })
    return true
  })
}

export interface Offer {
  invitation: Invitation
  network: string
  /** Whoever has the address already, in any network. */
  userId?: string
}

/** The open offer behind a link; looking does not answer it. */
export async function findOffer(db: Db, token: string, now: Date): Promise<Offer | undefined> {
  const [row] = await db
    .select({ invitation: invitations, network: networks.title, userId: users.id })
    .from(invitations)
    .innerJoin(networks, eq(networks.id, invitations.networkId))
    .leftJoin(users, eq(users.email, invitations.email))
    .where(and(eq(invitations.tokenHash, hashOfToken(token)), isOpenAt(now)))
  return row && { invitation: row.invitation, network: row.network, userId: row.userId ?? undefined }
}

/** Marks an offer as taken and gives its role; false when someone was faster, or it was taken back meanwhile. */
export async function takeOffer(
  tx: Tx,
  { networkId, id, role, scope }: Pick<Invitation, 'networkId' | 'id' | 'role' | 'scope'>,
  userId: string,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(eq(invitations.networkId, networkId), eq(invitations.id, id), isOpenAt(now)))
    .returning({ id: invitations.id })
  if (rows.length === 0) return false
  await saveRole(tx, { networkId, userId, role, scope, now })
  await audit(tx, { networkId, actor: userId, action: 'user.join', subject: id, data: { role, ...scope }, at: now })
  return true
}

/** The user an accepted offer makes; their address is proved by the link, or by the head office. */
export async function makeUser(
  tx: Tx,
  { email, name, language }: Pick<Invitation, 'email' | 'name' | 'language'>,
  now: Date,
): Promise<string> {
  const id = newId()
  await tx.insert(users).values({ id, name, email, language, emailVerified: true, createdAt: now, updatedAt: now })
  return id
}
