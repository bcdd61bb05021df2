import { and, eq, ne } from 'drizzle-orm'
import type { Db } from '../../../src/db/index.ts'
import { contacts, duplicates } from '../../../src/db/schema.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** Two people of the demo contact's site, found to be alike. */
const aPair =
  (end = '') =>
  async (demo: SmallNetwork, db: Db) => {
    const [one] = await db
      .select()
      .from(contacts)
      .where(and(eq(contacts.networkId, demo.networkId), eq(contacts.id, demo.contactId)))
    const [other] = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.networkId, demo.networkId), eq(contacts.siteId, one!.siteId), ne(contacts.id, one!.id)))
    const [contactId, otherId] = [one!.id, other!.id].sort() as [string, string]
    await db
      .insert(duplicates)
      .values({
        ...{ networkId: demo.networkId, contactId, otherId, reason: 'same_name_same_site', status: 'open' },
        foundAt: wallNow,
      })
      .onConflictDoNothing()
    return `/console/duplicates/${contactId}/${otherId}${end}${end === '/merge' ? `?keep=${contactId}` : ''}`
  }

export const routes: RouteTable = {
  'GET /console/duplicates': { access: 'contact.write' },
  'POST /console/duplicates/search': { access: 'contact.write' },
  'GET /console/duplicates/:id/:otherId': { access: 'contact.write', path: aPair() },
  'GET /console/duplicates/:id/:otherId/merge': { access: 'contact.write', path: aPair('/merge') },
  'POST /console/duplicates/:id/:otherId/merge': { access: 'contact.write', path: aPair('/merge') },
  'POST /console/duplicates/:id/:otherId/dismiss': { access: 'contact.write', path: aPair('/dismiss') },
}
