import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { eachOf, oneOf, prepared, type Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts, segmentChecks, sites } from '../db/schema.ts'

/** Before every clock there is: what has happened is looked at whatever time a network thinks it is. */
const atOnce = new Date(0)
const perStatement = 500

const soon = prepared((tx) =>
  tx
    .insert(segmentChecks)
    .select(
      sql`select ${sql.placeholder('networkId')}, each_of.value, ${sql.param(atOnce, segmentChecks.dueAt)} from ${eachOf(sql.placeholder('ids'))} where true`,
    )
    .onConflictDoUpdate({
      target: [segmentChecks.networkId, segmentChecks.contactId],
      set: { dueAt: atOnce },
      setWhere: gt(segmentChecks.dueAt, atOnce),
    })
    .returning({ id: segmentChecks.contactId }),
)

/**
 * Has the memberships of these contacts worked out anew by the worker, soon. Called in the transaction of whatever
 * happened to them: one row each, so that what an event costs does not grow with the network.
 */
export async function checkSoon(tx: Tx, networkId: string, contactIds: Iterable<string>): Promise<void> {
  // In order, so that two transactions never wait for one another's rows.
  const ids = [...new Set(contactIds)].sort()
  for (let start = 0; start < ids.length; start += perStatement)
    await soon(tx, { networkId, ids: ids.slice(start, start + perStatement) })
}

/** As `checkSoon`, of everyone at these sites. */
export async function checkSites(tx: Tx, networkId: string, siteIds: readonly string[]): Promise<void> {
  if (siteIds.length === 0) return
  const people = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.siteId, [...siteIds])))
  await checkSoon(
    tx,
    networkId,
    people.map((row) => row.id),
  )
}

/** As `checkSoon`, of everyone whom this address reaches: theirs, or that of their site. */
export async function checkAddress(tx: Tx, networkId: string, of: { id: string } | { hash: string }): Promise<void> {
  const isIt = 'id' in of ? eq(addresses.id, of.id) : eq(addresses.hash, of.hash)
  const theirs = await tx
    .select({ id: contactAddresses.contactId })
    .from(addresses)
    .innerJoin(
      contactAddresses,
      and(eq(contactAddresses.networkId, addresses.networkId), eq(contactAddresses.addressId, addresses.id)),
    )
    .where(and(eq(addresses.networkId, networkId), isIt))
  await checkSoon(
    tx,
    networkId,
    theirs.map((row) => row.id),
  )
  const letterboxes = await tx
    .select({ id: sites.id })
    .from(addresses)
    .innerJoin(sites, and(eq(sites.networkId, addresses.networkId), eq(sites.postalAddressId, addresses.id)))
    .where(and(eq(addresses.networkId, networkId), eq(sql`${addresses.kind}`, 'postal'), isIt))
  await checkSites(
    tx,
    networkId,
    letterboxes.map((row) => row.id),
  )
}

/** Whose memberships are to be looked at by `now` (business time), longest due first. */
export async function dueChecks(tx: Tx, networkId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .select({ id: segmentChecks.contactId })
    .from(segmentChecks)
    .where(and(eq(segmentChecks.networkId, networkId), lte(segmentChecks.dueAt, now)))
    .orderBy(asc(segmentChecks.dueAt), asc(segmentChecks.contactId))
    .limit(limit)
  return rows.map((row) => row.id)
}

/** Writes to the checks of these contacts before they are read, and returns who has one. */
export async function holdChecks(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .update(segmentChecks)
    .set({ dueAt: sql`${segmentChecks.dueAt}` })
    .where(and(eq(segmentChecks.networkId, networkId), oneOf(segmentChecks.contactId, [...contactIds])))
    .returning({ id: segmentChecks.contactId })
  return new Set(rows.map((row) => row.id))
}

/** Writes down when contacts are to be looked at next; one that was not held before may only come earlier. */
export async function setChecks(
  tx: Tx,
  networkId: string,
  held: ReadonlySet<string>,
  next: readonly { contactId: string; at?: Date }[],
): Promise<void> {
  if (held.size > 0)
    await tx
      .delete(segmentChecks)
      .where(and(eq(segmentChecks.networkId, networkId), oneOf(segmentChecks.contactId, [...held])))
  const rows = next.flatMap(({ contactId, at }) => (at ? [{ networkId, contactId, dueAt: at }] : []))
  // Whoever is there by now was put in since by something that happened, and is due at once.
  await tx.insertRows(segmentChecks, rows, 'ignore')
}
