import { and, desc, eq, ne } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { sessions } from '../db/schema.ts'

export interface OpenSession {
  id: string
  userAgent: string
  address: string
  since: Date
  usedAt: Date
}

/** A user's open sessions, the last used first. */
export async function sessionsOf(db: Tx, userId: string): Promise<OpenSession[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.updatedAt))
    .limit(50)
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent ?? '',
    address: row.ipAddress ?? '',
    since: row.createdAt,
    usedAt: row.updatedAt,
  }))
}

/** Ends one of a user's own sessions; false when it is not theirs or over already. */
export async function endSession(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
  const ended = await tx
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), eq(sessions.id, sessionId)))
    .returning({ id: sessions.id })
  return ended.length > 0
}

/** Ends all of a user's sessions, or all but one. Returns how many. */
export async function endSessions(tx: Tx, userId: string, exceptId?: string): Promise<number> {
  const ended = await tx
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), exceptId === undefined ? undefined : ne(sessions.id, exceptId)))
    .returning({ id: sessions.id })
  return ended.length
}
