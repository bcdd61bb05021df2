import { and, asc, eq, gt, inArray, or } from 'drizzle-orm'
import type { Scope } from '../../../accounts/policy.ts'
import { contactsWithin } from '../../../accounts/scope.ts'
import type { Db } from '../../../db/index.ts'
import { contacts, duplicates, sites } from '../../../db/schema.ts'
import type { Locate } from '../../../http/guard.ts'
import { contactOf } from '../locate.ts'

export interface PairPerson {
  id: string
  name: string
  site: string
}

export interface PairRow {
  one: PairPerson
  other: PairPerson
  reason: (typeof duplicates.$inferSelect)['reason']
  foundAt: Date
}

const pageSize = 50

/** One page of the pairs that wait, in the order of their ids; both halves must be in the reader's part. */
export async function listPairs(
  db: Db,
  networkId: string,
  scope: Scope,
  cursor?: string,
): Promise<{ rows: PairRow[]; next?: string }> {
  const [afterOne, afterOther] = (cursor ?? '').split('.')
  const narrower = contactsWithin(db, scope)
  const mine = db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), narrower))
  const found = await db
    .select()
    .from(duplicates)
    .where(
      and(
        eq(duplicates.networkId, networkId),
        eq(duplicates.status, 'open'),
        afterOne && afterOther
          ? or(
              gt(duplicates.contactId, afterOne),
              and(eq(duplicates.contactId, afterOne), gt(duplicates.otherId, afterOther)),
            )
          : undefined,
        narrower ? and(inArray(duplicates.contactId, mine), inArray(duplicates.otherId, mine)) : undefined,
      ),
    )
    .orderBy(asc(duplicates.contactId), asc(duplicates.otherId))
    .limit(pageSize + 1)
  const page = found.slice(0, pageSize)
  const ids = [...new Set(page.flatMap((row) => [row.contactId, row.otherId]))]
  const people = await peopleOf(db, networkId, ids)
  const rows = page.flatMap((row): PairRow[] => {
    const [one, other] = [people.get(row.contactId), people.get(row.otherId)]
    return one && other ? [{ one, other, reason: row.reason, foundAt: row.foundAt }] : []
  })
  const last = page.at(-1)
  return found.length > pageSize && last ? { rows, next: `${last.contactId}.${last.otherId}` } : { rows }
}

async function peopleOf(db: Db, networkId: string, ids: string[]): Promise<Map<string, PairPerson>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName, site: sites.name })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, ids)))
  return new Map(
    rows.map(({ id, firstName, lastName, site }) => [
      id,
      { id, site, name: [firstName, lastName].filter(Boolean).join(' ') },
    ]),
  )
}

/** A pair that was found, whatever was decided of it. */
export async function findPair(db: Db, networkId: string, contactId: string, otherId: string) {
  const [row] = await db
    .select()
    .from(duplicates)
    .where(
      and(
        eq(duplicates.networkId, networkId),
        eq(duplicates.contactId, contactId),
        eq(duplicates.otherId, otherId),
        eq(duplicates.status, 'open'),
      ),
    )
  return row
}

/** The network of a pair both of whose halves the user may see. */
export const pairOf =
  (db: Db): Locate =>
  async (c, reach) => {
    const networkId = await contactOf(db)(c, reach)
    if (networkId === undefined) return undefined
    const [other] = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(
        and(
          eq(contacts.networkId, networkId),
          eq(contacts.id, c.req.param('otherId') ?? ''),
          contactsWithin(db, reach.scope(networkId)),
        ),
      )
    return other && networkId
  }
