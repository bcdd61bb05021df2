import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { contacts, sites, stations } from '../../../db/schema.ts'

export interface Recipient {
  kind: 'contact' | 'site' | 'station'
  /** A contact's name; undefined for a site or a station, and once erased. */
  name?: string
  contactId?: string
  siteName?: string
}

const nameOf = (row: { firstName: string | null; lastName: string | null }): string | undefined =>
  [row.firstName, row.lastName].filter(Boolean).join(' ') || undefined

/** Who stands behind a page's `recipientKey`s: three look-ups, however many rows the page has. */
export async function recipientsOf(db: Db, networkId: string, keys: string[]): Promise<Map<string, Recipient>> {
  const idsOf = (kind: string) => [
    ...new Set(keys.filter((key) => key.startsWith(`${kind}:`)).map((key) => key.slice(kind.length + 1))),
  ]
  const found = new Map<string, Recipient>()
  const contactIds = idsOf('contact')
  if (contactIds.length > 0) {
    const rows = await db
      .select({
        id: contacts.id,
        firstName: contacts.firstName,
        lastName: contacts.lastName,
        erasedAt: contacts.erasedAt,
        siteName: sites.name,
      })
      .from(contacts)
      .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
      .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, contactIds)))
    for (const row of rows)
      found.set(`contact:${row.id}`, {
        kind: 'contact',
        name: row.erasedAt ? undefined : nameOf(row),
        contactId: row.id,
        siteName: row.siteName,
      })
  }
  const siteIds = idsOf('site')
  if (siteIds.length > 0) {
    const rows = await db
      .select({ id: sites.id, siteName: sites.name })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), inArray(sites.id, siteIds)))
    for (const row of rows) found.set(`site:${row.id}`, { kind: 'site', siteName: row.siteName })
  }
  const stationIds = idsOf('station')
  if (stationIds.length > 0) {
    const rows = await db
      .select({ id: stations.id, siteName: sites.name })
      .from(stations)
      .innerJoin(sites, and(eq(sites.networkId, stations.networkId), eq(sites.id, stations.siteId)))
      .where(and(eq(stations.networkId, networkId), inArray(stations.id, stationIds)))
    for (const row of rows) found.set(`station:${row.id}`, { kind: 'station', siteName: row.siteName })
  }
  return found
}
