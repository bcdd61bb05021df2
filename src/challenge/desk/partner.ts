import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Scope } from '../../accounts/policy.ts'
import { sitesWithin } from '../../accounts/scope.ts'
import type { Db } from '../../db/index.ts'
import { addresses, contactAddresses, contacts, sites } from '../../db/schema.ts'
import { addressHash } from '../../network/suppression.ts'

/** Who somebody who signs in is in the network: a person by their own mailbox, and the outlets they act for. */
export interface PartnerSelf {
  contactId?: string
  sites: { id: string; name: string }[]
}

/** Most outlets one partner acts for that a page shows. */
const mostSites = 20

/** Finds the person behind a user by their mailbox, among those of the outlets that are theirs. */
export async function partnerSelf(
  db: Db,
  networkId: string,
  { email }: { email: string },
  scope: Scope,
): Promise<PartnerSelf> {
  const within = sitesWithin(scope)
  const own = await db
    .select({ id: sites.id, name: sites.name })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.isActive, true), within))
    .orderBy(asc(sites.nameKey), asc(sites.id))
    .limit(mostSites)
  if (own.length === 0) return { sites: [] }
  const [person] = await db
    .select({ id: contacts.id })
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
        eq(addresses.hash, addressHash('email', email.toLowerCase())),
        eq(addresses.isShared, false),
        eq(contacts.isActive, true),
        isNull(contacts.erasedAt),
        inArray(
          contacts.siteId,
          own.map(({ id }) => id),
        ),
      ),
    )
    .limit(1)
  return { sites: own, ...(person ? { contactId: person.id } : {}) }
}
