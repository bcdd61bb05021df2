import fc from 'fast-check'
import { expect, test } from 'vitest'
import { can, type Membership, networksWith, type Permission, permissions } from '../../src/accounts/policy.ts'
import { type Role, roles } from '../../src/db/schema/accounts.ts'

const has = (role: Role, scope = {}) => ({ id: 'u', memberships: [{ networkId: 'n', role, scope }] })

test('every role has exactly the rights of this table', () => {
  const table: Record<Role, Permission[]> = {
    owner: ['campaign.read', 'delivery.read', 'contact.read', 'clock.advance'],
    marketer: ['campaign.read', 'delivery.read', 'contact.read', 'clock.advance'],
    broadcaster: ['campaign.read', 'delivery.read', 'contact.read'],
    approver: ['campaign.read', 'delivery.read', 'contact.read'],
    viewer: ['campaign.read'],
    region_manager: ['campaign.read', 'delivery.read', 'contact.read'],
    auditor: ['campaign.read', 'delivery.read', 'contact.read'],
    print_shop: [],
    partner: [],
  }
  for (const role of roles)
    expect(
      permissions.filter((permission) => can(has(role), permission, 'n')),
      role,
    ).toEqual(table[role])
})

test('a right limited to regions, sites or a shop never opens pages that show the whole network', () => {
  for (const scope of [{ areas: ['FR'] }, { sites: ['S1'] }, { shop: 'p' }])
    for (const role of roles) expect(can(has(role, scope), 'delivery.read', 'n')).toBe(false)
  expect(can(has('region_manager', { regions: [] }), 'delivery.read', 'n')).toBe(true)
})

test('rights in one network open nothing in another, whoever holds what', () => {
  const membership = fc.record({
    networkId: fc.constantFrom('a', 'b', 'c'),
    role: fc.constantFrom(...roles),
    scope: fc.constantFrom<Membership['scope']>({}, { areas: ['x'] }),
  })
  fc.assert(
    fc.property(fc.array(membership), fc.constantFrom(...permissions), (memberships, permission) => {
      const user = { id: 'u', memberships }
      const open = networksWith(user, permission)
      expect(new Set(open).size).toBe(open.length)
      for (const network of ['a', 'b', 'c', 'd']) {
        expect(open.includes(network)).toBe(can(user, permission, network))
        const without = { id: 'u', memberships: memberships.filter((one) => one.networkId !== network) }
        expect(can(without, permission, network)).toBe(false)
      }
    }),
  )
})
