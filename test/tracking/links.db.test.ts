import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { links } from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { createCode, createCodes, ensureLinks, resolveCode, resolveLink } from '../../src/tracking/links.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { launch, smallNetwork } from './small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

test('an address of a message has one row, whoever asks and however often', async () => {
  const { networkId, messageId } = await smallNetwork(store.db)
  const urls = ['https://example.fr/a', 'https://example.fr/b?x=1&y=é']
  const first = await ensureLinks(store.db, { networkId, messageId, urls }, launch)
  const [again] = await Promise.all([
    store.db.transaction((tx) =>
      ensureLinks(tx, { networkId, messageId, urls: [...urls, 'https://example.fr/c'] }, launch),
    ),
    store.db.transaction((tx) => ensureLinks(tx, { networkId, messageId, urls: ['https://example.fr/c'] }, launch)),
  ])
  for (const url of urls) expect(again.get(url)).toBe(first.get(url))
  expect(await store.db.$count(links, eq(links.messageId, messageId))).toBe(3)
  expect(await resolveLink(store.db, networkId, first.get(urls[1]!)!)).toMatchObject({
    url: new URL(urls[1]!).href,
    messageId,
  })
  const other = await smallNetwork(store.db)
  expect(await resolveLink(store.db, other.networkId, first.get(urls[1]!)!)).toBeUndefined()
})

test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://example.fr', '/relative', ''])(
  'the address “%s” is refused',
  async (url) => {
    const { networkId, messageId } = await smallNetwork(store.db)
    await expect(ensureLinks(store.db, { networkId, messageId, urls: [url] }, launch)).rejects.toThrow(/http or https/)
  },
)

test('a retry of a delivery gets the same code, another delivery another one', async () => {
  const { networkId, messageId } = await smallNetwork(store.db)
  const request = { networkId, messageId, deliveryId: 'd1', kind: 'sms' as const, url: 'https://example.fr/a' }
  const code = await createCode(store.db, request, systemRandom, launch)
  expect(await createCode(store.db, request, systemRandom, launch)).toBe(code)
  const more = await createCodes(
    store.db,
    [request, { ...request, deliveryId: 'd2' }, { ...request, kind: 'qr' }],
    () => systemRandom,
    launch,
  )
  expect(more[0]).toBe(code)
  expect(new Set(more).size).toBe(3)
  expect(await resolveCode(store.db, ` ${code.toLowerCase()} `)).toMatchObject({ deliveryId: 'd1', kind: 'sms' })
})

test('a code that is taken is drawn again; a source that repeats itself for ever is an error', async () => {
  const { networkId, messageId } = await smallNetwork(store.db)
  const request = (deliveryId: string) => ({
    networkId,
    messageId,
    deliveryId,
    kind: 'qr' as const,
    url: 'https://example.fr/a',
  })
  let draws = 0
  const stutter = { bytes: (length: number) => new Uint8Array(length).fill(draws++ < 3 ? 1 : 2) }
  const first = await createCode(store.db, request('a'), stutter, launch)
  expect(await createCode(store.db, request('b'), stutter, launch)).not.toBe(first)
  const stuck = { bytes: (length: number) => new Uint8Array(length).fill(1) }
  await expect(createCode(store.db, request('c'), stuck, launch)).rejects.toThrow(/ten draws/)
})

test('what is not a code finds nothing', async () => {
  for (const text of ['', '1234567', '0OIL1U00', "' or 1=1 --", '2'.repeat(9)])
    expect(await resolveCode(store.db, text)).toBeUndefined()
})
