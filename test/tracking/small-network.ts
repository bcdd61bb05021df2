import { newId, type Tx } from '../../src/db/index.ts'
import {
  addresses,
  attempts,
  campaigns,
  contactAddresses,
  contacts,
  deliveries,
  deliveryMembers,
  messages,
  networks,
  senders,
  sites,
} from '../../src/db/schema.ts'
import { addressHash } from '../../src/network/suppression.ts'
import type { ChannelName, Profile } from '../../src/words.ts'

/** When everything in these tests begins; wall and business time agree unless a test moves the clock. */
export const launch = new Date('2027-01-11T08:30:00Z')
export const since = (ms: number) => new Date(launch.getTime() + ms)
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

let networkNumber = 0

export interface Small {
  networkId: string
  number: number
  siteId: string
  senderId: string
  campaignId: string
  messageId: string
}

/** A network with one site, one two-way SMS sender, one campaign and one message of it. */
export async function smallNetwork(tx: Tx, message: Partial<typeof messages.$inferInsert> = {}): Promise<Small> {
  const number = ++networkNumber
  const ids = { networkId: newId(), siteId: newId(), senderId: newId(), campaignId: newId(), messageId: newId() }
  const { networkId } = ids
  await tx.insert(networks).values({
    id: networkId,
    number,
    name: `network ${number}`,
    title: `Réseau ${number}`,
    mode: 'live',
    settings: {},
    createdAt: launch,
  })
  await tx.insert(senders).values({
    ...{ networkId, id: ids.senderId, channel: 'sms', name: 'short code', provider: 'twilio', address: '36111' },
    ...{ isTwoWay: true, countries: ['FR'], createdAt: launch },
  })
  await tx.insert(sites).values({
    ...{ networkId, id: ids.siteId, externalId: 'S1', name: 'Agence de Lille', country: 'FR', region: 'FR' },
    ...{ typology: 'Agence', tier: 'Or', city: 'Lille', timezone: 'Europe/Paris', attributes: { seats: 12 } },
    ...{ createdAt: launch, updatedAt: launch },
  })
  await tx.insert(campaigns).values({
    ...{ networkId, id: ids.campaignId, name: 'grand-nord', title: { fr: 'Grand Nord' }, class: 'marketing' },
    ...{ status: 'running', createdAt: launch },
  })
  await tx.insert(messages).values({
    ...{ networkId, id: ids.messageId, campaignId: ids.campaignId, campaignVersion: 1, step: 'teaser', position: 0 },
    ...{ occurrence: '', class: 'marketing', urgency: 'normal', intent: 'follow-up', template: 'challenge/teaser' },
    ...{ definition: {}, dueAt: launch, createdAt: launch },
    ...message,
  })
  return { ...ids, number }
}

export interface Person {
  contactId: string
  emailId: string
  mobileId: string
  mobile: string
}

let phone = 0

/** A contact with a mailbox and a mobile of their own, or the mobile of somebody else. */
export async function person(
  tx: Tx,
  { networkId, siteId }: Small,
  given: { profile?: Profile; attributes?: Record<string, string | number | boolean>; sharesMobileOf?: Person } = {},
): Promise<Person> {
  const contactId = newId()
  const [emailId, mobileId] = [newId(), given.sharesMobileOf?.mobileId ?? newId()]
  const mobile = given.sharesMobileOf?.mobile ?? `+3363998${String(++phone).padStart(4, '0')}`
  await tx.insert(contacts).values({
    ...{ networkId, id: contactId, siteId, identityKey: contactId, profile: given.profile ?? 'field', language: 'fr' },
    ...{ attributes: given.attributes ?? {}, createdAt: launch, updatedAt: launch },
  })
  const address = (id: string, kind: 'email' | 'mobile', normalised: string) => ({
    ...{ networkId, id, kind, normalised, hash: addressHash(kind, normalised) },
    ...{ createdAt: launch, updatedAt: launch },
  })
  await tx.insertRows(addresses, [address(emailId, 'email', `${contactId}@example.fr`)])
  if (!given.sharesMobileOf) await tx.insertRows(addresses, [address(mobileId, 'mobile', mobile)])
  await tx.insertRows(contactAddresses, [
    { networkId, contactId, addressId: emailId, kind: 'email' },
    { networkId, contactId, addressId: mobileId, kind: 'mobile' },
  ])
  return { contactId, emailId, mobileId, mobile }
}

/** A delivery to a person by e-mail or SMS, handed over at `launch` unless told otherwise, with its attempt. */
export async function delivery(
  tx: Tx,
  small: Small,
  to: Person | { siteOf: Person[] },
  given: Partial<typeof deliveries.$inferInsert> & { channel?: ChannelName } = {},
): Promise<string> {
  const { networkId, messageId, senderId, siteId } = small
  const id = given.id ?? newId()
  const channel = given.channel ?? 'email'
  const people = 'siteOf' in to ? to.siteOf : [to]
  const row = {
    ...{ networkId, id, messageId, channel, occurrence: id, status: 'accepted' as const, class: 'marketing' as const },
    recipientKey: 'siteOf' in to ? `site:${siteId}` : `contact:${to.contactId}`,
    addressId: 'siteOf' in to ? null : channel === 'sms' ? to.mobileId : to.emailId,
    ...{ priority: 2, senderId: channel === 'sms' ? senderId : null, provider: 'twilio', attempt: 1, currency: 'EUR' },
    ...{ dueAt: launch, sentAt: launch, trackingMode: 'individual' as const, createdAt: launch, updatedAt: launch },
    ...given,
  }
  await tx.insertRows(deliveries, [row])
  await tx.insertRows(
    deliveryMembers,
    people.map(({ contactId }) => ({ networkId, deliveryId: id, contactId })),
  )
  if (row.attempt > 0)
    await tx.insertRows(attempts, [
      {
        ...{ networkId, deliveryId: id, number: row.attempt, worker: 'w1', startedAt: since(-1_000) },
        ...{ provider: row.provider, providerRef: row.status === 'sending' ? null : `SM-${id}` },
        outcome:
          row.status === 'accepted' ? ('accepted' as const) : row.status === 'unknown' ? ('unknown' as const) : null,
      },
    ])
  return id
}
