import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { addresses, contacts, deliveries, messages, sites, stations } from '../../../db/schema.ts'

const shownContacts = 25
const shownDeliveries = 10

/** A site with its addresses, the first of its people, who relays there, and what last went to the site itself. */
export async function findSite(db: Db, networkId: string, id: string) {
  const [site] = await db
    .select()
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.id, id)))
  if (!site) return undefined
  const ids = [site.mailboxAddressId, site.postalAddressId].filter((one) => one !== null)
  const own = ids.length
    ? await db
        .select()
        .from(addresses)
        .where(and(eq(addresses.networkId, networkId), inArray(addresses.id, ids)))
    : []
  const here = and(eq(contacts.networkId, networkId), eq(contacts.siteId, id))
  const people = await db
    .select()
    .from(contacts)
    .where(here)
    .orderBy(asc(contacts.nameKey), asc(contacts.id))
    .limit(shownContacts + 1)
  const screens = await db
    .select({ id: stations.id })
    .from(stations)
    .where(and(eq(stations.networkId, networkId), eq(stations.siteId, id)))
    .limit(20)
  return {
    site,
    mailbox: own.find((one) => one.id === site.mailboxAddressId),
    letterbox: own.find((one) => one.id === site.postalAddressId),
    people: people.slice(0, shownContacts),
    hasMorePeople: people.length > shownContacts,
    correspondents: people.filter((one) => one.isCorrespondent && one.isActive && !one.erasedAt),
    deliveries: await deliveriesTo(db, networkId, [`site:${id}`, ...screens.map((one) => `station:${one.id}`)]),
  }
}

export type SiteDetail = NonNullable<Awaited<ReturnType<typeof findSite>>>

const deliveriesTo = (db: Db, networkId: string, keys: string[]) =>
  db
    .select({
      id: deliveries.id,
      channel: deliveries.channel,
      status: deliveries.status,
      sentAt: deliveries.sentAt,
      dueAt: deliveries.dueAt,
      step: messages.step,
    })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(deliveries.networkId, networkId), inArray(deliveries.recipientKey, keys)))
    .orderBy(desc(deliveries.id))
    .limit(shownDeliveries)
