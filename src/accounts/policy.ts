import type { Role } from '../db/schema/accounts.ts'

/** What a route may ask for. Each is asked for one network; a route names its own in `src/app.ts`. */
export const permissions = ['campaign.read', 'delivery.read', 'contact.read', 'clock.advance'] as const
export type Permission = (typeof permissions)[number]

export interface Membership {
  networkId: string
  role: Role
  /** Regions, sites or a shop; empty is the whole network. */
  scope: { regions?: string[]; sites?: string[]; shop?: string }
}

/** A user as the policy sees one. */
export interface Principal {
  id: string
  memberships: readonly Membership[]
}

const everything: readonly Permission[] = permissions
const reading: readonly Permission[] = ['campaign.read', 'delivery.read', 'contact.read']

const allowed: Record<Role, readonly Permission[]> = {
  owner: everything,
  marketer: everything,
  broadcaster: reading,
  approver: reading,
  viewer: ['campaign.read'],
  region_manager: reading,
  auditor: reading,
  print_shop: [],
  partner: [],
}

const isWhole = (scope: Membership['scope']): boolean =>
  !scope.regions?.length && !scope.sites?.length && scope.shop === undefined

/**
 * The one answer to "may this user do that in this network". A membership limited to regions, sites or a shop
 * opens nothing here: the pages show whole networks, so a narrower right must not be widened (fail closed).
 */
export const can = (user: Principal, permission: Permission, networkId: string): boolean =>
  user.memberships.some(
    (membership) =>
      membership.networkId === networkId && isWhole(membership.scope) && allowed[membership.role].includes(permission),
  )

/** The networks in which a user may do something, for pickers and for looking up an object by its id alone. */
export const networksWith = (user: Principal, permission: Permission): string[] => [
  ...new Set(user.memberships.map((membership) => membership.networkId).filter((id) => can(user, permission, id))),
]
