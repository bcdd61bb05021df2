import { and, asc, eq, exists, gt, gte, inArray, isNull, lte, notExists, sql } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { arrivals, contacts, deliveries, silenceAsks } from '../db/schema.ts'
import { beginErasure } from '../person/erase.ts'
import { type HowAsked, howAsked, leftStatuses, openStatuses } from './how-asked.ts'
import { isSilent } from './silent.ts'

const dayMs = 86_400_000
/** Each erasure begun closes addresses, sets segments to be looked at and puts two jobs into the queue. */
const pageSize = 20

export interface Reviewed {
  stayed: number
  erased: number
  unreached: number
}

type Ask = typeof silenceAsks.$inferSelect

/**
 * Looks at a page of those who were asked and have not answered, in the caller’s transaction. Who has spoken since, or is
 * no silent prospect any more, stays; whose time is over is erased; whose message never left is put aside for somebody to
 * decide, and is not erased.
 */
export async function reviewPage(
  tx: Tx,
  context: Pick<Context, 'wall' | 'vault'>,
  network: Network,
  after: string,
  now: Date,
): Promise<{ counts: Reviewed; next?: string }> {
  const counts = { stayed: 0, erased: 0, unreached: 0 }
  const asks = await tx
    .select()
    .from(silenceAsks)
    .where(and(eq(silenceAsks.networkId, network.id), isNull(silenceAsks.outcome), gt(silenceAsks.contactId, after)))
    .orderBy(asc(silenceAsks.contactId))
    .limit(pageSize)
  if (asks.length === 0) return { counts }
  const ids = asks.map(({ contactId }) => contactId)
  const rows = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(isSilent(tx, network, now), oneOf(contacts.id, ids)))
  const silent = new Set(rows.map(({ id }) => id))
  const standing = await standingsOf(tx, network.id, asks, now)
  for (const ask of asks) {
    const how = standing(ask)
    if (!silent.has(ask.contactId)) counts.stayed += await end(tx, ask, 'stayed', now)
    else if (how.is === 'unreached') counts.unreached += await end(tx, ask, 'unreached', now)
    else if (how.is === 'answering' && how.until <= now) counts.erased += await erase(tx, context, network, ask, now)
    else if (how.is === 'answering' && how.until.getTime() !== ask.eraseAt.getTime()) {
      await tx.update(silenceAsks).set({ eraseAt: how.until }).where(stillOpen(ask))
    }
  }
  return { counts, next: asks.at(-1)!.contactId }
}

/** The very ask that was read, not yet answered. */
const stillOpen = ({ networkId, contactId, round }: Ask) =>
  and(
    ...[eq(silenceAsks.networkId, networkId), eq(silenceAsks.contactId, contactId)],
    ...[eq(silenceAsks.round, round), isNull(silenceAsks.outcome)],
  )

async function end(tx: Tx, ask: Ask, outcome: 'stayed' | 'unreached', now: Date): Promise<number> {
  const ended = await tx
    .update(silenceAsks)
    .set({ outcome, endedAt: now })
    .where(stillOpen(ask))
    .returning({ id: silenceAsks.contactId })
  return ended.length
}

const keyOf = (contactId: string) => `contact:${contactId}`

async function standingsOf(
  tx: Tx,
  networkId: string,
  asks: readonly Ask[],
  now: Date,
): Promise<(ask: Ask) => HowAsked> {
  const messageIds = [...new Set(asks.flatMap(({ messageId }) => messageId ?? []))]
  if (messageIds.length === 0) return () => ({ is: 'unreached' })
  const sent = await tx
    .select({
      ...{ messageId: deliveries.messageId, recipientKey: deliveries.recipientKey, status: deliveries.status },
      ...{ sentAt: deliveries.sentAt, createdAt: deliveries.createdAt },
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.messageId, messageIds),
        inArray(
          deliveries.recipientKey,
          asks.map(({ contactId }) => keyOf(contactId)),
        ),
        eq(deliveries.isCompanion, false),
      ),
    )
  const coming = await tx
    .select({ messageId: arrivals.messageId, contactId: arrivals.contactId })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.messageId, messageIds),
        oneOf(
          arrivals.contactId,
          asks.map(({ contactId }) => contactId),
        ),
        eq(arrivals.state, 'waiting'),
      ),
    )
  return (ask) =>
    howAsked(
      ask,
      sent.filter(
        (one) =>
          one.messageId === ask.messageId && one.recipientKey === keyOf(ask.contactId) && one.createdAt >= ask.askedAt,
      ),
      {
        isComing: coming.some((one) => one.messageId === ask.messageId && one.contactId === ask.contactId),
        now,
      },
    )
}

/**
 * Erases who was asked and did not answer. The guard asks the database once more, in the statement that takes the ask:
 * silent still, asked by a message that left long enough ago, nothing of it on its way. What is answered or withheld
 * meanwhile is not taken.
 */
async function erase(
  tx: Tx,
  context: Pick<Context, 'wall' | 'vault'>,
  network: Network,
  ask: Ask,
  now: Date,
): Promise<number> {
  if (ask.messageId === null) return 0
  const limit = new Date(now.getTime() - ask.answerDays * dayMs)
  const one = { one: sql`1` }
  const own = and(
    ...[eq(deliveries.networkId, network.id), eq(deliveries.messageId, ask.messageId)],
    ...[eq(deliveries.recipientKey, keyOf(ask.contactId)), eq(deliveries.isCompanion, false)],
    gte(deliveries.createdAt, ask.askedAt),
  )
  const taken = await tx
    .update(silenceAsks)
    .set({ outcome: 'erased', endedAt: now })
    .where(
      and(
        stillOpen(ask),
        exists(
          tx
            .select(one)
            .from(contacts)
            .where(and(isSilent(tx, network, now), eq(contacts.id, ask.contactId))),
        ),
        exists(
          tx
            .select(one)
            .from(deliveries)
            .where(and(own, inArray(deliveries.status, [...leftStatuses]), lte(deliveries.sentAt, limit))),
        ),
        notExists(
          tx
            .select(one)
            .from(deliveries)
            .where(and(own, inArray(deliveries.status, [...openStatuses]))),
        ),
      ),
    )
    .returning({ id: silenceAsks.contactId })
  if (taken.length === 0) return 0
  await beginErasure(tx, context, network, ask.contactId, 'relais', {
    reason: 'silence',
    askedOn: ask.askedAt.toISOString().slice(0, 10),
  })
  return 1
}
