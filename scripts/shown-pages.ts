import { and, desc, eq, ne } from 'drizzle-orm'
import type { Db } from '../src/db/index.ts'
import { addresses, campaigns, contacts, deliveries, networks, renderedContents, sites } from '../src/db/schema.ts'
import { channelNames } from '../src/words.ts'

/** Before signing in. */
export const publicPages: Record<string, string> = {
  'sign-in': '/',
  'closed-link': '/sign-in/nothing',
  'sign-in-link': '/sign-in/link',
  missing: '/nowhere',
  'api-docs': '/api/docs',
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
  const [trouble] = await db
    .select({ id: addresses.id })
    .from(addresses)
    .where(and(eq(addresses.networkId, demo.id), ne(addresses.status, 'valid')))
    .limit(1)
  const contactPath = `/console/contacts/${contact?.id}`
  const campaignPath = `/console/campaigns/${campaign?.id}`
  return {
    home: '/console',
    'home-moved': '/console?moved=ok',
    'home-empty': '/console?network=acme',
    'network-delete': '/console/network/delete',
    contacts: '/console/contacts',
    'contacts-none': '/console/contacts?network=acme',
    contact: contactPath,
    'contact-edit': `${contactPath}/edit`,
    'contact-new': `/console/contacts/new?site=${site?.id}`,
    sites: '/console/sites',
    site: `/console/sites/${site?.id}`,
    'site-edit': `/console/sites/${site?.id}/edit`,
    imports: '/console/imports',
    'import-new': '/console/imports/new',
    duplicates: '/console/duplicates',
    hygiene: '/console/hygiene',
    'hygiene-address': `/console/hygiene/${trouble?.id}`,
    campaigns: '/console/campaigns',
    'campaigns-none': '/console/campaigns?network=acme',
    'campaign-new': '/console/campaigns/new',
    'campaign-start': '/console/campaigns/start?preset=challenge',
    campaign: campaignPath,
    'campaign-pause': `${campaignPath}/pause`,
    'campaign-cancel': `${campaignPath}/cancel`,
    'campaign-plan': `${campaignPath}/plan`,
    'campaign-person': `${campaignPath}/plan/person?q=${contact?.id}`,
    'campaign-words': `${campaignPath}/words`,
    'campaign-source': `${campaignPath}/source`,
    'message-new': '/console/messages/new',
    inbox: '/console/inbox',
    outbox: '/console/outbox',
    'outbox-none': '/console/outbox?status=expired',
    ...messages,
    library: '/console/library',
    brand: '/console/library/brand',
    partners: '/console/library/partners',
    search: '/console/search?q=ma',
    'search-none': '/console/search?q=zzzz',
    notifications: '/console/notifications',
    settings: '/console/settings',
    hours: '/console/settings/hours',
    caps: '/console/settings/caps',
    costs: '/console/settings/costs',
    senders: '/console/settings/senders',
    'sender-new': '/console/settings/senders/new?channel=sms',
    'network-new': '/console/settings/networks/new',
    twilio: '/console/settings/accounts/twilio',
    users: '/console/settings/users',
    keys: '/console/settings/keys',
    'key-new': '/console/settings/keys/new',
    audit: '/console/settings/audit',
    account: '/account',
    'account-two-factor': '/account/two-factor',
  }
}
