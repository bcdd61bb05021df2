import { and, eq } from 'drizzle-orm'
import { type Db, oneOf } from '../../db/index.ts'
import type { Attributes } from '../../db/schema/network.ts'
import { contacts, sites } from '../../db/schema.ts'

/** What the network knows of somebody replayed: the columns objectives build on, and the outlet a league counts. */
export interface Known {
  attributes: Attributes
  siteId: string
}

const pageSize = 500

/**
 * Finds those lines speak of among the people and outlets of a network: by the keys of the past it holds, or by the
 * identifiers of the partner file. Whoever is not found is replayed from the lines alone.
 */
export async function knownAmong(db: Db, networkId: string, who: Iterable<string>): Promise<Map<string, Known>> {
  const names = [...new Set(who)]
  const found = new Map<string, Known>()
  for (let from = 0; from < names.length; from += pageSize) {
    const page = names.slice(from, from + pageSize)
    const keyed = (prefix: string) =>
      page.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
    const site = { id: sites.id, externalId: sites.externalId, attributes: sites.attributes }
    const outlets = (column: typeof sites.id | typeof sites.externalId, values: string[]) =>
      db
        .select(site)
        .from(sites)
        .where(and(eq(sites.networkId, networkId), oneOf(column, values)))
    const person = {
      ...{ id: contacts.id, externalId: contacts.externalId },
      ...{ attributes: contacts.attributes, siteId: contacts.siteId },
    }
    const people = (column: typeof contacts.id | typeof contacts.externalId, values: string[]) =>
      db
        .select(person)
        .from(contacts)
        .where(and(eq(contacts.networkId, networkId), eq(contacts.isActive, true), oneOf(column, values)))
    for (const { id, externalId, attributes } of await outlets(sites.externalId, page))
      found.set(externalId, { attributes, siteId: id })
    // A person before an outlet of the same identifier: results are mostly told of people.
    for (const { externalId, attributes, siteId } of await people(contacts.externalId, page))
      if (externalId !== null) found.set(externalId, { attributes, siteId })
    for (const { id, attributes } of await outlets(sites.id, keyed('site:')))
      found.set(`site:${id}`, { attributes, siteId: id })
    for (const { id, attributes, siteId } of await people(contacts.id, keyed('contact:')))
      found.set(`contact:${id}`, { attributes, siteId })
  }
  return found
}
