/** Calendars people subscribe to: a secret address each, kept as a hash, which answers until it is revoked. */
import { and, desc, eq, isNull, lt, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { hashOfToken, newToken } from '../accounts/one-time.ts'
import { can } from '../accounts/policy.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { calendarFeeds, memberships, networks, users } from '../db/schema.ts'
import type { Language } from '../words.ts'

const hourMs = 3_600_000

export interface NewFeed {
  userId: string
  language: Language
  /** Without it, every campaign of the network. */
  campaignId?: string
}

/** Makes a subscription; the token is known to nobody afterwards but whom it is given to. */
export async function createFeed(
  { db, wall, random }: Pick<Context, 'db' | 'wall' | 'random'>,
  network: Network,
  { userId, language, campaignId }: NewFeed,
): Promise<{ id: string; token: string }> {
  const token = newToken(random)
  const id = newId()
  await db.transaction(async (tx) => {
    await tx.insert(calendarFeeds).values({
      ...{ networkId: network.id, id, campaignId: campaignId ?? null, userId, language },
      ...{ tokenHash: hashOfToken(token), createdAt: wall.now() },
    })
    const data = { campaignId: campaignId ?? null }
    await audit(tx, {
      ...{ networkId: network.id, actor: userId, action: 'calendar.create', subject: id, data, at: wall.now() },
    })
  })
  return { id, token }
}

/** Closes a user's subscription; says whether it was open. */
export async function revokeFeed(
  { db, wall }: Pick<Context, 'db' | 'wall'>,
  network: Network,
  { id, userId }: { id: string; userId: string },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const closed = await tx
      .update(calendarFeeds)
      .set({ revokedAt: wall.now() })
      .where(
        and(
          eq(calendarFeeds.networkId, network.id),
          eq(calendarFeeds.id, id),
          eq(calendarFeeds.userId, userId),
          isNull(calendarFeeds.revokedAt),
        ),
      )
      .returning({ id: calendarFeeds.id })
    if (closed.length === 0) return false
    await audit(tx, {
      ...{ networkId: network.id, actor: userId, action: 'calendar.revoke', subject: id, data: {}, at: wall.now() },
    })
    return true
  })
}

/** A user's open subscriptions in a network, newest first. */
export const feedsOf = (tx: Tx, networkId: string, userId: string) =>
  tx
    .select()
    .from(calendarFeeds)
    .where(
      and(eq(calendarFeeds.networkId, networkId), eq(calendarFeeds.userId, userId), isNull(calendarFeeds.revokedAt)),
    )
    .orderBy(desc(calendarFeeds.createdAt))
    .limit(50)

/** What a token opens, while its user may still read campaigns there; undefined for any other. */
export async function openFeed({ db, wall }: Pick<Context, 'db' | 'wall'>, token: string) {
  const [row] = await db
    .select({ feed: calendarFeeds, network: networks, disabledAt: users.disabledAt })
    .from(calendarFeeds)
    .innerJoin(networks, eq(networks.id, calendarFeeds.networkId))
    .innerJoin(users, eq(users.id, calendarFeeds.userId))
    .where(and(eq(calendarFeeds.tokenHash, hashOfToken(token)), isNull(calendarFeeds.revokedAt)))
  if (!row || row.disabledAt !== null) return undefined
  const own = await db
    .select({ networkId: memberships.networkId, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .where(eq(memberships.userId, row.feed.userId))
  if (!can({ id: row.feed.userId, memberships: own }, 'campaign.read', row.feed.networkId)) return undefined
  const now = wall.now()
  const anHourAgo = new Date(now.getTime() - hourMs)
  await db
    .update(calendarFeeds)
    .set({ readAt: now })
    .where(
      and(
        eq(calendarFeeds.networkId, row.feed.networkId),
        eq(calendarFeeds.id, row.feed.id),
        or(isNull(calendarFeeds.readAt), lt(calendarFeeds.readAt, anHourAgo)),
      ),
    )
  return { feed: row.feed, network: row.network }
}
