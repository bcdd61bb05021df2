import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '../src/db/index.ts'
import { campaigns, contacts, deliveries, networks, renderedContents, sites } from '../src/db/schema.ts'
import { channelNames } from '../src/words.ts'

/** Before signing in. */
export const publicPages: Record<string, string> = {
  'sign-in': '/',
  'closed-link': '/sign-in/nothing',
  missing: '/nowhere',
}

/** Every page of the console by a name for its picture, with things of the demo network to look at. */
export async function shownPages(db: Db): Promise<Record<string, string>> {
  const [demo] = await db.select().from(networks).where(eq(networks.isDemo, true))
  if (!demo) throw new Error('There is no demo network.')
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.networkId, demo.id))
  const [contact] = await db.select().from(contacts).where(eq(contacts.networkId, demo.id)).limit(1)
  const [site] = await db.select().from(sites).where(eq(sites.networkId, demo.id)).limit(1)
  const messages: Record<string, string> = {}
  for (const channel of channelNames) {
    const [sent] = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(
        renderedContents,
        and(eq(renderedContents.networkId, deliveries.networkId), eq(renderedContents.deliveryId, deliveries.id)),
      )
      .where(and(eq(deliveries.networkId, demo.id), eq(deliveries.channel, channel)))
      .orderBy(desc(deliveries.id))
      .limit(1)
    if (sent) messages[`message-${channel}`] = `/console/outbox/${sent.id}`
  }
  return {
    home: '/console',
    'home-moved': '/console?moved=ok',
    'home-empty': '/console?network=acme',
    'network-delete': '/console/network/delete',
    contacts: '/console/contacts',
    'contacts-none': '/console/contacts?network=acme',
    contact: `/console/contacts/${contact?.id}`,
    sites: '/console/sites',
    site: `/console/sites/${site?.id}`,
    imports: '/console/imports',
    'import-new': '/console/imports/new',
    duplicates: '/console/duplicates',
    hygiene: '/console/hygiene',
    campaigns: '/console/campaigns',
    'campaigns-none': '/console/campaigns?network=acme',
    campaign: `/console/campaigns/${campaign?.id}`,
    outbox: '/console/outbox',
    'outbox-none': '/console/outbox?status=expired',
    ...messages,
    library: '/console/library',
    search: '/console/search?q=ma',
    notifications: '/console/notifications',
    settings: '/console/settings',
    account: '/account',
  }
}
