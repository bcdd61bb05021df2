import { type Membership, permissions } from '../../../src/accounts/policy.ts'
import { type Db, newId } from '../../../src/db/index.ts'
import { type MembershipScope, type Role, roles } from '../../../src/db/schema/accounts.ts'
import { memberships, users } from '../../../src/db/schema.ts'
import type { Browser, Site } from '../client.ts'
import { wallNow } from '../small-network.ts'

/** Somebody with one membership, signed in. */
export interface Person {
  called: string
  user: { id: string; memberships: Membership[] }
  browser: Browser
}

/** One of each role over the whole network, and those whose rights are narrower. */
export const cast = (inside: string[], outside: string[]): { called: string; role: Role; scope: MembershipScope }[] => [
  ...roles.map((role) => ({ called: role, role, scope: {} })),
  { called: 'region_manager inside', role: 'region_manager', scope: { sites: inside } },
  { called: 'region_manager outside', role: 'region_manager', scope: { sites: outside } },
  { called: 'region_manager of an area nobody is in', role: 'region_manager', scope: { areas: ['Nulle part'] } },
  { called: 'print_shop with a shop', role: 'print_shop', scope: { shop: 'Imprimerie du Parc' } },
  { called: 'partner of a site', role: 'partner', scope: { sites: inside.slice(0, 1) } },
]

export async function enrol(
  db: Db,
  site: Site,
  given: { networkId: string; called: string; role: Role; scope: MembershipScope },
): Promise<Person> {
  const { networkId, called, role, scope } = given
  const id = newId()
  const email = `${called.toLowerCase().replace(/[^a-z]+/g, '-')}@example.org`
  await db.insert(users).values({ id, name: called, email, createdAt: wallNow, updatedAt: wallNow })
  await db.insert(memberships).values({ networkId, role, scope, userId: id, createdAt: wallNow })
  const browser = site.browser()
  await browser.post(await site.link(email))
  return { called, user: { id, memberships: [{ networkId, role, scope }] }, browser }
}

export const isPermission = (access: string): access is (typeof permissions)[number] =>
  permissions.some((permission) => permission === access)
