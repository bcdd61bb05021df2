import { and, desc, eq, inArray, isNull, lt } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { networks, notifications } from '../db/schema.ts'

const pageSize = 50

/** What a user was told, the latest first, in the networks they still belong to. */
export async function listNotifications(
  tx: Tx,
  userId: string,
  networkIds: readonly string[],
  { isUnreadOnly, cursor }: { isUnreadOnly: boolean; cursor?: string },
) {
  if (networkIds.length === 0) return { rows: [] }
  const rows = await tx
    .select({ notification: notifications, network: networks.title })
    .from(notifications)
    .innerJoin(networks, eq(networks.id, notifications.networkId))
    .where(
      and(
        eq(notifications.userId, userId),
        inArray(notifications.networkId, [...networkIds]),
        isUnreadOnly ? isNull(notifications.readAt) : undefined,
        cursor ? lt(notifications.id, cursor) : undefined,
      ),
    )
    // Ids are in the order of creation.
    .orderBy(desc(notifications.id))
    .limit(pageSize + 1)
  return {
    rows: rows.slice(0, pageSize),
    next: rows.length > pageSize ? rows[pageSize - 1]?.notification.id : undefined,
  }
}

/** Marks one notification of a user as read; without an id, all of them. Another user's stays as it is. */
export async function markRead(tx: Tx, userId: string, at: Date, id?: string): Promise<void> {
  await tx
    .update(notifications)
    .set({ readAt: at })
    .where(
      and(
        eq(notifications.userId, userId),
        isNull(notifications.readAt),
        id === undefined ? undefined : eq(notifications.id, id),
      ),
    )
}

/** Where a notification of this user leads. */
export async function hrefOf(tx: Tx, userId: string, id: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ href: notifications.href })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), eq(notifications.id, id)))
  return row?.href
}
