import { asc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditFact, audit, headKey, headOf, headText } from '../../src/accounts/audit.ts'
import { cursorIn, cursorOf, listTrail, trailActors } from '../../src/accounts/audit-trail.ts'
import { verifyAudit } from '../../src/accounts/audit-verify.ts'
import { dialect, newId, openDatabase } from '../../src/db/index.ts'
import { apiKeys, auditEntries, installation, memberships, networks, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
beforeEach(async () => {
  store = await freshDatabase()
})
afterEach(() => store.drop())

const start = new Date('2026-11-22T09:00:00.123Z')
const fact = (n: number, more: Partial<AuditFact> = {}): AuditFact => ({
  networkId: 'n',
  actor: `u${n % 3}`,
  action: 'campaign.launch',
  subject: `c${n}`,
  data: { n, people: n * 10, steps: ['é', '"', '\\'], nothing: undefined, none: null, share: 0.1, isDrill: true },
  at: new Date(start.getTime() + n * 1_000),
  ...more,
})
const write = (given: AuditFact, db = store.db) => db.transaction((tx) => audit(tx, given))
async function fill(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await write(fact(n))
}
const entries = () => store.db.select().from(auditEntries).orderBy(asc(auditEntries.seq))
const head = async () => (await store.db.select().from(installation).where(eq(installation.key, headKey)))[0]?.value

test('entries are numbered without a gap, each continuing the one before, and the head is the last', async () => {
  await fill(5)
  const all = await entries()
  expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  for (const [n, entry] of all.entries()) expect(entry.previousHash).toBe(n === 0 ? '0'.repeat(64) : all[n - 1]!.hash)
  expect(await head()).toBe(`5:${all[4]!.hash}`)
  expect(await verifyAudit(store.db)).toEqual({ isWhole: true, entries: 5, head: { seq: 5, hash: all[4]!.hash } })
})

test('an empty trail is whole', async () => {
  expect(await verifyAudit(store.db)).toMatchObject({ isWhole: true, entries: 0 })
})

test('an act that is taken back leaves no entry and no gap', async () => {
  await fill(1)
  const undone = store.db.transaction(async (tx) => {
    await audit(tx, fact(2))
    throw new Error('no')
  })
  await expect(undone).rejects.toThrow('no')
  await write(fact(3))
  expect((await entries()).map(({ seq, subject }) => [seq, subject])).toEqual([
    [1, 'c1'],
    [2, 'c3'],
  ])
  expect((await verifyAudit(store.db)).isWhole).toBe(true)
})

test('several acts of one transaction are several entries', async () => {
  await store.db.transaction(async (tx) => {
    for (let n = 1; n <= 3; n += 1) await audit(tx, fact(n))
  })
  expect(await verifyAudit(store.db)).toMatchObject({ isWhole: true, entries: 3 })
})

test('whoever writes at the same moment takes turns, and no entry is lost', async () => {
  // One process owns a SQLite file; PostgreSQL serves several.
  const others = dialect === 'postgres' ? [await openDatabase(store.location), await openDatabase(store.location)] : []
  const all = [store.db, ...others]
  await Promise.all(all.flatMap((db, d) => Array.from({ length: 20 }, (_, n) => write(fact(d * 20 + n), db))))
  expect(new Set((await entries()).map(({ subject }) => subject)).size).toBe(all.length * 20)
  expect(await verifyAudit(store.db)).toMatchObject({ isWhole: true, entries: all.length * 20 })
  for (const db of others) await db.close()
})

describe('verify finds', () => {
  const change = (seq: number, set: Partial<typeof auditEntries.$inferInsert>) =>
    store.db.update(auditEntries).set(set).where(eq(auditEntries.seq, seq))
  const remove = (seq: number) => store.db.delete(auditEntries).where(eq(auditEntries.seq, seq))
  const setHead = (value: string) => store.db.update(installation).set({ value }).where(eq(installation.key, headKey))

  test.each<[string, Partial<typeof auditEntries.$inferInsert>]>([
    ['actor', { actor: 'someone else' }],
    ['action', { action: 'user.sign_in' }],
    ['subject', { subject: 'c9' }],
    ['network', { networkId: null }],
    ['data', { data: { n: 3, people: 31 } }],
    ['time', { at: new Date(start.getTime() + 3_001) }],
    ['id', { id: newId() }],
    ['hash', { hash: 'f'.repeat(64) }],
  ])('a changed %s', async (_, set) => {
    await fill(5)
    await change(3, set)
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 2, breach: 'changed', seq: 3 })
  })

  test('an entry that is gone, from the beginning, the middle or the end', async () => {
    await fill(6)
    await remove(6)
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 5, breach: 'cut', seq: 6 })
    await remove(3)
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 2, breach: 'missing', seq: 3 })
    await remove(1)
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 0, breach: 'missing', seq: 1 })
    await store.db.delete(auditEntries)
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 0, breach: 'cut', seq: 1 })
  })

  test('an entry put in the place of another, with a hash of its own', async () => {
    await fill(3)
    const other = await freshDatabase()
    for (const n of [1, 7, 3]) await other.db.transaction((tx) => audit(tx, fact(n)))
    const [, forged] = await other.db.select().from(auditEntries).orderBy(asc(auditEntries.seq))
    await other.drop()
    await remove(2)
    await store.db.insert(auditEntries).values(forged!)
    expect(await verifyAudit(store.db)).toMatchObject({ isWhole: false, seq: 2 })
  })

  test('entries that no head covers, and a head that is gone or is none', async () => {
    await fill(3)
    const [, second] = await entries()
    const whole = (await head())!
    await setHead(headText({ seq: 2, hash: second!.hash }))
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 2, breach: 'added', seq: 3 })
    await setHead(whole.replace(/.$/, (last) => (last === '0' ? '1' : '0')))
    expect(await verifyAudit(store.db)).toMatchObject({ isWhole: false, breach: 'added' })
    await setHead('three')
    expect(await verifyAudit(store.db)).toMatchObject({ isWhole: false, breach: 'head' })
    await expect(write(fact(4))).rejects.toThrow('no number and hash')
    await store.db.delete(installation)
    expect(await verifyAudit(store.db)).toMatchObject({ isWhole: false, breach: 'head' })
  })

  test('a chain written anew, by a head that was noted elsewhere', async () => {
    await fill(3)
    const noted = headOf((await head())!)
    await write(fact(4))
    expect(await verifyAudit(store.db, noted)).toMatchObject({ isWhole: true, entries: 4 })
    await store.db.delete(auditEntries)
    await store.db.delete(installation)
    await fill(2)
    await write(fact(8))
    expect((await verifyAudit(store.db)).isWhole).toBe(true)
    expect(await verifyAudit(store.db, noted)).toEqual({ isWhole: false, entries: 3, breach: 'noted', seq: 3 })
    expect(await verifyAudit(store.db, { ...noted, seq: 9 })).toMatchObject({ isWhole: false, breach: 'noted' })
  })

  test('the one wrong entry among more than a page of them', async () => {
    await store.db.transaction(async (tx) => {
      for (let n = 1; n <= 1_003; n += 1) await audit(tx, fact(n))
    })
    expect(await verifyAudit(store.db)).toMatchObject({ isWhole: true, entries: 1_003 })
    await change(1_001, { subject: 'x' })
    expect(await verifyAudit(store.db)).toEqual({ isWhole: false, entries: 1_000, breach: 'changed', seq: 1_001 })
  })
})

describe('the trail', () => {
  const person = async (name: string, networkId?: string) => {
    const id = newId()
    await store.db.insert(users).values({ id, name, email: `${name}@example.org`, createdAt: start, updatedAt: start })
    if (networkId)
      await store.db.insert(memberships).values({ networkId, userId: id, role: 'owner', scope: {}, createdAt: start })
    return id
  }
  const network = async (name: string, number: number) => {
    const id = newId()
    await store.db
      .insert(networks)
      .values({ id, number, name, title: name, mode: 'sandbox', settings: {}, createdAt: start })
    return id
  }

  test('shows a network its own acts and the sign-ins of its people, with the names of those who acted', async () => {
    const [here, there] = [await network('here', 1), await network('there', 2)]
    const [anna, boris] = [await person('Anna', here), await person('Boris', there)]
    const keyId = newId()
    await store.db
      .insert(apiKeys)
      .values({ networkId: here, id: keyId, name: 'Extranet', hash: 'h', scopes: [], perMinute: 1, createdAt: start })
    await write(fact(1, { networkId: here, actor: anna }))
    await write(fact(2, { networkId: there, actor: boris }))
    await write(fact(3, { networkId: null, actor: anna, action: 'user.sign_in' }))
    await write(fact(4, { networkId: null, actor: boris, action: 'user.sign_in' }))
    await write(fact(5, { networkId: here, actor: `key:${keyId}`, action: 'campaign.create' }))
    await write(fact(6, { networkId: here, actor: 'operator' }))
    const { entries: seen } = await listTrail(store.db, { networkId: here }, 50)
    expect(seen.map(({ seq, actorName }) => [seq, actorName])).toEqual([
      [6, undefined],
      [5, 'Extranet'],
      [3, 'Anna'],
      [1, 'Anna'],
    ])
    expect((await listTrail(store.db, {}, 50)).entries.length).toBe(6)
    expect(await trailActors(store.db, here)).toEqual([
      { id: anna, name: 'Anna' },
      { id: `key:${keyId}`, name: 'Extranet' },
    ])
  })

  test('is filtered by act, actor and time, and paged without losing or repeating an entry', async () => {
    for (let n = 1; n <= 25; n += 1)
      // Three acts a moment: a page ends inside one.
      await write(fact(n, { at: new Date(start.getTime() + Math.floor(n / 3) * 1_000) }))
    await write(fact(26, { action: 'user.sign_in' }))
    const found: number[] = []
    let after = cursorIn('')
    do {
      const page = await listTrail(store.db, { action: 'campaign.launch', after }, 4)
      found.push(...page.entries.map(({ seq }) => seq))
      after = page.next && cursorIn(cursorOf(page.next))
    } while (after)
    expect(found).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n))
    const since = new Date(start.getTime() + 2_000)
    const until = new Date(start.getTime() + 3_000)
    expect((await listTrail(store.db, { since, until }, 50)).entries.map(({ seq }) => seq)).toEqual([8, 7, 6])
    expect((await listTrail(store.db, { actor: 'u1' }, 50)).entries.every(({ actor }) => actor === 'u1')).toBe(true)
  })

  test('takes no cursor that is none', () => {
    for (const text of ['', '1', '-1', '1-', "1-2'", 'a-b']) expect(cursorIn(text), text).toBeUndefined()
  })
})
