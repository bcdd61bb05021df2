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
  'campaign.approve',
  'notice.send',
  'event.write',
  'delivery.read',
  'delivery.review',
  'result.read',
  'result.export',
  'conversation.read',
  'conversation.answer',
  'segment.read',
  'segment.write',
  'library.read',
  'library.write',
  'batch.read',
  'batch.write',
  'policy.read',
  'policy.edit',
  'settings.read',
  'settings.write',
  'user.read',
  'user.write',
  'key.read',
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
  'result.read',
  'conversation.read',
  'segment.read',
  'library.read',
  'policy.read',
  'batch.read',
] as const satisfies readonly Permission[]

/** Who may do what. Roles are lists, so that what a role may do is read in one place; nothing is inherited. */
const allowed: Record<Role, readonly Permission[]> = {
  owner: permissions.filter((permission) => permission !== 'partner.read'),
  marketer: [
    ...reading,
    'policy.edit',
    'settings.read',
    'user.read',
    'site.write',
    'contact.write',
    'contact.import',
    'campaign.write',
    'campaign.launch',
    'campaign.control',
    'campaign.approve',
    'event.write',
    'delivery.review',
    'result.export',
    'conversation.answer',
    'segment.write',
    'library.write',
    'batch.write',
    'clock.advance',
  ],
  broadcaster: [...reading, 'campaign.control', 'notice.send', 'conversation.answer'],
  approver: [...reading, 'campaign.launch', 'campaign.control', 'campaign.approve'],
  viewer: ['network.read', 'segment.read', 'campaign.read', 'result.read', 'library.read'],
  region_manager: [
    'network.read',
    'site.read',
    'contact.read',
    'segment.read',
    'delivery.read',
    'result.read',
    'result.export',
    'conversation.read',
    'conversation.answer',
  ],
  auditor: [...reading, 'settings.read', 'user.read', 'key.read', 'audit.read'],
  print_shop: ['batch.read', 'batch.write'],
  partner: ['partner.read'],
}

/** These roles hold only inside a scope: without one they open nothing (fail closed, OWASP ASVS 5.0, 16.5.3). */
const scopedRoles: readonly Role[] = ['region_manager', 'print_shop', 'partner']

/**
 * What a permission can be limited to. One that is not here covers a whole network or nothing: a narrower membership
 * never opens it. Each is limited in one way only, so that several memberships always add up.
 */
const limitable: Partial<Record<Permission, 'sites' | 'shop'>> = {
  'network.read': 'sites',
  'site.read': 'sites',
  'site.write': 'sites',
  'contact.read': 'sites',
  'contact.write': 'sites',
  'segment.read': 'sites',
  'delivery.read': 'sites',
  'result.read': 'sites',
  'result.export': 'sites',
  'conversation.read': 'sites',
  'conversation.answer': 'sites',
  'partner.read': 'sites',
  'batch.read': 'shop',
  'batch.write': 'shop',
}

/** What one membership is limited to; undefined when it says nothing that could be kept to. */
function scopeOfMembership({ role, scope }: Membership): Scope | undefined {
  const { areas = [], sites = [], shop } = scope
  if (role === 'print_shop') return shop ? { of: 'shop', shops: [shop] } : undefined
  if (shop !== undefined) return undefined
  if (areas.length > 0 || sites.length > 0) return { of: 'sites', areas, siteIds: sites }
  return scopedRoles.includes(role) ? undefined : { of: 'network' }
}

/**
 * The one answer to "may this user do that in this network, and to how much of it". Several memberships add up;
 * undefined is no. Handlers narrow what they read and write by the scope, see `scope.ts`.
 */
export function scopeFor(user: Principal, permission: Permission, networkId: string): Scope | undefined {
  const scopes = user.memberships
    .filter((membership) => membership.networkId === networkId && allowed[membership.role].includes(permission))
    .map(scopeOfMembership)
  if (scopes.some((scope) => scope?.of === 'network')) return { of: 'network' }
  if (limitable[permission] === 'shop') {
    const shops = new Set(scopes.flatMap((scope) => (scope?.of === 'shop' ? scope.shops : [])))
    return shops.size > 0 ? { of: 'shop', shops: [...shops] } : undefined
  }
  if (limitable[permission] !== 'sites') return undefined
  const parts = scopes.flatMap((scope) => (scope?.of === 'sites' ? [scope] : []))
  if (parts.length === 0) return undefined
  return {
    of: 'sites',
    areas: [...new Set(parts.flatMap((part) => part.areas))],
    siteIds: [...new Set(parts.flatMap((part) => part.siteIds))],
  }
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
