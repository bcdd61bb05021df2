import { type SQL, sql } from 'drizzle-orm'
import {
  contactAddresses,
  conversationMessages,
  conversations,
  deliveries,
  deliveryMembers,
  events,
  sites,
} from '../db/schema.ts'

/** The one person an export or an erasure is about. */
export interface PersonSubject {
  networkId: string
  contactId: string
  /** Mailboxes and numbers that are theirs alone, as they are written; never stored beside the request. */
  ownValues: readonly string[]
}

/** How deliveries, posts and counts of pressure name a person. */
export const recipientOf = ({ contactId }: PersonSubject): string => `contact:${contactId}`

/** Ids of the addresses nobody else has: neither a colleague nor a site. */
export const ownAddressIds = ({ networkId, contactId }: PersonSubject): SQL => {
  const mine = sql`select ${contactAddresses.addressId} from ${contactAddresses} where ${contactAddresses.networkId} = ${networkId} and ${contactAddresses.contactId} = ${contactId}`
  return sql`select ${contactAddresses.addressId} from ${contactAddresses} where ${contactAddresses.networkId} = ${networkId} and ${contactAddresses.contactId} = ${contactId}
    and ${contactAddresses.addressId} not in (select ${contactAddresses.addressId} from ${contactAddresses} where ${contactAddresses.networkId} = ${networkId} and ${contactAddresses.contactId} <> ${contactId} and ${contactAddresses.addressId} in (${mine}))
    and ${contactAddresses.addressId} not in (select ${sites.mailboxAddressId} from ${sites} where ${sites.networkId} = ${networkId} and ${sites.mailboxAddressId} is not null)
    and ${contactAddresses.addressId} not in (select ${sites.postalAddressId} from ${sites} where ${sites.networkId} = ${networkId} and ${sites.postalAddressId} is not null)`
}

/** Ids of the deliveries that were to this person and nobody else. */
export const ownDeliveryIds = (person: PersonSubject): SQL =>
  sql`select ${deliveries.id} from ${deliveries} where ${deliveries.networkId} = ${person.networkId} and ${deliveries.recipientKey} = ${recipientOf(person)}`

/** Ids of the deliveries that covered this person among others: one letter for an outlet, a shared mailbox. */
export const sharedDeliveryIds = ({ networkId, contactId }: PersonSubject): SQL =>
  sql`select ${deliveryMembers.deliveryId} from ${deliveryMembers} where ${deliveryMembers.networkId} = ${networkId} and ${deliveryMembers.contactId} = ${contactId}`

/** Ids of what was written to and fro with this person: by who they are, or from an address that is theirs alone. */
export const conversationIds = (person: PersonSubject): SQL =>
  sql`select ${conversations.id} from ${conversations} where ${conversations.networkId} = ${person.networkId} and (${conversations.contactId} = ${person.contactId} or ${conversations.addressId} in (${ownAddressIds(person)}))`

/** Ids of what came in from this person, or about a message to them alone, as the provider sent it. */
export const inboundIds = (person: PersonSubject): SQL =>
  sql`select ${events.inboundEventId} from ${events} where ${events.networkId} = ${person.networkId} and ${events.inboundEventId} is not null and (${events.contactId} = ${person.contactId} or ${events.deliveryId} in (${ownDeliveryIds(person)}))
    union select ${conversationMessages.inboundEventId} from ${conversationMessages} where ${conversationMessages.networkId} = ${person.networkId} and ${conversationMessages.inboundEventId} is not null and ${conversationMessages.conversationId} in (${conversationIds(person)})`
