import { and, eq } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses, contacts } from '../db/schema.ts'
import { readMailbox } from '../network/mailboxes.ts'
import { readPhone } from '../network/phones.ts'
import { addressHash } from '../network/suppression.ts'

/** How a program names somebody: by our id, the partner file's identifier, a mailbox or a phone. */
export type NamedContact = { id: string } | { externalId: string } | { email: string } | { phone: string }

/** Whom a name stands for; `several` where it is the mailbox or the phone of more than one. */
export type FoundContact = { contactId: string } | { problem: 'unknown' | 'several' | 'unreadable'; message: string }

/** Who is meant, among the active people of a network. */
export async function findContact(
  tx: Tx,
  network: Pick<Network, 'id' | 'country'>,
  named: NamedContact,
): Promise<FoundContact> {
  const unknown = (what: string): FoundContact => ({
    problem: 'unknown',
    message: `Nobody active in this network is known by ${what}.`,
  })
  if ('email' in named) {
    const read = readMailbox(named.email)
    if ('problem' in read) return { problem: 'unreadable', message: `This is not a mailbox: ${read.message}.` }
    return byAddress(tx, network.id, 'email', read.mailbox, unknown('this e-mail address'))
  }
  if ('phone' in named) {
    const read = readPhone(named.phone, network.country)
    if ('problem' in read) return { problem: 'unreadable', message: `This is not a phone number: ${read.message}.` }
    return byAddress(tx, network.id, 'mobile', read.e164, unknown('this phone number'))
  }
  const isIt = 'id' in named ? eq(contacts.id, named.id) : eq(contacts.externalId, named.externalId)
  const rows = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), isIt, eq(contacts.isActive, true)))
    .limit(2)
  if (rows.length === 0) return unknown('id' in named ? 'this id' : 'this identifier')
  return rows.length > 1 ? several('identifier') : { contactId: rows[0]!.id }
}

const several = (what: string): FoundContact => ({
  problem: 'several',
  message: `Several people share this ${what}: name the person by id or externalId.`,
})

async function byAddress(
  tx: Tx,
  networkId: string,
  kind: 'email' | 'mobile',
  normalised: string,
  unknown: FoundContact,
): Promise<FoundContact> {
  const rows = await tx
    .selectDistinct({ id: contacts.id })
    .from(addresses)
    .innerJoin(
      contactAddresses,
      and(eq(contactAddresses.networkId, addresses.networkId), eq(contactAddresses.addressId, addresses.id)),
    )
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, contactAddresses.networkId), eq(contacts.id, contactAddresses.contactId)),
    )
    .where(
      and(
        eq(addresses.networkId, networkId),
        eq(addresses.hash, addressHash(kind, normalised)),
        eq(contacts.isActive, true),
      ),
    )
    .limit(2)
  if (rows.length === 0) return unknown
  return rows.length > 1 ? several(kind === 'email' ? 'mailbox' : 'phone') : { contactId: rows[0]!.id }
}
