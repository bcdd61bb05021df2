import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { addresses, contactAddresses, contacts, type duplicates, sites } from '../../db/schema.ts'

export type DuplicateReason = (typeof duplicates.$inferSelect)['reason']

/** The strongest first: a pair is shown with the best reason there is. */
export const duplicateReasons = [
  'same_mobile',
  'same_mailbox',
  'same_name_same_site',
  'same_name_same_town',
] as const satisfies readonly DuplicateReason[]

export interface Candidate {
  id: string
  siteId: string
  nameKey: string
  givenKey: string
  isActive: boolean
}

export interface Pair {
  contactId: string
  otherId: string
  reason: DuplicateReason
}

/** An address that more people than this have says nothing about who they are: it is the switchboard's. */
const mostBehindAddress = 4
/** A name that more people than this bear is a common one, or a word such as "Direction". */
const mostOfName = 30

/**
 * The pairs whose one half is on this page and whose other half has a larger id, so that a walk through all pages
 * finds each pair once. Looks up by index, never all with all.
 */
export async function findPairs(tx: Tx, networkId: string, page: readonly Candidate[]): Promise<Pair[]> {
  const people = page.filter((contact) => contact.isActive)
  const found = new Map<string, Pair>()
  const add = (a: string, b: string, reason: DuplicateReason) => {
    const [contactId, otherId] = a < b ? [a, b] : [b, a]
    const before = found.get(`${contactId} ${otherId}`)
    if (before && duplicateReasons.indexOf(before.reason) <= duplicateReasons.indexOf(reason)) return
    found.set(`${contactId} ${otherId}`, { contactId, otherId, reason })
  }
  if (people.length === 0) return []
  await byAddress(tx, networkId, people, add)
  await byName(tx, networkId, people, add)
  return [...found.values()]
}

type Add = (a: string, b: string, reason: DuplicateReason) => void

async function byAddress(tx: Tx, networkId: string, people: readonly Candidate[], add: Add): Promise<void> {
  const own = await tx
    .select({ contactId: contactAddresses.contactId, addressId: contactAddresses.addressId, kind: addresses.kind })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        inArray(
          contactAddresses.contactId,
          people.map((contact) => contact.id),
        ),
        inArray(addresses.kind, ['mobile', 'email']),
        eq(addresses.isShared, false),
      ),
    )
  for (const addressIds of pages([...new Set(own.map((row) => row.addressId))])) {
    const theirs = and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.addressId, addressIds))
    const counts = await tx
      .select({ addressId: contactAddresses.addressId, people: count() })
      .from(contactAddresses)
      .where(theirs)
      .groupBy(contactAddresses.addressId)
    const telling = counts.filter((row) => row.people > 1 && row.people <= mostBehindAddress)
    if (telling.length === 0) continue
    const others = await tx
      .select({ id: contacts.id, addressId: contactAddresses.addressId })
      .from(contactAddresses)
      .innerJoin(
        contacts,
        and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
      )
      .where(
        and(
          eq(contactAddresses.networkId, networkId),
          inArray(
            contactAddresses.addressId,
            telling.map((row) => row.addressId),
          ),
          eq(contacts.isActive, true),
          isNull(contacts.erasedAt),
        ),
      )
    const behind = groupBy(others, (other) => other.addressId)
    for (const { contactId, addressId, kind } of own)
      for (const other of behind.get(addressId) ?? [])
        if (other.id > contactId) add(contactId, other.id, kind === 'mobile' ? 'same_mobile' : 'same_mailbox')
  }
}

/** First and last name change places from one file to the next, so either order meets the other. */
async function byName(tx: Tx, networkId: string, people: readonly Candidate[], add: Add): Promise<void> {
  const keys = [...new Set(people.flatMap(({ nameKey, givenKey }) => [nameKey, givenKey]))].filter((key) => key !== '')
  const towns = new Map<string, string>()
  for (const wanted of pages(keys)) {
    const ofName = and(
      eq(contacts.networkId, networkId),
      inArray(contacts.nameKey, wanted),
      eq(contacts.isActive, true),
      isNull(contacts.erasedAt),
    )
    const counts = await tx
      .select({ nameKey: contacts.nameKey, people: count() })
      .from(contacts)
      .where(ofName)
      .groupBy(contacts.nameKey)
    const telling = counts.filter((row) => row.people <= mostOfName).map((row) => row.nameKey)
    if (telling.length === 0) continue
    const others = await tx
      .select({ id: contacts.id, nameKey: contacts.nameKey, siteId: contacts.siteId, cityKey: sites.cityKey })
      .from(contacts)
      .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
      .where(and(ofName, inArray(contacts.nameKey, telling)))
    for (const other of others) towns.set(other.siteId, other.cityKey)
    const bearers = groupBy(others, (other) => other.nameKey)
    await townsOf(tx, networkId, people, towns)
    for (const person of people)
      for (const key of new Set([person.nameKey, person.givenKey])) {
        const isFullName = key.includes(' ')
        for (const other of bearers.get(key) ?? []) {
          if (other.id <= person.id) continue
          if (other.siteId === person.siteId) add(person.id, other.id, 'same_name_same_site')
          else if (isFullName && other.cityKey !== '' && other.cityKey === towns.get(person.siteId))
            add(person.id, other.id, 'same_name_same_town')
        }
      }
  }
}

async function townsOf(
  tx: Tx,
  networkId: string,
  people: readonly Candidate[],
  towns: Map<string, string>,
): Promise<void> {
  const missing = [...new Set(people.map((person) => person.siteId))].filter((id) => !towns.has(id))
  for (const ids of pages(missing)) {
    const rows = await tx
      .select({ id: sites.id, cityKey: sites.cityKey })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), inArray(sites.id, ids)))
    for (const row of rows) towns.set(row.id, row.cityKey)
  }
}

function* pages<T>(list: readonly T[]): Generator<T[]> {
  for (let start = 0; start < list.length; start += 500) yield list.slice(start, start + 500)
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of list) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
