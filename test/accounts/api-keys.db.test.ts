import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isKeyText, keyHash, newKeyText } from '../../src/accounts/api-key-text.ts'
import { createKey, listKeys, revokeKey, useKey } from '../../src/accounts/api-keys.ts'
import { openDatabase } from '../../src/db/index.ts'
import { apiKeys, auditEntries } from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { seedSmallNetwork } from '../web/small-network.ts'

let store: TestDatabase
let network: { id: string; mode: 'sandbox' | 'live' }
const now = new Date('2026-11-22T09:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

beforeAll(async () => {
  store = await freshDatabase()
  const demo = await seedSmallNetwork(store.db)
  network = { id: demo.networkId, mode: 'sandbox' }
})
afterAll(() => store.drop())

const make = (more: { perMinute?: number; days?: 30 | 90 | 365 } = {}) =>
  store.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      network,
      name: 'Extranet',
      permissions: ['contact.read'],
      days: 30,
      perMinute: 100,
      createdBy: 'u1',
      at: now,
      ...more,
    }),
  )

describe('the text of a key', () => {
  test('says where it works, is drawn from 256 bits and carries a checksum', () => {
    const zero = newKeyText('live', { bytes: (length) => new Uint8Array(length) })
    const most = newKeyText('sandbox', { bytes: (length) => new Uint8Array(length).fill(255) })
    expect(zero).toMatch(/^rl_live_0{43}[0-9A-Za-z]{6}$/)
    expect(most).toMatch(/^rl_test_[0-9A-Za-z]{49}$/)
    expect([isKeyText(zero), isKeyText(most)]).toEqual([true, true])
    expect(new Set(Array.from({ length: 500 }, () => newKeyText('live', systemRandom))).size).toBe(500)
  })

  test('with one character changed, cut or added it is no key', () => {
    const text = newKeyText('live', systemRandom)
    for (let at = 8; at < text.length; at += 1) {
      const other = text[at] === 'a' ? 'b' : 'a'
      expect(isKeyText(text.slice(0, at) + other + text.slice(at + 1)), `changed at ${at}`).toBe(false)
    }
    for (const wrong of [text.slice(1), text.slice(0, -1), `${text}0`, `${text}\n`, text.replace('live', 'test'), ''])
      expect(isKeyText(wrong), wrong).toBe(false)
  })
})

test('only the hash of a key is stored, with its last characters to tell it by', async () => {
  const { id, text } = await make()
  const [row] = await store.db.select().from(apiKeys).where(eq(apiKeys.id, id))
  expect(row).toMatchObject({ hash: keyHash(text), ending: text.slice(-4), scopes: ['contact.read'] })
  expect(JSON.stringify(row)).not.toContain(text.slice(8, 40))
  const [entry] = (await store.db.select().from(auditEntries)).filter((one) => one.subject === id)
  expect(entry).toMatchObject({ action: 'key.create', actor: 'u1', networkId: network.id })
  expect(JSON.stringify(entry)).not.toContain(text.slice(8, 40))
})

test('a key works until it expires or is revoked, and says which', async () => {
  const { id, text } = await make()
  expect(await useKey(store.db, text, later(1))).toMatchObject({
    is: 'let in',
    key: { id },
    network: { id: network.id },
  })
  expect((await useKey(store.db, text, later(30 * 86_400 - 1))).is).toBe('let in')
  expect(await useKey(store.db, text, later(30 * 86_400))).toEqual({ is: 'expired' })
  const revoke = () =>
    store.db.transaction((tx) => revokeKey(tx, { networkId: network.id, id, revokedBy: 'u1', at: later(2) }))
  expect(await revoke()).toBe(true)
  expect(await useKey(store.db, text, later(3))).toEqual({ is: 'revoked' })
  expect(await revoke()).toBe(false)
  const entries = (await store.db.select().from(auditEntries)).filter((one) => one.subject === id)
  expect(entries.map((entry) => entry.action).sort()).toEqual(['key.create', 'key.revoke'])
})

test('what is no key of ours is unknown, whether it could be one or not', async () => {
  expect(await useKey(store.db, newKeyText('sandbox', systemRandom), now)).toEqual({ is: 'unknown' })
  expect(await useKey(store.db, "' or 1=1 --", now)).toEqual({ is: 'unknown' })
})

test('another network cannot revoke it', async () => {
  const { id, text } = await make()
  const other = await seedSmallNetwork(store.db, { name: 'acme', number: 2, mode: 'live' })
  const revoked = await store.db.transaction((tx) =>
    revokeKey(tx, { networkId: other.networkId, id, revokedBy: 'u2', at: now }),
  )
  expect(revoked).toBe(false)
  expect((await useKey(store.db, text, later(1))).is).toBe('let in')
  expect((await listKeys(store.db, other.networkId)).length).toBe(0)
})

test('calls are counted per key and minute, by all processes together', async () => {
  const { text } = await make({ perMinute: 6 })
  const { text: another } = await make({ perMinute: 6 })
  const second = await openDatabase(store.location)
  const answers: string[] = []
  for (let n = 0; n < 4; n += 1)
    for (const db of [store.db, second]) answers.push((await useKey(db, text, later(n))).is)
  expect(answers).toEqual([...Array(6).fill('let in'), 'too many', 'too many'])
  expect(await useKey(second, text, later(4))).toEqual({ is: 'too many', waitMs: 56_000, perMinute: 6 })
  expect((await useKey(second, another, later(4))).is).toBe('let in')
  expect((await useKey(store.db, text, later(60))).is).toBe('let in')
  await second.close()
})

test('when it was last used is written at most once a minute', async () => {
  const { id, text } = await make()
  const lastUsedAt = async () => (await store.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.lastUsedAt
  expect(await lastUsedAt()).toBeNull()
  await useKey(store.db, text, later(1))
  await useKey(store.db, text, later(59))
  expect(await lastUsedAt()).toEqual(later(1))
  await useKey(store.db, text, later(61))
  expect(await lastUsedAt()).toEqual(later(61))
})
