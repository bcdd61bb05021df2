import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts } from '../db/schema.ts'
import { addressHash } from '../network/suppression.ts'

/** The channels on which people write back. */
export type AnsweredChannel = 'sms' | 'email'

/** What a network knows of an address somebody wrote from. */
export interface Whose {
  addressId: string | null
  /** Everybody who has it, in a fixed order. */
  contactIds: string[]
  /** The one person who has it; null where nobody does, or several. */
  contactId: string | null
  /** The one site those people are of; null likewise. */
  siteId: string | null
}

/** Whose an address is, by an E.164 phone or a lower-cased mailbox. One phone can mean several people. */
export async function whoseAddress(
  tx: Tx,
  networkId: string,
  channel: AnsweredChannel,
  address: string,
): Promise<Whose> {
  const [known] = await tx
    .select({ id: addresses.id })
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, networkId),
        eq(addresses.hash, addressHash(channel === 'sms' ? 'mobile' : 'email', address)),
      ),
    )
  if (!known) return { addressId: null, contactIds: [], contactId: null, siteId: null }
  const people = await tx
    .select({ id: contacts.id, siteId: contacts.siteId })
    .from(contactAddresses)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
    )
    .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.addressId, known.id)))
  // Sorted here: asked of SQLite, it would walk everybody in the network in that order.
  people.sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    addressId: known.id,
    contactIds: people.map(({ id }) => id),
    contactId: only(people.map(({ id }) => id)),
    siteId: only(people.map(({ siteId }) => siteId)),
  }
}

/** The value all of them have; null where there is none, or more than one. */
export function only(values: readonly string[]): string | null {
  const [first, ...more] = new Set(values)
  return first !== undefined && more.length === 0 ? first : null
}
