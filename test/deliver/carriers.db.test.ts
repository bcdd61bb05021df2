import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/channel.ts'
import { secrets } from '../../src/db/schema.ts'
import { type Carriers, createCarriers } from '../../src/deliver/carriers.ts'
import type { Credentials } from '../../src/network/credentials.ts'
import { saveCredentials } from '../../src/network/secrets.ts'
import { openVault, type Vault } from '../../src/network/vault.ts'
import { fakeRandom, type World, world } from '../world.ts'

let w: World
let vault: Vault
let carriers: Carriers
let built: Credentials[]
let closed: string[]
let lines: string[]

const hostOf = (credentials: Credentials) => (credentials.provider === 'smtp' ? credentials.host : '')

beforeEach(async () => {
  w = await world({ mode: 'live' })
  vault = openVault('a secret of the tests, long enough to be taken', fakeRandom('carriers'))
  built = []
  closed = []
  lines = []
  carriers = createCarriers({
    db: w.context.db,
    vault,
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    build: (credentials): Channel => {
      built.push(credentials)
      return {
        name: 'email',
        provider: credentials.provider,
        serves: 'live',
        perSend: 1,
        address: (book) => book.email,
        send: async () => [],
        close: async () => void closed.push(hostOf(credentials)),
      }
    },
    check: async () => ({ isGood: true }),
  })
})
afterEach(async () => {
  await carriers.close()
  await w.close()
})

const save = (host: string) =>
  w.context.db.transaction((tx) =>
    saveCredentials(
      tx,
      vault,
      { network: w.network, actor: 'test', at: w.clock.now() },
      {
        provider: 'smtp',
        security: 'tls',
        host,
        port: 465,
        user: 'animation',
        password: 'swordfish',
        from: 'animation@vauquelin.example.com',
      },
    ),
  )
const borrow = () => carriers.of(w.network, w.context.channels)

describe('the adapter of an account', () => {
  test('is built when it is first needed, and kept as long as what is stored is the same', async () => {
    await save('one.example.com')
    expect(built).toEqual([])
    const [first, second] = [await borrow(), await borrow()]
    expect(built).toHaveLength(1)
    expect(first.channels[0]).toBe(second.channels[0])
    await Promise.all([first.release(), second.release()])
    expect(closed).toEqual([])
  })

  test('is closed when it has been replaced, but not before the last who uses it is through', async () => {
    await save('one.example.com')
    const [first, second] = [await borrow(), await borrow()]
    await save('two.example.com')
    const later = await borrow()
    expect(later.channels[0]).not.toBe(first.channels[0])
    await first.release()
    expect(closed).toEqual([])
    await second.release()
    expect(closed).toEqual(['one.example.com'])
    await later.release()
    expect(closed).toEqual(['one.example.com'])
  })

  test('is closed when the account is forgotten, and when the installation closes', async () => {
    await save('one.example.com')
    await (await borrow()).release()
    await w.context.db.delete(secrets).where(eq(secrets.networkId, w.network.id))
    const without = await borrow()
    expect(without.channels).toEqual(w.context.channels)
    expect(closed).toEqual(['one.example.com'])
    await save('two.example.com')
    await (await borrow()).release()
    await carriers.close()
    expect(closed).toEqual(['one.example.com', 'two.example.com'])
  })
})

test('credentials that do not open are told to the log once, with the network, the provider and the cure', async () => {
  await save('one.example.com')
  await w.context.db.update(secrets).set({ keyId: 'another' })
  for (let look = 0; look < 3; look++) {
    const held = await borrow()
    expect([...held.unreadable]).toEqual(['email'])
    expect(held.channels.some((channel) => channel.name === 'email' && channel.serves === 'live')).toBe(false)
    await held.release()
  }
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({ network: 'reseau', provider: 'smtp' })
  expect(lines[0]).toContain('relais secrets rotate')
  expect(lines[0]).not.toContain('swordfish')
})
