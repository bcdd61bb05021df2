import { and, count, desc, eq, exists, inArray, isNotNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../accounts/policy.ts'
import { contactsWithin, sitesWithin } from '../accounts/scope.ts'
import type { Db, Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts, deliveries, messages, sites } from '../db/schema.ts'
import type { AddressStatus } from '../words.ts'
import { type Key, type Stream, type Walked, walk } from './list/walk.ts'

/** bounced: refused mail · dead: a number out of service · returned: letters that came back · invalid: never was one · shared: a team's mailbox used as a person's. */
export const troubles = ['bounced', 'dead', 'returned', 'invalid', 'shared'] as const
export type Trouble = (typeof troubles)[number]

const statusOf: Record<Exclude<Trouble, 'shared'>, AddressStatus> = {
  bounced: 'bounced',
  dead: 'dead',
  returned: 'quarantined',
  invalid: 'invalid',
}
const troubleOf = (status: AddressStatus): Trouble | undefined =>
  troubles.find((trouble) => trouble !== 'shared' && statusOf[trouble] === status)

type AddressRow = typeof addresses.$inferSelect

export interface Holder {
  kind: 'contact' | 'site'
  id: string
  /** Empty for a contact without a name. */
  name: string
  siteId: string
  siteName: string
}

export interface TroubledAddress {
  address: AddressRow
  trouble: Trouble
  /** The first few who have it. */
  holders: Holder[]
  hasMoreHolders: boolean
  /** The last delivery that went there and did not arrive, else the last of all. */
  delivery?: { id: string; step: string; at: Date }
}

const pageSize = 25
const budget = 1_000
const shownHolders = 3

/** The parts of the condition are those of the partial index, so that both databases see that it serves. */
const isTroubled = sql`${addresses.status} <> 'valid'`
const isSharedMailbox = sql`${addresses.isShared} and ${addresses.kind} = 'email'`

const placed = { id: addresses.id, updatedAt: addresses.updatedAt }
type Placeable = Pick<AddressRow, keyof typeof placed>

/** Newest first within a status: what the index of troubled addresses holds. */
function byStatus(db: Db | Tx, networkId: string, status: AddressStatus): Stream<Placeable> {
  return {
    read: async (after, limit) => {
      const at = after && sql.param(new Date(Number(after[0])), addresses.updatedAt)
      const rows = await db
        .select(placed)
        .from(addresses)
        .where(
          and(
            eq(addresses.networkId, networkId),
            isTroubled,
            eq(addresses.status, status),
            after && sql`(${addresses.updatedAt}, ${addresses.id}) < (${at}, ${after[1]})`,
          ),
        )
        .orderBy(desc(addresses.updatedAt), desc(addresses.id))
        .limit(limit)
      const keyOf = (row: Placeable): Key => [String(row.updatedAt.getTime()), row.id]
      return { rows: rows.map((row) => ({ key: keyOf(row), row })), isEnd: rows.length < limit }
    },
  }
}

function sharedMailboxes(db: Db | Tx, networkId: string): Stream<Placeable> {
  return {
    read: async (after, limit) => {
      const rows = await db
        .select(placed)
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), isSharedMailbox, after && lt(addresses.id, after[0] ?? '')))
        .orderBy(desc(addresses.id))
        .limit(limit)
      return { rows: rows.map((row) => ({ key: [row.id], row })), isEnd: rows.length < limit }
    },
  }
}

/**
 * One page of the addresses somebody should look at, of people and sites in the scope. Costs the same however many
 * there are, see `walk`. Throws CursorProblem for a cursor made elsewhere.
 */
export async function listTroubled(
  db: Db,
  networkId: string,
  scope: Scope,
  { trouble, cursor }: { trouble?: Trouble; cursor?: string },
): Promise<Omit<Walked<unknown>, 'rows'> & { rows: TroubledAddress[] }> {
  const statuses = (Object.keys(statusOf) as Exclude<Trouble, 'shared'>[])
    .filter((one) => trouble === undefined || one === trouble)
    .map((one) => byStatus(db, networkId, statusOf[one]))
  const streams = trouble === 'shared' ? [sharedMailboxes(db, networkId)] : statuses
  const page = await walk(streams, { cursor, pageSize, budget }, async (rows) => {
    const held = await heldAmong(db, networkId, scope, rows, trouble === 'shared')
    return new Set(rows.filter((row) => held.has(row.id)))
  })
  return { ...page, rows: await withContext(db, networkId, scope, await wholeRows(db, networkId, page.rows)) }
}

/** The addresses themselves, in the order given. */
async function wholeRows(db: Db | Tx, networkId: string, rows: readonly Placeable[]): Promise<AddressRow[]> {
  if (rows.length === 0) return []
  const found = await db
    .select()
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, networkId),
        inArray(
          addresses.id,
          rows.map((row) => row.id),
        ),
      ),
    )
  const byId = new Map(found.map((row) => [row.id, row]))
  return rows.flatMap((row) => byId.get(row.id) ?? [])
}

/** What was replaced stays behind the new address and troubles nobody. */
const isUsed = eq(contactAddresses.rank, 0)

/** Which of the addresses somebody in the scope uses; of shared mailboxes, which a person does. */
async function heldAmong(
  db: Db | Tx,
  networkId: string,
  scope: Scope,
  rows: readonly Placeable[],
  asPersonal: boolean,
): Promise<ReadonlySet<string>> {
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return new Set()
  const linked = await db
    .selectDistinct({ id: contactAddresses.addressId })
    .from(contactAddresses)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
    )
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        inArray(contactAddresses.addressId, ids),
        isUsed,
        contactsWithin(db, scope),
      ),
    )
  const held = new Set(linked.map((row) => row.id))
  if (asPersonal) return held
  for (const one of await sitesWith(db, networkId, scope, ids)) held.add(one.addressId)
  return held
}

async function sitesWith(db: Db | Tx, networkId: string, scope: Scope, ids: string[]) {
  const found: { addressId: string; id: string; name: string }[] = []
  for (const column of [sites.mailboxAddressId, sites.postalAddressId]) {
    const rows = await db
      .select({ addressId: column, id: sites.id, name: sites.name })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), inArray(column, ids), isNotNull(column), sitesWithin(scope)))
      .limit(mostHolders)
    for (const { addressId, ...row } of rows) if (addressId) found.push({ addressId, ...row })
  }
  return found
}

const mostHolders = 400

async function holdersOf(db: Db | Tx, networkId: string, scope: Scope, ids: string[]): Promise<Map<string, Holder[]>> {
  const people = await db
    .select({
      addressId: contactAddresses.addressId,
      id: contacts.id,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      siteId: sites.id,
      siteName: sites.name,
    })
    .from(contactAddresses)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
    )
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        inArray(contactAddresses.addressId, ids),
        isUsed,
        contactsWithin(db, scope),
      ),
    )
    .limit(mostHolders)
  const holders = new Map<string, Holder[]>()
  const add = (addressId: string, holder: Holder) => holders.set(addressId, [...(holders.get(addressId) ?? []), holder])
  for (const { addressId, id, firstName, lastName, ...site } of people)
    add(addressId, { kind: 'contact', id, name: [firstName, lastName].filter(Boolean).join(' '), ...site })
  for (const { addressId, id, name } of await sitesWith(db, networkId, scope, ids))
    add(addressId, { kind: 'site', id, name, siteId: id, siteName: name })
  return holders
}

async function withContext(
  db: Db | Tx,
  networkId: string,
  scope: Scope,
  rows: readonly AddressRow[],
): Promise<TroubledAddress[]> {
  if (rows.length === 0) return []
  const holders = await holdersOf(
    db,
    networkId,
    scope,
    rows.map((row) => row.id),
  )
  const deliveriesTo = await lastDeliveries(db, networkId, rows, [...holders.values()].flat())
  return rows.map((address) => {
    const own = holders.get(address.id) ?? []
    return {
      address,
      trouble: troubleOf(address.status) ?? 'shared',
      holders: own.slice(0, shownHolders),
      hasMoreHolders: own.length > shownHolders,
      delivery: deliveriesTo.get(address.id),
    }
  })
}

const missed: readonly string[] = ['failed', 'returned', 'suppressed']
const mostDeliveries = 2_000

async function lastDeliveries(db: Db | Tx, networkId: string, rows: readonly AddressRow[], holders: Holder[]) {
  const keys = [...new Set(holders.flatMap((one) => [`${one.kind}:${one.id}`, `site:${one.siteId}`]))]
  const last = new Map<string, { id: string; step: string; at: Date; isMissed: boolean }>()
  if (keys.length === 0) return last
  const found = await db
    .select({
      addressId: deliveries.addressId,
      id: deliveries.id,
      status: deliveries.status,
      sentAt: deliveries.sentAt,
      dueAt: deliveries.dueAt,
      messageId: deliveries.messageId,
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.recipientKey, keys),
        inArray(
          deliveries.addressId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .limit(mostDeliveries)
  // Sorted here: asked to, SQLite would go through the whole outbox from its end.
  found.sort((a, b) => (a.id < b.id ? 1 : -1))
  const stepOf = await stepsOf(db, networkId, [...new Set(found.map((row) => row.messageId))])
  for (const { addressId, id, status, sentAt, dueAt, messageId } of found) {
    const step = stepOf.get(messageId) ?? ''
    const isMissed = missed.includes(status)
    const known = addressId && last.get(addressId)
    if (addressId && (!known || (isMissed && !known.isMissed)))
      last.set(addressId, { id, step, at: sentAt ?? dueAt, isMissed })
  }
  return last
}

async function stepsOf(db: Db | Tx, networkId: string, messageIds: string[]): Promise<Map<string, string>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .select({ id: messages.id, step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), inArray(messages.id, messageIds)))
  return new Map(rows.map((row) => [row.id, row.step]))
}

/** One address with its trouble, or undefined when nobody in the scope has it or it is in order. */
export async function findTroubled(
  db: Db,
  networkId: string,
  scope: Scope,
  addressId: string,
): Promise<TroubledAddress | undefined> {
  const rows = await db
    .select()
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, networkId),
        eq(addresses.id, addressId),
        isNotNull(addresses.normalised),
        or(ne(addresses.status, 'valid'), isSharedMailbox),
      ),
    )
  const [found] = await withContext(db, networkId, scope, rows)
  return found && found.holders.length > 0 ? found : undefined
}

/** Counted no further than this: “99+” says enough. */
export const mostTroubles = 99

/** How many addresses somebody has are in each trouble; shared mailboxes are not counted. */
export async function countTroubled(db: Db, networkId: string): Promise<Record<Exclude<Trouble, 'shared'>, number>> {
  const counts = { bounced: 0, dead: 0, returned: 0, invalid: 0 }
  for (const trouble of Object.keys(counts) as (keyof typeof counts)[]) {
    const some = db
      .select({ id: addresses.id })
      .from(addresses)
      .where(
        and(
          eq(addresses.networkId, networkId),
          isTroubled,
          eq(addresses.status, statusOf[trouble]),
          isNotNull(addresses.normalised),
          isHeld(db),
        ),
      )
      .limit(mostTroubles + 1)
      .as('some')
    const [row] = await db.select({ count: count() }).from(some)
    counts[trouble] = row?.count ?? 0
  }
  return counts
}

const isHeld = (db: Db): SQL | undefined =>
  or(
    exists(
      db
        .select({ one: sql`1` })
        .from(contactAddresses)
        .where(and(eq(contactAddresses.networkId, addresses.networkId), eq(contactAddresses.addressId, addresses.id))),
    ),
    ...[sites.mailboxAddressId, sites.postalAddressId].map((column) =>
      exists(
        db
          .select({ one: sql`1` })
          .from(sites)
          .where(and(eq(sites.networkId, addresses.networkId), eq(column, addresses.id))),
      ),
    ),
  )
