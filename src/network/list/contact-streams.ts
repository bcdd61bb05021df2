import { and, asc, eq, gt, gte, inArray, lt, or, type SQL } from 'drizzle-orm'
import type { Db, Tx } from '../../db/index.ts'
import { addresses, contactAddresses, contacts, sites } from '../../db/schema.ts'
import { fold } from '../folding.ts'
import { phonePrefixes } from '../phone-prefixes.ts'
import { beginsWith } from '../search-keys.ts'
import { afterKey, inOrder } from './keyset.ts'
import type { Direction, Key, Placed, Stream } from './walk.ts'

/** As much of a contact as filters ask for. */
export const candidateColumns = {
  id: contacts.id,
  siteId: contacts.siteId,
  nameKey: contacts.nameKey,
  givenKey: contacts.givenKey,
  profile: contacts.profile,
  isActive: contacts.isActive,
  erasedAt: contacts.erasedAt,
}
export type Candidate = Pick<typeof contacts.$inferSelect, keyof typeof candidateColumns>

/** By last name; `only` must be something the same index holds, or that holds for most. */
export function byName(db: Db | Tx, networkId: string, direction: Direction, only?: SQL): Stream<Candidate> {
  return keyed(db, networkId, [contacts.nameKey, contacts.id], (row) => [row.nameKey, row.id], direction, only)
}

function keyed(
  db: Db | Tx,
  networkId: string,
  columns: (typeof contacts.nameKey | typeof contacts.id)[],
  keyOf: (row: Candidate) => Key,
  direction: Direction,
  only?: SQL,
): Stream<Candidate> {
  return {
    read: async (after, limit) => {
      const rows = await db
        .select(candidateColumns)
        .from(contacts)
        .where(and(eq(contacts.networkId, networkId), only, afterKey(columns, after, direction)))
        .orderBy(...inOrder(columns, direction))
        .limit(limit)
      return { rows: rows.map((row) => ({ key: keyOf(row), row })), isEnd: rows.length < limit }
    },
  }
}

const sitesAtOnce = 40
const contactsOfSites = 500
/** Beyond every name and id, and before them. */
const farthest: Record<Direction, [string, string]> = { up: ['\u{10FFFF}', ''], down: ['', ''] }

/** By the name of the site, then by last name: site after site, since no index spans both tables. */
export function bySite(db: Db | Tx, networkId: string, direction: Direction): Stream<Candidate> {
  const ofSite = async (site: { nameKey: string; id: string }, after: Key | undefined, limit: number) => {
    const columns = [contacts.nameKey, contacts.id]
    const rows = await db
      .select(candidateColumns)
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), eq(contacts.siteId, site.id), afterKey(columns, after, direction)))
      .orderBy(...inOrder(columns, direction))
      .limit(limit)
    return rows.map((row): Placed<Candidate> => ({ key: [site.nameKey, site.id, row.nameKey, row.id], row }))
  }
  const sitesAfter = (after: Key | undefined) => {
    const columns = [sites.nameKey, sites.id]
    return db
      .select({ nameKey: sites.nameKey, id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), afterKey(columns, after, direction)))
      .orderBy(...inOrder(columns, direction))
      .limit(sitesAtOnce)
  }
  const sign = direction === 'up' ? 1 : -1
  return {
    read: async (after, limit) => {
      if (after) {
        const [nameKey = '', id = '', ...person] = after
        const rest = await ofSite({ nameKey, id }, person, limit)
        if (rest.length >= limit) return { rows: rest, isEnd: false }
        if (rest.length > 0) return { rows: rest, reached: [nameKey, id, ...farthest[direction]], isEnd: false }
      }
      const next = await sitesAfter(after)
      const isEnd = next.length < sitesAtOnce
      const last = next.at(-1)
      if (!last) return { rows: [], isEnd: true }
      const people = await db
        .select(candidateColumns)
        .from(contacts)
        .where(
          and(
            eq(contacts.networkId, networkId),
            inArray(
              contacts.siteId,
              next.map((site) => site.id),
            ),
          ),
        )
        .limit(contactsOfSites + 1)
      if (people.length > contactsOfSites) {
        const [first] = next
        const rows = await ofSite(first!, undefined, limit)
        if (rows.length >= limit) return { rows, isEnd: false }
        return { rows, reached: [first!.nameKey, first!.id, ...farthest[direction]], isEnd: false }
      }
      const place = new Map(next.map((site, at) => [site.id, { at, nameKey: site.nameKey }]))
      people.sort(
        (a, b) =>
          place.get(a.siteId)!.at - place.get(b.siteId)!.at ||
          sign * compare(a.nameKey, b.nameKey) ||
          sign * compare(a.id, b.id),
      )
      return {
        rows: people.map((row) => ({ key: [place.get(row.siteId)!.nameKey, row.siteId, row.nameKey, row.id], row })),
        reached: [last.nameKey, last.id, ...farthest[direction]],
        isEnd,
      }
    },
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Whoever is meant by what was typed: last names that begin so, then first names, then e-mail addresses and phone
 * numbers in any spelling. Nobody comes twice.
 */
export function byText(db: Db | Tx, networkId: string, typed: string, home: string): Stream<Candidate>[] {
  const phones = phonePrefixes(typed, home)
  const mailbox = typed.trim().toLowerCase()
  const isMailbox = mailbox.includes('@')
  const folded = fold(typed)
  const isName = phones.length === 0 && !isMailbox && folded !== ''
  const streams: Stream<Candidate>[] = []
  if (isName) {
    streams.push(byName(db, networkId, 'up', beginsWith(contacts.nameKey, folded)))
    streams.push(
      keyed(
        db,
        networkId,
        [contacts.givenKey, contacts.id],
        (row) => [row.givenKey, row.id],
        'up',
        and(
          beginsWith(contacts.givenKey, folded),
          or(lt(contacts.nameKey, folded), gte(contacts.nameKey, `${folded}\u{10FFFF}`)),
        ),
      ),
    )
  }
  const isFoundByName = (row: Candidate) =>
    isName && (row.nameKey.startsWith(folded) || row.givenKey.startsWith(folded))
  const prefixes = phones.length > 0 ? phones : /^\S{3,}$/.test(mailbox) ? [mailbox] : []
  for (const prefix of prefixes) streams.push(byAddress(db, networkId, prefix, prefixes, isFoundByName))
  return streams
}

const addressesAtOnce = 100
/** A mailbox that more people share than this shows only so many of them. */
const mostHolders = 1_000

function byAddress(
  db: Db | Tx,
  networkId: string,
  prefix: string,
  all: readonly string[],
  isFoundAlready: (row: Candidate) => boolean,
): Stream<Candidate> {
  const isMatch = (text: string) => all.some((one) => text.startsWith(one))
  return {
    read: async (after, limit) => {
      const [reachedText, reachedContact = ''] = after ?? []
      const found = await db
        .select({ id: addresses.id, text: addresses.normalised })
        .from(addresses)
        .where(
          and(
            eq(addresses.networkId, networkId),
            beginsWith(addresses.normalised, prefix),
            reachedText === undefined
              ? undefined
              : reachedContact === ''
                ? gt(addresses.normalised, reachedText)
                : gte(addresses.normalised, reachedText),
          ),
        )
        .orderBy(asc(addresses.normalised), asc(addresses.id))
        .limit(addressesAtOnce)
      const isLast = found.length < addressesAtOnce
      // All addresses with the same text are read together, so that none is left behind between two readings.
      const end = isLast ? undefined : found.at(-1)?.text
      const whole = end === undefined || found[0]?.text === end ? found : found.filter((one) => one.text !== end)
      if (whole.length === 0) return { rows: [], isEnd: true }
      const textOf = new Map(whole.map((one) => [one.id, one.text ?? '']))
      const holders = await db
        .select({ ...candidateColumns, addressId: contactAddresses.addressId })
        .from(contactAddresses)
        .innerJoin(
          contacts,
          and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
        )
        .where(and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.addressId, [...textOf.keys()])))
        .limit(mostHolders)
      const firstOf = await firstMatches(db, networkId, [...new Set(holders.map((one) => one.id))], isMatch)
      const rows = holders
        .flatMap(({ addressId, ...row }): Placed<Candidate>[] => {
          const text = textOf.get(addressId)!
          return firstOf.get(row.id) === text && !isFoundAlready(row) ? [{ key: [text, row.id], row }] : []
        })
        .filter(({ key }) => !after || compare(key[0]!, after[0]!) > 0 || (key[0] === after[0] && key[1]! > after[1]!))
        .sort((a, b) => compare(a.key[0]!, b.key[0]!) || compare(a.key[1]!, b.key[1]!))
        .filter(onlyOnce())
      const rest = rows.slice(0, limit)
      if (rows.length > limit) return { rows: rest, isEnd: false }
      return { rows: rest, reached: [whole.at(-1)!.text ?? '', ''], isEnd: isLast }
    },
  }
}

/** A number may be kept as a mobile and as a phone. */
function onlyOnce() {
  const seen = new Set<string>()
  return ({ row }: Placed<Candidate>) => {
    if (seen.has(row.id)) return false
    seen.add(row.id)
    return true
  }
}

/** The first of each one's addresses that match: the place where they are listed. */
async function firstMatches(
  db: Db | Tx,
  networkId: string,
  contactIds: string[],
  isMatch: (text: string) => boolean,
): Promise<Map<string, string>> {
  if (contactIds.length === 0) return new Map()
  const rows = await db
    .select({ contactId: contactAddresses.contactId, text: addresses.normalised })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.contactId, contactIds)))
  const first = new Map<string, string>()
  for (const { contactId, text } of rows) {
    if (text === null || !isMatch(text)) continue
    const known = first.get(contactId)
    if (known === undefined || compare(text, known) < 0) first.set(contactId, text)
  }
  return first
}
