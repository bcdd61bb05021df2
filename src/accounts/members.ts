import { and, asc, eq, gt, inArray, isNull, max, ne } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import type { MembershipScope, Role } from '../db/schema/accounts.ts'
import { memberships, sessions, users } from '../db/schema.ts'
import { audit } from './audit.ts'
import { endSessions } from './sessions.ts'

const pageSize = 50

export interface Member {
  id: string
  name: string
  email: string
  twoFactorEnabled: boolean
  disabledAt: Date | null
  usedAt: Date | null
  roles: { role: Role; scope: MembershipScope }[]
}

/** Who belongs to a network, page by page in the order they came; by the index, however many there are. */
export async function listMembers(
  db: Db,
  networkId: string,
  cursor?: string,
): Promise<{ rows: Member[]; next?: string }> {
  const found = await db
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.networkId, networkId), cursor === undefined ? undefined : gt(memberships.userId, cursor)))
    .orderBy(asc(memberships.userId))
    .limit(pageSize + 1)
  const ids = found.slice(0, pageSize).map(({ userId }) => userId)
  return { rows: await membersById(db, networkId, ids), next: found.length > pageSize ? ids.at(-1) : undefined }
}

export const findMember = async (db: Db, networkId: string, userId: string): Promise<Member | undefined> =>
  (await membersById(db, networkId, [userId]))[0]

async function membersById(db: Db, networkId: string, ids: string[]): Promise<Member[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({ user: users, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.networkId, networkId), inArray(memberships.userId, ids)))
    .orderBy(asc(memberships.userId), asc(memberships.role))
  const used = await db
    .select({ userId: sessions.userId, at: max(sessions.updatedAt) })
    .from(sessions)
    .where(inArray(sessions.userId, ids))
    .groupBy(sessions.userId)
  const usedAt = new Map(used.map(({ userId, at }) => [userId, at]))
  const members = new Map<string, Member>()
  for (const { user, role, scope } of rows) {
    const { id, name, email, twoFactorEnabled, disabledAt } = user
    const member = members.get(id) ?? {
      ...{ id, name, email, twoFactorEnabled, disabledAt },
      usedAt: usedAt.get(id) ?? null,
      roles: [],
    }
    member.roles.push({ role, scope })
    members.set(id, member)
  }
  return [...members.values()]
}

/** A network would be left without anyone who can invite. */
export class LastOwner extends Error {
  override name = 'LastOwner'
}

/** The user does something, or is, in a network that the one who asks does not answer for. */
export class BelongsElsewhere extends Error {
  override name = 'BelongsElsewhere'
}

/** Who acts, for the audit trail. */
export interface By {
  actor: string
  now: Date
}

/**
 * That somebody else stays who owns the whole network. The write holds the owners' rows on PostgreSQL, so that two
 * owners who remove each other at the same moment do not both pass.
 * @throws LastOwner
 */
async function keepAnOwner(tx: Tx, networkId: string, leaving: string): Promise<void> {
  await tx
    .update(memberships)
    .set({ role: 'owner' })
    .where(and(eq(memberships.networkId, networkId), eq(memberships.role, 'owner')))
  const others = await tx
    .select({ scope: memberships.scope })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.networkId, networkId),
        eq(memberships.role, 'owner'),
        ne(memberships.userId, leaving),
        isNull(users.disabledAt),
      ),
    )
  if (!others.some(({ scope }) => isWhole(scope))) throw new LastOwner()
}

const isWhole = ({ areas = [], sites = [], shop }: MembershipScope): boolean =>
  areas.length === 0 && sites.length === 0 && shop === undefined

const has = async (tx: Tx, networkId: string, userId: string): Promise<boolean> => {
  const rows = await tx
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.networkId, networkId), eq(memberships.userId, userId)))
  return rows.length > 0
}

/**
 * Gives a member one more role, or another scope for one they have; their sessions end, so that the new right begins
 * with a new session (OWASP ASVS 5.0, 7.2.4). False when they are no member.
 * @throws LastOwner when the scope of the last whole owner would be narrowed.
 */
export async function grantRole(
  db: Db,
  { networkId, userId, role, scope }: { networkId: string; userId: string; role: Role; scope: MembershipScope },
  { actor, now }: By,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await has(tx, networkId, userId))) return false
    if (role === 'owner' && !isWhole(scope)) await keepAnOwner(tx, networkId, userId)
    await saveRole(tx, { networkId, userId, role, scope, now })
    if (userId !== actor) await endSessions(tx, userId)
    await audit(tx, { networkId, actor, action: 'role.grant', subject: userId, data: { role, ...scope }, at: now })
    return true
  })
}

/** Writes one role of one user in one network. */
export async function saveRole(
  tx: Tx,
  {
    networkId,
    userId,
    role,
    scope,
    now,
  }: { networkId: string; userId: string; role: Role; scope: MembershipScope; now: Date },
): Promise<void> {
  await tx
    .insert(memberships)
    .values({ networkId, userId, role, scope, createdAt: now })
    .onConflictDoUpdate({
      target: [memberships.networkId, memberships.userId, memberships.role],
      set: { scope },
    })
}

/**
 * Takes one role away, or with `undefined` all of them: the user then no longer belongs to the network. False when
 * there was nothing to take.
 * @throws LastOwner
 */
export async function revokeRole(
  db: Db,
  { networkId, userId, role }: { networkId: string; userId: string; role: Role | undefined },
  { actor, now }: By,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const gone = await tx
      .delete(memberships)
      .where(
        and(
          eq(memberships.networkId, networkId),
          eq(memberships.userId, userId),
          role === undefined ? undefined : eq(memberships.role, role),
        ),
      )
      .returning({ role: memberships.role })
    if (gone.length === 0) return false
    if (gone.some((row) => row.role === 'owner')) await keepAnOwner(tx, networkId, userId)
    if (userId !== actor) await endSessions(tx, userId)
    for (const row of gone)
      await audit(tx, { networkId, actor, action: 'role.revoke', subject: userId, data: { role: row.role }, at: now })
    return true
  })
}

/**
 * Disables a user, or enables them again. A user may belong to several networks: only who answers for all of them may
 * do it; others take their own network's roles away.
 * @throws LastOwner @throws BelongsElsewhere
 */
export async function setDisabled(
  db: Db,
  given: { userId: string; isDisabled: boolean; networkId: string; answersFor: readonly string[] },
  { actor, now }: By,
): Promise<boolean> {
  const { userId, isDisabled, networkId, answersFor } = given
  return db.transaction(async (tx) => {
    const theirs = await tx
      .select({ networkId: memberships.networkId, role: memberships.role })
      .from(memberships)
      .where(eq(memberships.userId, userId))
    if (!theirs.some((row) => row.networkId === networkId)) return false
    if (theirs.some((row) => !answersFor.includes(row.networkId))) throw new BelongsElsewhere()
    const owned = new Set(theirs.filter(({ role }) => role === 'owner').map((row) => row.networkId))
    if (isDisabled) for (const id of owned) await keepAnOwner(tx, id, userId)
    await tx
      .update(users)
      .set({ disabledAt: isDisabled ? now : null, updatedAt: now })
      .where(eq(users.id, userId))
    if (isDisabled) await endSessions(tx, userId)
    const action = isDisabled ? 'user.disable' : 'user.enable'
    await audit(tx, { networkId, actor, action, subject: userId, at: now })
    return true
  })
}
