import { and, asc, eq, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { InboundEvent } from '../channel.ts'
import type { WallClock } from '../clock.ts'
import { businessNow } from '../clock.ts'
import { type Db, newId, oneOf, prepared, type Tx } from '../db/index.ts'
import { inboundEvents, networks } from '../db/schema.ts'
import { applyMail } from '../mail-in/apply-mail.ts'
import { applyFromPhone, applyToDeliveries, applyToMessages, type Received, type TimesIn } from './inbound.ts'
import { readStoredEvent, type StoredEvent, shortKey, storable, whenAsked } from './stored-event.ts'

type Row = typeof inboundEvents.$inferSelect
export type Network = typeof networks.$inferSelect

/** Each writes up to three rows, and a transaction is to hold at most 500. */
const eventsPerTransaction = 160
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
/** What came in by mail. */
export const mailSource = 'mail'
const clickHoldMs = 120 * second

/**
 * What a provider answered when we asked, apart from what it called to tell: only a call shows that its webhooks reach
 * us. Either way the same event is applied once.
 */
export const askedOf = (provider: string): string => `${provider}${whenAsked}`

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
    events.map((event) => {
      const body = storable({ ...event, dedupeKey: shortKey(event.dedupeKey) })
      return {
        id: newId(),
        source,
        dedupeKey: body.dedupeKey,
        networkId: body.networkId ?? null,
        body,
        receivedAt,
      }
    }),
    'ignore',
  )
}

const ageLimits = retryAges.map((_, tries) => `at${tries}`)
const isOld = (name: string) =>
  lte(inboundEvents.receivedAt, sql.param(sql.placeholder(name), inboundEvents.receivedAt))

const pendingEvents = prepared((tx) =>
  tx
    .select({ id: inboundEvents.id })
    .from(inboundEvents)
    .where(
      and(
        isNull(inboundEvents.appliedAt),
        or(...ageLimits.map((name, tries) => and(eq(inboundEvents.attempts, tries), isOld(name)))),
        or(ne(inboundEvents.source, clickSource), isOld('clickedAt')),
      ),
    )
    .orderBy(asc(inboundEvents.receivedAt), asc(inboundEvents.id))
    .limit(sql.placeholder('limit')),
)

/**
 * Applies what has been received, oldest first, at most `limit` events, in transactions of at most 160. One that
 * cannot be applied holds up no other: it is left with its error and tried again, as is one whose delivery is not
 * known yet, since a callback can be faster than our own commit; both are given up after seven days. Returns how
 * many were applied.
 */
export async function applyPending(db: Db, wall: WallClock, { limit = 500 }: { limit?: number } = {}): Promise<number> {
  const now = wall.now()
  const before = (ageMs: number) => new Date(now.getTime() - ageMs)
  const pending = await pendingEvents(db, {
    ...Object.fromEntries(retryAges.map((age, tries) => [ageLimits[tries], before(age)])),
    clickedAt: before(clickHoldMs),
    limit,
  })
  let applied = 0
  for (let start = 0; start < pending.length; start += eventsPerTransaction) {
    const ids = pending.slice(start, start + eventsPerTransaction).map((row) => row.id)
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
      await db.transaction(async (tx) => {
        const claimed = await claim(tx, ids, now)
        await putBack(
          tx,
          claimed.map((row) => ({ row, error: messageOf(error) })),
          now,
        )
      })
      return 0
    }
  }
  let applied = 0
  for (const id of ids) applied += await applyTogether(db, [id], now)
  return applied
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500)

/** Claimed by the mark itself: of two workers on the same rows, the second gets none. */
const claim = (tx: Tx, ids: readonly string[], now: Date): Promise<Row[]> => marked(tx, { ids, now })

const marked = prepared((tx) =>
  tx
    .update(inboundEvents)
    .set({ appliedAt: sql`${sql.param(sql.placeholder('now'), inboundEvents.appliedAt)}`, error: null })
    .where(and(oneOf(inboundEvents.id, sql.placeholder('ids')), isNull(inboundEvents.appliedAt)))
    .returning(),
)

async function applyRows(tx: Tx, ids: readonly string[], now: Date): Promise<number> {
  const claimed = await claim(tx, ids, now)
  const order = new Map(ids.map((id, index) => [id, index]))
  claimed.sort((a, b) => order.get(a.id)! - order.get(b.id)!)
  const left: Left[] = []
  const toDeliveries: Claimed[] = []
  const toMessages: Claimed[] = []
  const fromPhones: Claimed[] = []
  const mails: Claimed[] = []
  for (const row of claimed) {
    try {
      const event = readStoredEvent(row.body)
      const one = { event, source: row.source, inboundEventId: row.id, receivedAt: row.receivedAt, row }
      if (row.source === mailSource) mails.push(one)
      else if (!event.deliveryId && event.messageId) toMessages.push(one)
      else if (!event.deliveryId && isTexted(event)) fromPhones.push(one)
      else toDeliveries.push(one)
    } catch (error) {
      left.push({ row, error: messageOf(error) })
    }
  }
  const timesIn = timesOf(tx, now)
  const found = new Map<Claimed, string | undefined>()
  const note = (some: readonly Claimed[], networkIds: readonly (string | undefined)[]) => {
    for (const [index, one] of some.entries()) found.set(one, networkIds[index])
  }
  note(toDeliveries, await applyToDeliveries(tx, toDeliveries, timesIn))
  note(toMessages, await applyToMessages(tx, toMessages, timesIn))
  for (const one of mails) note([one], [await applyMail(tx, one, timesIn)])
  for (const one of fromPhones) note([one], [await applyFromPhone(tx, one, timesIn)])
  const resolved: { id: string; networkId: string }[] = []
  for (const [{ row }, networkId] of found) {
    if (networkId === undefined)
      left.push({ row, error: 'No delivery, attempt or address matches it.', isOrphan: true })
    else if (networkId !== row.networkId) resolved.push({ id: row.id, networkId })
  }
  await tx.updateRows(inboundEvents, { set: ['networkId'], where: ['id'] }, resolved)
  await putBack(tx, left, now)
  return claimed.length - left.length
}

type Claimed = Received & { row: Row }

const isTexted = ({ type, data }: StoredEvent) => (type === 'reply' || type === 'stop') && typeof data.from === 'string'

/** Nothing is heard of before it happens: a provider whose clock runs ahead, or counts in milliseconds, is put right. */
const notAfter = (at: Date, now: Date) => (at > now ? now : at)

function timesOf(tx: Tx, now: Date): TimesIn {
  const known = new Map<string, Network | undefined>()
  return async ({ event, receivedAt }, networkId) => {
    if (!known.has(networkId)) known.set(networkId, await networkById(tx, networkId))
    const network = known.get(networkId)
    if (!network) return undefined
    const recordedAt = businessNow(now, network)
    return { occurredAt: notAfter(event.occurredAt ?? businessNow(receivedAt, network), recordedAt), recordedAt }
  }
}

async function networkById(tx: Tx, id: string): Promise<Network | undefined> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, id))
  return network
}

interface Left {
  row: Row
  error: string
  /** Nothing of ours is meant: after its wait it is dropped, not kept. */
  isOrphan?: boolean
}

/**
 * Back among the pending, to be tried again at a later age. After the last, what could not be read or applied stays as it
 * is with its error, and what matched nothing is dropped: it may hold somebody's number or words.
 */
async function putBack(tx: Tx, left: readonly Left[], now: Date): Promise<void> {
  const judged = left.map(({ row, error, isOrphan }) => {
    const age = now.getTime() - row.receivedAt.getTime()
    const next = Math.max(
      row.attempts + 1,
      retryAges.findIndex((later) => later > age),
    )
    const isOver = next >= retryAges.length || age >= retryAges.at(-1)!
    return {
      id: row.id,
      attempts: next,
      appliedAt: isOver ? now : null,
      error: isOver ? `Given up: ${error}` : error,
      isDropped: isOver && isOrphan === true,
    }
  })
  const dropped = judged.flatMap(({ id, isDropped }) => (isDropped ? [id] : []))
  if (dropped.length > 0) await tx.delete(inboundEvents).where(inArray(inboundEvents.id, dropped))
  await tx.updateRows(
    inboundEvents,
    { set: ['attempts', 'appliedAt', 'error'], where: ['id'] },
    judged.filter(({ isDropped }) => !isDropped),
  )
}
