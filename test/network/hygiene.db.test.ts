import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/accounts/policy.ts'
import { addresses, auditEntries, sites, suppressions } from '../../src/db/schema.ts'
import { addressesOfContact } from '../../src/network/contact-addresses.ts'
import { EditProblems } from '../../src/network/edit-problem.ts'
import { countTroubled, findTroubled, listTroubled, type Trouble } from '../../src/network/hygiene.ts'
import { correctAddress, dropAddress, markAddressGood } from '../../src/network/hygiene-actions.ts'
import { erasedReason, suppress } from '../../src/network/suppression.ts'
import { closeAddress, markAddress } from '../../src/tracking/close-address.ts'
import { freshDatabase } from '../database.ts'
import { cast, type World, world } from '../world.ts'
import { seedCrowd } from './crowd.ts'

let there: World
const whole: Scope = { of: 'network' }
beforeEach(async () => {
  there = await world()
})
afterEach(() => there.close())

const deps = () => ({ db: there.context.db, wall: there.clock })
const addressOf = async (value: string) =>
  (await there.context.db.select().from(addresses).where(eq(addresses.normalised, value)))[0]!
const said = (addressId: string, reason: string) => ({
  networkId: there.network.id,
  addressId,
  reason,
  source: 'test',
  occurredAt: there.clock.now(),
  recordedAt: there.clock.now(),
})
const close = async (value: string, status: 'bounced' | 'dead', reason: string) => {
  const { id } = await addressOf(value)
  await there.context.db.transaction((tx) => closeAddress(tx, said(id, reason), status))
  return id
}
const list = async (trouble?: Trouble, scope: Scope = whole) =>
  (await listTroubled(there.context.db, there.network.id, scope, { trouble })).rows

describe('the queue', () => {
  test('holds what bounced, is dead or came back, with who has it and why', async () => {
    await close(cast.odile.email, 'bounced', 'unknown_mailbox')
    await close(cast.marcel.mobile, 'dead', 'unknown_number')
    const [site] = await there.context.db.select().from(sites).where(eq(sites.externalId, 'S3'))
    await there.context.db.transaction((tx) =>
      markAddress(tx, said(site!.postalAddressId!, 'UNKNOWN_RECIPIENT'), 'quarantined'),
    )
    const rows = await list()
    expect(rows.map(({ trouble, address, holders }) => [trouble, address.statusReason, holders[0]?.name])).toEqual([
      ['bounced', 'unknown_mailbox', 'Odile Martin'],
      ['dead', 'unknown_number', 'Marcel Poteau'],
      ['returned', 'UNKNOWN_RECIPIENT', 'Le Comptoir du Rhône'],
      ...rows.slice(3).map(({ trouble, address, holders }) => [trouble, address.statusReason, holders[0]?.name]),
    ])
    expect((await list('dead')).map(({ address }) => address.normalised)).toEqual([cast.marcel.mobile])
    expect(await countTroubled(there.context.db, there.network.id)).toMatchObject({ bounced: 1, dead: 1, returned: 1 })
  })

  test('holds mailboxes of a team that a person has as theirs', async () => {
    const [row] = await list('shared')
    expect(row).toMatchObject({ trouble: 'shared', address: { normalised: cast.lucas.email } })
    expect(row!.holders.map((holder) => holder.name)).toContain('Lucas Petit')
  })

  test('shows nobody outside the scope', async () => {
    await close(cast.odile.email, 'bounced', 'unknown_mailbox')
    const { id } = await addressOf(cast.odile.email)
    const elsewhere: Scope = { of: 'sites', areas: ['Corse'], siteIds: [] }
    const there2: Scope = { of: 'sites', areas: ['Auvergne-Rhône-Alpes'], siteIds: [] }
    expect(await list('bounced', elsewhere)).toEqual([])
    expect(await list('bounced', there2)).toHaveLength(1)
    expect(await findTroubled(there.context.db, there.network.id, elsewhere, id)).toBeUndefined()
  })

  test('forgets an address that nobody has any more', async () => {
    const id = await close(cast.odile.email, 'bounced', 'unknown_mailbox')
    await dropAddress(deps(), there.network, id, 'user-1')
    expect(await list('bounced')).toEqual([])
    expect((await countTroubled(there.context.db, there.network.id)).bounced).toBe(0)
  })
})

test('paging through the queue yields each address once, also when all became so at the same time', async () => {
  const store = await freshDatabase()
  try {
    const crowd = await seedCrowd(store.db, { sites: 10, contacts: 160 })
    for (const status of ['bounced', 'dead'] as const)
      await store.db
        .update(addresses)
        .set({ status })
        .where(eq(addresses.kind, status === 'dead' ? 'mobile' : 'email'))
    const found: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listTroubled(store.db, crowd.network.id, whole, { cursor })
      found.push(...page.rows.map(({ address }) => address.id))
      if (!page.next) break
      cursor = page.next
    }
    expect(new Set(found).size).toBe(found.length)
    expect(found).toHaveLength(crowd.mailboxOf.size * 2)
  } finally {
    await store.drop()
  }
})

describe('an address that is still good', () => {
  test('is used again, and what had closed it by itself is lifted', async () => {
    const id = await close(cast.odile.email, 'bounced', 'unknown_mailbox')
    await markAddressGood(deps(), there.network, id, 'user-1')
    const after = await addressOf(cast.odile.email)
    expect(after).toMatchObject({ status: 'valid', statusReason: null })
    const [closure] = await there.context.db.select().from(suppressions).where(eq(suppressions.addressHash, after.hash))
    expect(closure?.liftedAt).not.toBeNull()
    const [entry] = await there.context.db.select().from(auditEntries)
    expect(entry).toMatchObject({
      action: 'address.change',
      subject: id,
      data: { from: 'bounced', to: 'valid', lifted: 1 },
    })
  })

  test('keeps the wishes of the person: a STOP and an erasure stay', async () => {
    const id = await close(cast.marcel.mobile, 'dead', 'unknown_number')
    const { hash } = await addressOf(cast.marcel.mobile)
    const wish = {
      networkId: there.network.id,
      addressHash: hash,
      source: 'test',
      occurredAt: there.clock.now(),
    }
    await there.context.db.transaction(async (tx) => {
      await suppress(tx, { ...wish, scope: 'channel_sender', channel: 'sms', senderId: 's', reason: 'stop' })
    })
    await there.context.db
      .update(suppressions)
      .set({ reason: erasedReason })
      .where(and(eq(suppressions.addressHash, hash), eq(suppressions.scope, 'address')))
    await markAddressGood(deps(), there.network, id, 'user-1')
    const left = await there.context.db.select().from(suppressions).where(eq(suppressions.addressHash, hash))
    expect(left.map((one) => [one.scope, one.liftedAt])).toEqual(
      expect.arrayContaining([
        ['address', null],
        ['channel_sender', null],
      ]),
    )
  })

  test('a shared mailbox is said to be one person’s own', async () => {
    const { id } = await addressOf(cast.lucas.email)
    await markAddressGood(deps(), there.network, id, 'user-1')
    expect(await addressOf(cast.lucas.email)).toMatchObject({ isShared: false })
    expect(await list('shared')).toEqual([])
  })
})

describe('an address is corrected', () => {
  test('for the person, the old one stays behind and out of the queue’s way', async () => {
    const id = await close(cast.marcel.mobile, 'dead', 'unknown_number')
    expect(await correctAddress(deps(), there.network, id, '06 39 98 55 55', 'user-1')).toBe(1)
    const own = await addressesOfContact(there.context.db, there.network.id, await there.contactId('P1'))
    expect(own.map(({ value, rank }) => [value, rank])).toEqual([
      ['+33639985555', 0],
      [cast.marcel.mobile, 1],
    ])
    expect(await list('dead')).toEqual([])
  })

  test('and for the site whose mailbox it is', async () => {
    const id = await close('contact@batipro.example.com', 'bounced', 'unknown_mailbox')
    await correctAddress(deps(), there.network, id, 'bonjour@batipro.example.com', 'user-1')
    const [site] = await there.context.db.select().from(sites).where(eq(sites.externalId, 'S2'))
    expect(site!.mailboxAddressId).toBe((await addressOf('bonjour@batipro.example.com')).id)
  })

  test.each([
    ['', 'required'],
    ['odile@', 'incomplete'],
    [cast.odile.email, 'same'],
  ])('not by “%s”', async (typed, code) => {
    const id = await close(cast.odile.email, 'bounced', 'unknown_mailbox')
    await expect(correctAddress(deps(), there.network, id, typed, 'user-1')).rejects.toMatchObject({
      problems: { value: code },
    })
    await expect(correctAddress(deps(), there.network, 'nowhere', 'a@b.fr', 'user-1')).rejects.toThrow(EditProblems)
  })
})
