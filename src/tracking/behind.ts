import { and, eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { addresses, contacts, deliveries, deliveryMembers, messages, networks } from '../db/schema.ts'
import type { Language } from '../words.ts'
import { type TokenKeys, type TokenPurpose, verifyToken } from './tokens.ts'

type Network = typeof networks.$inferSelect

/** What stands behind a public link: its network, and the delivery and people it was made for. */
export interface Behind {
  network: Network
  /** Business time of the request. */
  at: Date
  delivery: typeof deliveries.$inferSelect
  /** What a reader may turn off alone; empty when the message has none. */
  topic: string
  /** Whose words it is written in. */
  template: string
  contactIds: string[]
  /** Several people are behind it, or a mailbox that several read: nobody can agree for the others. */
  isShared: boolean
  language: Language
}

export const networkNumbered = async (db: Db, number: number): Promise<Network | undefined> =>
  (await db.select().from(networks).where(eq(networks.number, number)).limit(1))[0]

/** Everything a page needs to know of a token's delivery; undefined when forged, or when it is not there any more. */
export async function behindToken(
  db: Db,
  keys: TokenKeys,
  purpose: TokenPurpose,
  token: string,
  wallNow: Date,
): Promise<Behind | undefined> {
  const claims = verifyToken(keys, purpose, token)
  if (!claims?.deliveryId) return undefined
  const network = await networkNumbered(db, claims.network)
  if (!network) return undefined
  const [found] = await db
    .select({ delivery: deliveries, topic: messages.topic, template: messages.template, isShared: addresses.isShared })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .leftJoin(addresses, and(eq(addresses.networkId, deliveries.networkId), eq(addresses.id, deliveries.addressId)))
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.id, claims.deliveryId)))
  if (!found) return undefined
  const members = await db
    .select({ id: contacts.id, language: contacts.language })
    .from(deliveryMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(and(eq(deliveryMembers.networkId, network.id), eq(deliveryMembers.deliveryId, found.delivery.id)))
  return {
    network,
    at: businessNow(wallNow, network),
    delivery: found.delivery,
    topic: found.topic,
    template: found.template,
    contactIds: members.map((row) => row.id),
    isShared: members.length !== 1 || found.isShared === true,
    language: members[0]?.language ?? network.language,
  }
}
