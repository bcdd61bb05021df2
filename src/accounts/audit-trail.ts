import { and, desc, eq, gte, inArray, isNull, lt, or, type SQL } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { apiKeys, auditEntries, memberships, users } from '../db/schema.ts'
import type { AuditAction } from './audit-actions.ts'

export interface TrailFilter {
  /** Without a network, all of them and the installation's own. */
  networkId?: string
  action?: AuditAction
  actor?: string
  /** Wall time, this instant included. */
  since?: Date
  /** Wall time, this instant not included. */
  until?: Date
  /** Where the page before ended, as `cursorOf` gave it. */
  after?: TrailCursor
}

export interface TrailCursor {
  at: Date
  seq: number
}

export type TrailEntry = typeof auditEntries.$inferSelect & {
  /** A user's or a key's name; undefined for the command line, Relais itself, and who is no longer there. */
  actorName?: string
}

export const cursorOf = ({ at, seq }: TrailCursor): string => `${at.getTime()}-${seq}`

/** Undefined for a text that is no cursor. */
export function cursorIn(text: string): TrailCursor | undefined {
  const [, at, seq] = /^(\d{1,15})-(\d{1,10})$/.exec(text) ?? []
  return at === undefined || seq === undefined ? undefined : { at: new Date(Number(at)), seq: Number(seq) }
}

/** What happened in a network, and what its own people did that concerns no network, such as signing in. */
const inNetwork = (db: Db, networkId: string): SQL | undefined =>
  or(
    eq(auditEntries.networkId, networkId),
    and(
      isNull(auditEntries.networkId),
      inArray(
        auditEntries.actor,
        db.select({ id: memberships.userId }).from(memberships).where(eq(memberships.networkId, networkId)),
      ),
    ),
  )

/** One page of the audit trail, the newest first. */
export async function listTrail(
  db: Db,
  filter: TrailFilter,
  pageSize: number,
): Promise<{ entries: TrailEntry[]; next?: TrailCursor }> {
  const { networkId, action, actor, since, until, after } = filter
  const found = await db
    .select()
    .from(auditEntries)
    .where(
      and(
        networkId === undefined ? undefined : inNetwork(db, networkId),
        action ? eq(auditEntries.action, action) : undefined,
        actor ? eq(auditEntries.actor, actor) : undefined,
        since ? gte(auditEntries.at, since) : undefined,
        until ? lt(auditEntries.at, until) : undefined,
        after
          ? or(lt(auditEntries.at, after.at), and(eq(auditEntries.at, after.at), lt(auditEntries.seq, after.seq)))
          : undefined,
      ),
    )
    .orderBy(desc(auditEntries.at), desc(auditEntries.seq))
    .limit(pageSize + 1)
  const page = found.slice(0, pageSize)
  const names = await actorNames(
    db,
    page.map((entry) => entry.actor),
  )
  const last = page.at(-1)
  return {
    entries: page.map((entry) => ({ ...entry, actorName: names.get(entry.actor) })),
    next: found.length > pageSize && last ? { at: last.at, seq: last.seq } : undefined,
  }
}

/** The names of those who acted, as they are called now. */
async function actorNames(db: Db, actors: readonly string[]): Promise<Map<string, string>> {
  const all = [...new Set(actors)]
  const names = new Map<string, string>()
  if (all.length === 0) return names
  const keyIds = all.filter((actor) => actor.startsWith('key:')).map((actor) => actor.slice('key:'.length))
  for (const user of await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, all)))
    names.set(user.id, user.name)
  if (keyIds.length > 0)
    for (const key of await db
      .select({ id: apiKeys.id, name: apiKeys.name })
      .from(apiKeys)
      .where(inArray(apiKeys.id, keyIds)))
      names.set(`key:${key.id}`, key.name)
  return names
}

/** Everyone who could have acted in a network, for a filter: its people and its keys, by name. */
export async function trailActors(db: Db, networkId: string): Promise<{ id: string; name: string }[]> {
  const people = await db
    .selectDistinct({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.networkId, networkId))
    .limit(500)
  const keys = await db
    .select({ id: apiKeys.id, name: apiKeys.name })
    .from(apiKeys)
    .where(eq(apiKeys.networkId, networkId))
    .limit(200)
  return [...people, ...keys.map(({ id, name }) => ({ id: `key:${id}`, name }))].sort((a, b) =>
    a.name.localeCompare(b.name),
  )
}
