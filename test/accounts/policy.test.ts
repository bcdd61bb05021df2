import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  can,
  type Membership,
  networksWith,
  type Permission,
  permissions,
  type Scope,
  scopeFor,
} from '../../src/accounts/policy.ts'
import { type Role, roles } from '../../src/db/schema/accounts.ts'

const has = (role: Role, scope: Membership['scope'] = {}) => ({
  id: 'u',
  memberships: [{ networkId: 'n', role, scope }],
})
const rights = (role: Role, scope?: Membership['scope']) =>
  permissions.filter((permission) => can(has(role, scope), permission, 'n')).sort()

const reads: Permission[] = [
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
]

const inTheirArea: Permission[] = [
  'network.read',
  'site.read',
  'contact.read',
  'segment.read',
  'delivery.read',
  'result.read',
  'result.export',
  'conversation.read',
  'conversation.answer',
]

describe('what each role may do', () => {
  const over: [Role, Membership['scope'], Permission[]][] = [
    ['owner', {}, permissions.filter((permission) => permission !== 'partner.read')],
    [
      'marketer',
      {},
      [
        ...reads,
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
        'policy.edit',
        'settings.read',
        'user.read',
        'clock.advance',
      ],
    ],
    ['broadcaster', {}, [...reads, 'campaign.control', 'notice.send', 'conversation.answer']],
    ['approver', {}, [...reads, 'campaign.launch', 'campaign.control', 'campaign.approve']],
    ['viewer', {}, ['network.read', 'segment.read', 'campaign.read', 'result.read', 'library.read']],
    ['auditor', {}, [...reads, 'settings.read', 'user.read', 'key.read', 'audit.read']],
    ['region_manager', {}, []],
    ['region_manager', { areas: ['Nord'] }, inTheirArea],
    ['region_manager', { sites: ['s'] }, inTheirArea],
    ['region_manager', { shop: 'p' }, []],
    ['print_shop', {}, []],
    ['print_shop', { sites: ['s'] }, []],
    ['print_shop', { shop: 'p' }, ['batch.read', 'batch.write']],
    ['partner', {}, []],
    ['partner', { sites: ['s'] }, ['partner.read']],
    ['partner', { shop: 'p' }, []],
  ]
  test.each(over)('%s %j', (role, scope, expected) => {
    expect(rights(role, scope)).toEqual([...expected].sort())
  })

  test('no role is missing from this table', () => {
    expect([...new Set(over.map(([role]) => role))].sort()).toEqual([...roles].sort())
  })
})

const networks = ['a', 'b', 'c']
const membership = fc.record({
  networkId: fc.constantFrom(...networks),
  role: fc.constantFrom(...roles),
  scope: fc.oneof(
    fc.constant<Membership['scope']>({}),
    fc.record<Membership['scope']>(
      {
        areas: fc.subarray(['Nord', 'Sud', 'Est']),
        sites: fc.subarray(['s1', 's2', 's3']),
        shop: fc.constantFrom('p1', 'p2'),
      },
      { requiredKeys: [] },
    ),
  ),
})
const memberships = fc.array(membership, { maxLength: 6 })
const permission = fc.constantFrom(...permissions)
const network = fc.constantFrom(...networks, 'd')

/** Whether all that `inner` opens is open under `outer` too. */
function covers(outer: Scope | undefined, inner: Scope | undefined): boolean {
  if (!inner || outer?.of === 'network') return true
  if (inner.of === 'sites' && outer?.of === 'sites')
    return (
      inner.areas.every((area) => outer.areas.includes(area)) && inner.siteIds.every((id) => outer.siteIds.includes(id))
    )
  if (inner.of === 'shop' && outer?.of === 'shop') return inner.shops.every((shop) => outer.shops.includes(shop))
  return false
}

test('one membership more never takes a right away, nor makes it narrower', () => {
  fc.assert(
    fc.property(memberships, membership, permission, network, (held, more, asked, where) => {
      const before = scopeFor({ id: 'u', memberships: held }, asked, where)
      const after = scopeFor({ id: 'u', memberships: [...held, more] }, asked, where)
      expect(covers(after, before)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a right is never wider than the memberships it comes from', () => {
  fc.assert(
    fc.property(memberships, permission, network, (held, asked, where) => {
      const scope = scopeFor({ id: 'u', memberships: held }, asked, where)
      const here = held.filter((one) => one.networkId === where)
      const alone = here.map((one) => scopeFor({ id: 'u', memberships: [one] }, asked, where))
      if (!scope) expect(alone.every((one) => one === undefined)).toBe(true)
      else if (scope.of === 'network') expect(alone).toContainEqual({ of: 'network' })
      else if (scope.of === 'shop') {
        for (const shop of scope.shops) expect(here.some((one) => one.scope.shop === shop)).toBe(true)
        expect(scope.shops.length).toBeGreaterThan(0)
      } else {
        for (const area of scope.areas) expect(here.some((one) => one.scope.areas?.includes(area))).toBe(true)
        for (const id of scope.siteIds) expect(here.some((one) => one.scope.sites?.includes(id))).toBe(true)
        expect(scope.areas.length + scope.siteIds.length).toBeGreaterThan(0)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('rights in one network open nothing in another, whoever holds what', () => {
  fc.assert(
    fc.property(memberships, permission, (held, asked) => {
      const user = { id: 'u', memberships: held }
      const open = networksWith(user, asked)
      expect(new Set(open).size).toBe(open.length)
      for (const where of [...networks, 'd']) {
        expect(open.includes(where)).toBe(can(user, asked, where))
        const elsewhere = { id: 'u', memberships: held.filter((one) => one.networkId !== where) }
        expect(can(elsewhere, asked, where)).toBe(false)
      }
    }),
  )
})

test('an auditor reads everything of a network but a partner’s own page, and changes nothing', () => {
  const auditor = has('auditor')
  for (const asked of permissions)
    expect(can(auditor, asked, 'n'), asked).toBe(asked.endsWith('.read') && asked !== 'partner.read')
})

test('only an owner gives rights, makes keys, changes settings or deletes the network', () => {
  for (const asked of ['user.write', 'key.write', 'settings.write', 'network.delete'] as const)
    for (const role of roles) expect(can(has(role), asked, 'n'), `${role} ${asked}`).toBe(role === 'owner')
})
