import { and, eq } from 'drizzle-orm'
import type { Db } from '../../../src/db/index.ts'
import { addresses, contactAddresses, contacts } from '../../../src/db/schema.ts'
import type { SmallNetwork } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** The site of the contact everybody looks at. */
const site =
  (rest = '') =>
  async (demo: SmallNetwork, db: Db): Promise<string> => {
    const [row] = await db
      .select({ siteId: contacts.siteId })
      .from(contacts)
      .where(and(eq(contacts.networkId, demo.networkId), eq(contacts.id, demo.contactId)))
    return `/console/sites/${row!.siteId}${rest}`
  }

/** That contact's address, which has come back. */
const troubled =
  (rest = '') =>
  async (demo: SmallNetwork, db: Db): Promise<string> => {
    const [row] = await db
      .select({ id: contactAddresses.addressId })
      .from(contactAddresses)
      .where(and(eq(contactAddresses.networkId, demo.networkId), eq(contactAddresses.contactId, demo.contactId)))
    await db
      .update(addresses)
      .set({ status: 'bounced' })
      .where(and(eq(addresses.networkId, demo.networkId), eq(addresses.id, row!.id)))
    return `/console/hygiene/${row!.id}${rest}`
  }

export const routes: RouteTable = {
  'GET /console/contacts': { access: 'contact.read' },
  'GET /console/contacts/new': {
    access: 'contact.write',
    path: async (demo, db) => {
      const path = await site()(demo, db)
      return `/console/contacts/new?site=${path.split('/').at(-1)}`
    },
  },
  'POST /console/contacts': { access: 'contact.write' },
  'GET /console/contacts/:id': { access: 'contact.read' },
  'GET /console/contacts/:id/edit': {
    access: 'contact.write',
    path: (demo) => `/console/contacts/${demo.contactId}/edit`,
  },
  'POST /console/contacts/:id': { access: 'contact.write' },
  'POST /console/contacts/:id/active': {
    access: 'contact.write',
    path: (demo) => `/console/contacts/${demo.contactId}/active`,
    form: { isActive: 'yes' },
  },
  'GET /console/contacts/:id/rights': {
    access: 'contact.write',
    path: (demo) => `/console/contacts/${demo.contactId}/rights`,
  },
  'POST /console/contacts/:id/export': {
    access: 'contact.write',
    path: (demo) => `/console/contacts/${demo.contactId}/export`,
  },
  // Unconfirmed it only shows the question again: the contact everybody looks at stays.
  'POST /console/contacts/:id/erase': {
    access: 'contact.write',
    path: (demo) => `/console/contacts/${demo.contactId}/erase`,
  },
  'GET /console/sites': { access: 'site.read' },
  'GET /console/sites/new': { access: 'site.write' },
  'POST /console/sites': { access: 'site.write' },
  'GET /console/sites/:id': { access: 'site.read', path: site() },
  'GET /console/sites/:id/edit': { access: 'site.write', path: site('/edit') },
  'POST /console/sites/:id': { access: 'site.write', path: site() },
  'GET /console/hygiene': { access: 'contact.read' },
  'GET /console/hygiene/:id': { access: 'contact.read', path: troubled() },
  'POST /console/hygiene/:id/correct': { access: 'contact.write', path: troubled('/correct') },
  'POST /console/hygiene/:id/good': { access: 'contact.write', path: troubled('/good') },
  'POST /console/hygiene/:id/drop': { access: 'contact.write', path: troubled('/drop') },
}
