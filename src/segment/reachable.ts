import { and, asc, eq, inArray } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { addresses, contactAddresses, type contacts, type sites, stations } from '../db/schema.ts'
import { suppressionsOf } from '../network/suppression.ts'
import type { ChannelName } from '../words.ts'

export interface Member {
  contact: typeof contacts.$inferSelect
  site: typeof sites.$inferSelect
}

/**
 * The channels on which a contact has an address that is valid and not closed altogether. Consent is not asked
 * here: it depends on what is sent, and routing answers it.
 */
export async function reachableOf(tx: Tx, networkId: string, people: readonly Member[]) {
  const direct = await tx
    .select({
      contactId: contactAddresses.contactId,
      kind: contactAddresses.kind,
      status: addresses.status,
      hash: addresses.hash,
    })
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
          people.map(({ contact }) => contact.id),
        ),
        inArray(contactAddresses.kind, ['email', 'mobile']),
      ),
    )
    .orderBy(asc(contactAddresses.rank))
  const letterboxes = people.flatMap(({ site }) => site.postalAddressId ?? [])
  const postal = letterboxes.length
    ? await tx
        .select({ id: addresses.id, status: addresses.status, hash: addresses.hash })
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), oneOf(addresses.id, [...new Set(letterboxes)])))
    : []
  const screens = await tx
    .selectDistinct({ siteId: stations.siteId })
    .from(stations)
    .where(
      and(
        eq(stations.networkId, networkId),
        eq(stations.isActive, true),
        oneOf(stations.siteId, [...new Set(people.map(({ site }) => site.id))]),
      ),
    )
  const closed = await suppressionsOf(tx, networkId, [...new Set([...direct, ...postal].map((row) => row.hash))])
  const isOpen = (row: { status: string; hash: string }) =>
    row.status === 'valid' && !closed.get(row.hash)?.some((found) => found.scope === 'address')
  const letterbox = new Map(postal.map((row) => [row.id, isOpen(row)]))
  const withScreen = new Set(screens.map((row) => row.siteId))
  const reachable = new Map<string, Set<ChannelName>>()
  for (const { contact, site } of people) {
    const channels = new Set<ChannelName>()
    if (contact.isActive) channels.add('intranet')
    if (withScreen.has(site.id)) channels.add('screen')
    if (site.postalAddressId && letterbox.get(site.postalAddressId)) channels.add('print')
    reachable.set(contact.id, channels)
  }
  // The first address of a kind is the one that is used; another valid one behind it does not make up for it.
  const seen = new Set<string>()
  for (const row of direct) {
    const key = `${row.contactId} ${row.kind}`
    if (seen.has(key)) continue
    seen.add(key)
    if (isOpen(row)) reachable.get(row.contactId)?.add(row.kind === 'email' ? 'email' : 'sms')
  }
  return reachable
}
