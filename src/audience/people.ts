import { and, asc, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts, sites, stations } from '../db/schema.ts'
import { currentConsents, trackingOf } from '../network/consent.ts'
import { suppressionsOf } from '../network/suppression.ts'
import type { RoutableAddress, RoutableContact } from '../routing/types.ts'

/** One person of a page with all that routing and rendering read about them. */
export interface Person {
  routable: RoutableContact
  contact: typeof contacts.$inferSelect
  site: typeof sites.$inferSelect
  /** The address of a counter screen, where the site has one. */
  stationId?: string
}

const noChoice = { opens: 'unstated', clicks: 'unstated' } as const

const inNetwork = sql.placeholder('networkId')
const these = sql.placeholder('ids')

const contactsNamed = prepared((tx) =>
  tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, inNetwork), oneOf(contacts.id, these))),
)
const sitesNamed = prepared((tx) =>
  tx
    .select()
    .from(sites)
    .where(and(eq(sites.networkId, inNetwork), oneOf(sites.id, these))),
)
const ownAddresses = prepared((tx) =>
  tx
    .select({
      contactId: contactAddresses.contactId,
      kind: contactAddresses.kind,
      id: addresses.id,
      hash: addresses.hash,
      value: addresses.normalised,
      status: addresses.status,
      isShared: addresses.isShared,
      country: addresses.country,
    })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(and(eq(contactAddresses.networkId, inNetwork), oneOf(contactAddresses.contactId, these)))
    .orderBy(asc(contactAddresses.rank)),
)
const addressesNamed = prepared((tx) =>
  tx
    .select({
      id: addresses.id,
      hash: addresses.hash,
      value: addresses.normalised,
      status: addresses.status,
      isShared: addresses.isShared,
      country: addresses.country,
    })
    .from(addresses)
    .where(and(eq(addresses.networkId, inNetwork), oneOf(addresses.id, these))),
)
const screensOf = prepared((tx) =>
  tx
    .select({ id: stations.id, siteId: stations.siteId })
    .from(stations)
    .where(and(eq(stations.networkId, inNetwork), oneOf(stations.siteId, these), eq(stations.isActive, true))),
)

async function addressesOf(tx: Tx, networkId: string, ids: string[]) {
  const rows = await ownAddresses(tx, { networkId, ids })
  const found = new Map<string, Partial<Record<'email' | 'mobile', RoutableAddress>>>()
  for (const { contactId, kind, value, ...address } of rows) {
    if (value === null || (kind !== 'email' && kind !== 'mobile')) continue
    const mine = found.get(contactId) ?? {}
    mine[kind] ??= { ...address, value }
    found.set(contactId, mine)
  }
  return found
}

async function postalAddressesOf(tx: Tx, networkId: string, ids: string[]) {
  const found = new Map<string, RoutableAddress>()
  if (ids.length === 0) return found
  for (const { value, ...address } of await addressesNamed(tx, { networkId, ids }))
    if (value !== null) found.set(address.id, { ...address, value })
  return found
}

async function stationsOf(tx: Tx, networkId: string, ids: string[]) {
  return new Map((await screensOf(tx, { networkId, ids })).map((row) => [row.siteId, row.id]))
}

/** Reads a page of people in a fixed number of queries, in the order of the ids given. */
export async function readPeople(tx: Tx, networkId: string, contactIds: string[]): Promise<Person[]> {
  if (contactIds.length === 0) return []
  const rows = await contactsNamed(tx, { networkId, ids: contactIds })
  const siteIds = [...new Set(rows.map((row) => row.siteId))]
  const outlets = new Map((await sitesNamed(tx, { networkId, ids: siteIds })).map((site) => [site.id, site]))
  const direct = await addressesOf(tx, networkId, contactIds)
  const postal = await postalAddressesOf(tx, networkId, [
    ...new Set([...outlets.values()].flatMap((site) => site.postalAddressId ?? [])),
  ])
  const consents = await currentConsents(tx, networkId, contactIds)
  const tracking = await trackingOf(tx, networkId, contactIds)
  const screens = await stationsOf(tx, networkId, siteIds)
  const hashes = new Set<string>()
  for (const own of direct.values()) for (const address of Object.values(own)) hashes.add(address.hash)
  for (const address of postal.values()) hashes.add(address.hash)
  const suppressions = await suppressionsOf(tx, networkId, [...hashes])

  const people = new Map<string, Person>()
  for (const contact of rows) {
    const site = outlets.get(contact.siteId) as typeof sites.$inferSelect
    const own = direct.get(contact.id) ?? {}
    const letterbox = site.postalAddressId ? postal.get(site.postalAddressId) : undefined
    const stationId = screens.get(site.id)
    people.set(contact.id, {
      contact,
      site,
      stationId,
      routable: {
        id: contact.id,
        siteId: site.id,
        profile: contact.profile,
        language: contact.language,
        preferredChannel: contact.preferredChannel ?? undefined,
        preferredHours: contact.preferredHours ?? undefined,
        site: {
          typology: site.typology ?? undefined,
          tier: site.tier ?? undefined,
          country: site.country,
          region: site.region,
          timezone: site.timezone,
          openingHours: site.openingHours ?? undefined,
          hasStation: stationId !== undefined,
        },
        email: own.email,
        mobile: own.mobile,
        postal: letterbox,
        consents: consents.get(contact.id) ?? {},
        tracking: tracking.get(contact.id) ?? noChoice,
        suppressions: [own.email, own.mobile, letterbox].flatMap((address) =>
          address
            ? (suppressions.get(address.hash) ?? []).map((found) => ({ ...found, addressHash: address.hash }))
            : [],
        ),
      },
    })
  }
  return contactIds.flatMap((id) => people.get(id) ?? [])
}
