import type { MembershipScope, Role } from '../db/schema/accounts.ts'

/** What a route may ask for. Each is asked for one network; a route names its own on its line. */
export const permissions = [
  'network.read',
  'site.read',
  'site.write',
  'contact.read',
  'contact.write',
  'contact.import',
  'campaign.read',
  'campaign.write',
  'campaign.launch',
  'campaign.control',
  'notice.send',
  'delivery.read',
  'delivery.review',
  'library.read',
  'library.write',
  'batch.read',
  'batch.write',
  'settings.read',
  'settings.write',
  'user.read',
  'user.write',
  'key.write',
  'audit.read',
  'clock.advance',
  'network.delete',
  'partner.read',
] as const
export type Permission = (typeof permissions)[number]

export interface Membership {
  networkId: string
  role: Role
  scope: MembershipScope
}

/** A user as the policy sees one. */
export interface Principal {
  id: string
  memberships: readonly Membership[]
}

/** How much of a network a permission covers: all of it, some areas and sites, or one print shop's batches. */
export type Scope =
  | { of: 'network' }
  | { of: 'sites'; areas: readonly string[]; siteIds: readonly string[] }
  | { of: 'shop'; shops: readonly string[] }

const reading = [
  'network.read',
  'site.read',
  'contact.read',
  'campaign.read',
  'delivery.read',
  'library.read',
  'batch.read',
] as const satisfies readonly Permission[]

const authoring = [
  'site.write',
  'contact.write',
  'contact.import',
  'campaign.write',
  'library.write',
  'settings.read',
  'clock.advance',
] as const satisfies readonly Permission[]

/** Roles are lists, so that what a role may do is read in one place; nothing is inherited. */
const allowed: Record<Role, readonly Permission[]> = {
  owner: permissions.filter((permission) => permission !== 'partner.read'),
  marketer: [
    ...reading,
    ...authoring,
    'campaign.launch',
    'campaign.control',
    'delivery.review',
    'batch.write',
    'user.read',
  ],
  broadcaster: [...reading, 'campaign.control', 'notice.send'],
  approver: [...reading, 'campaign.launch', 'campaign.control'],
  viewer: ['network.read', 'campaign.read', 'library.read'],
  region_manager: ['network.read', 'site.read', 'contact.read', 'delivery.read'],
  auditor: [...reading, 'settings.read', 'user.read', 'audit.read'],
  print_shop: ['batch.read', 'batch.write'],
  partner: ['partner.read'],
}

/** These hold only inside a scope: without one they open nothing (fail closed). */
const scopedRoles: readonly Role[] = ['region_manager', 'print_shop', 'partner']

const scopeOfMembership = ({ role, scope }: Membership): Scope | undefined => {
  const { areas = [], sites = [], shop } = scope
  if (role === 'print_shop') return shop ? { of: 'shop', shops: [shop] } : undefined
  if (areas.length > 0 || sites.length > 0) return { of: 'sites', areas, siteIds: sites }
  if (shop !== undefined || scopedRoles.includes(role)) return undefined
  return { of: 'network' }
}

/** What only makes sense for a network as a whole; a narrower right must not be widened into it. */
const wholeNetworkOnly: readonly Permission[] = permissions.filter(
  (permission) =>
    ![
      'network.read',
      'site.read',
      'site.write',
      'contact.read',
      'contact.write',
      'delivery.read',
      'batch.read',
      'batch.write',
      'partner.read',
    ].includes(permission),
)

/**
 * The one answer to "may this user do that in this network, and to how much of it". Several memberships add up;
 * undefined is no. Handlers narrow what they read and write by the scope, see `scope.ts`.
 */
export function scopeFor(user: Principal, permission: Permission, networkId: string): Scope | undefined {
  const areas = new Set<string>()
  const siteIds = new Set<string>()
  const shops = new Set<string>()
  for (const membership of user.memberships) {
    if (membership.networkId !== networkId || !allowed[membership.role].includes(permission)) continue
    const scope = scopeOfMembership(membership)
    if (scope?.of === 'network') return scope
    if (scope?.of === 'shop') for (const shop of scope.shops) shops.add(shop)
    if (scope?.of === 'sites') {
      for (const area of scope.areas) areas.add(area)
      for (const siteId of scope.siteIds) siteIds.add(siteId)
    }
  }
  if (wholeNetworkOnly.includes(permission)) return undefined
  if (areas.size > 0 || siteIds.size > 0) return { of: 'sites', areas: [...areas], siteIds: [...siteIds] }
  return shops.size > 0 ? { of: 'shop', shops: [...shops] } : undefined
}

export const can = (user: Principal, permission: Permission, networkId: string): boolean =>
  scopeFor(user, permission, networkId) !== undefined

/** The networks in which a user may do something, for pickers and for looking up an object by its id alone. */
export const networksWith = (user: Principal, permission: Permission): string[] => [
  ...new Set(user.memberships.map((membership) => membership.networkId).filter((id) => can(user, permission, id))),
]

/** Every network a user belongs to in any role. */
export const networksOfUser = (user: Principal): string[] => [
  ...new Set(user.memberships.map((membership) => membership.networkId)),
]
