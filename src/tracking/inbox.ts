import { and, asc, eq, inArray, isNull, lte, ne, or } from 'drizzle-orm'
import type { InboundEvent } from '../channel.ts'
import type { WallClock } from '../clock.ts'
import { businessNow } from '../clock.ts'
import { type Db, newId, type Tx } from '../db/index.ts'
import { inboundEvents, networks } from '../db/schema.ts'
import { type Judging, judging } from './clicks.ts'
import { applyFromPhone, applyToDelivery, applyToMessage } from './inbound.ts'
import { readStoredEvent, type StoredEvent } from './stored-event.ts'

type Row = typeof inboundEvents.$inferSelect
export type Network = typeof networks.$inferSelect

const rowsPerTransaction = 100
const second = 1_000
const hour = 3_600 * second
const day = 24 * hour
/** What matches nothing yet is tried again at these ages; the last is the end of its wait. */
const retryAges = [
  0,
  5 * second,
  30 * second,
  120 * second,
  600 * second,
  hour,
  6 * hour,
  day,
  2 * day,
  4 * day,
  7 * day,
]
/** Clicks on our own links wait, so that a scanner's burst shows itself before any of it counts. */
export const clickSource = 'click'
const clickHoldMs = 120 * second

/**
 * Stores what a provider said, raw and once; a repetition is left out. Whoever called may be answered after this:
 * it is applied later, and again after a crash. `receivedAt` is wall time. Returns how many were new.
 */
export async function receive(
  db: Db | Tx,
  source: string,
  events: readonly (InboundEvent | StoredEvent)[],
  receivedAt: Date,
): Promise<number> {
  if (events.length === 0) return 0
  return db.insertRows(
    inboundEvents,
    events.map((event) => ({
      id: newId(),
      source,
      dedupeKey: event.dedupeKey,
      networkId: event.networkId ?? null,
      body: event,
      receivedAt,
    })),
    'ignore',
  )
}

/**
 * Applies what has been received, oldest first, at most `limit` events, in transactions of at most 100. One that
 * cannot be applied holds up no other: it is left with its error and tried again, as is one whose delivery is not
 * known yet, since a callback can be faster than our own commit; both are given up after seven days. Returns how
 * many were applied.
 */
export async function applyPending(db: Db, wall: WallClock, { limit = 500 }: { limit?: number } = {}): Promise<number> {
  const now = wall.now()
  const due = or(
    ...retryAges.map((age, tries) =>
      and(eq(inboundEvents.attempts, tries), lte(inboundEvents.receivedAt, new Date(now.getTime() - age))),
    ),
  )
  const isHeld = or(
    ne(inboundEvents.source, clickSource),
    lte(inboundEvents.receivedAt, new Date(now.getTime() - clickHoldMs)),
  )
  const pending = await db
    .select({ id: inboundEvents.id })
    .from(inboundEvents)
    .where(and(isNull(inboundEvents.appliedAt), due, isHeld))
    .orderBy(asc(inboundEvents.receivedAt), asc(inboundEvents.id))
    .limit(limit)
  let applied = 0
  for (let start = 0; start < pending.length; start += rowsPerTransaction) {
    const ids = pending.slice(start, start + rowsPerTransaction).map((row) => row.id)
    applied += await applyTogether(db, ids, now)
  }
  return applied
}

/** All in one transaction; should one fail, each in its own, and the failing one is left with its error. */
async function applyTogether(db: Db, ids: readonly string[], now: Date): Promise<number> {
  try {
    return await db.transaction((tx) => applyRows(tx, ids, now))
  } catch (error) {
    if (ids.length === 1) {
      await db.transaction((tx) => putBack(tx, ids[0]!, now, messageOf(error)))
      return 0
    }
  }
  let applied = 0
  for (const id of ids) applied += await applyTogether(db, [id], now)
  return applied
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)

async function applyRows(tx: Tx, ids: readonly string[], now: Date): Promise<number> {
  // Claimed by the mark itself: of two workers on the same rows, the second gets none.
  const claimed = await tx
    .update(inboundEvents)
    .set({ appliedAt: now, error: null })
    .where(and(inArray(inboundEvents.id, [...ids]), isNull(inboundEvents.appliedAt)))
    .returning()
  const known = new Map<string, Network>()
  const clicks = judging()
  let applied = 0
  for (const row of claimed.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))) {
    const networkId = await applyRow(tx, row, { known, now, clicks })
    if (networkId === undefined) await putBack(tx, row.id, now, 'No delivery, attempt or address matches it.')
    else {
      applied++
      if (networkId !== row.networkId)
        await tx.update(inboundEvents).set({ networkId }).where(eq(inboundEvents.id, row.id))
    }
  }
  await clicks.finish(tx)
  return applied
}

interface Round {
  known: Map<string, Network>
  /** Wall time. */
  now: Date
  clicks: Judging
}

/** Applies one event. Returns its network, or undefined when nothing is known that it could be about. */
async function applyRow(tx: Tx, row: Row, { known, now, clicks }: Round): Promise<string | undefined> {
  const event = readStoredEvent(row.body)
  const received = { event, source: row.source, inboundEventId: row.id, judging: clicks }
  const timesIn = async (networkId: string) => {
    const network = known.get(networkId) ?? (await networkById(tx, networkId))
    if (!network) return undefined
    known.set(networkId, network)
    return {
      occurredAt: event.occurredAt ?? businessNow(row.receivedAt, network),
      recordedAt: businessNow(now, network),
    }
  }
  if (!event.deliveryId && event.messageId) return applyToMessage(tx, received, timesIn)
  const isTexted = (event.type === 'reply' || event.type === 'stop') && typeof event.data.from === 'string'
  if (isTexted && !event.deliveryId) return applyFromPhone(tx, received, timesIn)
  return applyToDelivery(tx, received, timesIn)
}

async function networkById(tx: Tx, id: string): Promise<Network | undefined> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, id))
  return network
}

/** Back among the pending, to be tried again at a later age; after the last it stays as it is, with its error. */
async function putBack(tx: Tx, id: string, now: Date, error: string): Promise<void> {
  const [row] = await tx.select().from(inboundEvents).where(eq(inboundEvents.id, id))
  if (!row) return
  const age = now.getTime() - row.receivedAt.getTime()
  const next = Math.max(
    row.attempts + 1,
    retryAges.findIndex((later) => later > age),
  )
  const isOver = next >= retryAges.length || age >= retryAges.at(-1)!
  await tx
    .update(inboundEvents)
    .set({ attempts: next, appliedAt: isOver ? now : null, error: isOver ? `Given up: ${error}` : error })
    .where(eq(inboundEvents.id, id))
}
