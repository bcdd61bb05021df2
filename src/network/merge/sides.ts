import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { addresses, contactAddresses, contacts, deliveryMembers, sites } from '../../db/schema.ts'
import type { MergeSide } from './fields.ts'

/** The contacts of these ids as choosing and merging need them; those who are not there or were erased are absent. */
export async function sidesOf(tx: Tx, networkId: string, ids: readonly string[]): Promise<Map<string, MergeSide>> {
  if (ids.length === 0) return new Map()
  const people = await tx
    .select({ row: contacts, siteName: sites.name, isSiteActive: sites.isActive })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [...ids]), isNull(contacts.erasedAt)))
  const links = await tx
    .select({
      contactId: contactAddresses.contactId,
      kind: contactAddresses.kind,
      rank: contactAddresses.rank,
      id: addresses.id,
      value: addresses.normalised,
      hash: addresses.hash,
      status: addresses.status,
      isShared: addresses.isShared,
    })
    .from(contactAddresses)
    .innerJoin(
      addresses,
      and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
    )
    .where(and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.contactId, [...ids])))
  const found = new Map<string, MergeSide>()
  for (const person of people)
    found.set(person.row.id, {
      ...person,
      addresses: links.filter((link) => link.contactId === person.row.id),
      deliveries: await tx.$count(
        deliveryMembers,
        and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.contactId, person.row.id)),
      ),
    })
  return found
}
