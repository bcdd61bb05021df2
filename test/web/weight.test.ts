import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { type Browsing, serveSmallNetwork } from './browsing.ts'
import { pagePaths } from './pages.ts'

const kilobyte = 1_000
const most = 100 * kilobyte

let here: Browsing
let cookie: string

beforeAll(async () => {
  here = await serveSmallNetwork()
  const { wall, context } = here.site.deps
  const link = new URL(
    await createOwnerSignInLink({ db: here.store.db, wall, random: context.random, publicUrl: here.publicUrl }),
  )
  const answer = await get(link.pathname, 'POST')
  cookie = answer.cookies.map((each) => each.split(';')[0]).join('; ')
  expect(cookie).not.toBe('')
})
afterAll(() => here?.close())

interface Answer {
  bytes: number
  type: string
  text: string
  cookies: string[]
}

/** Bytes as they cross the wire, which a browser asks to be packed. */
function get(path: string, method: 'GET' | 'POST' = 'GET', encoding = 'identity'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'accept-encoding': encoding,
      accept: 'text/html',
      origin: here.publicUrl,
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...(cookie ? { cookie } : {}),
    }
    const sent = request(here.publicUrl + path, { method, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const body = Buffer.concat(parts)
        resolve({
          bytes: body.length,
          type: response.headers['content-type'] ?? '',
          text: body.toString('utf8'),
          cookies: response.headers['set-cookie'] ?? [],
        })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const assetsOf = (html: string): string[] => [
  ...new Set(
    [...html.matchAll(/<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"/g)].map(([, address]) => address!),
  ),
]

test('every page brings less than 100 kB of style and script', async () => {
  const weights = new Map<string, number>()
  const heavy: string[] = []
  let pages = 0
  for (const path of await pagePaths(here.demo, here.store.db)) {
    const { text, type } = await get(path)
    if (!type.startsWith('text/html')) continue
    pages += 1
    let weight = 0
    for (const address of assetsOf(text)) {
      expect(address, `${path} takes it from elsewhere`).toMatch(/^\/assets\//)
      if (!weights.has(address)) weights.set(address, (await get(address, 'GET', 'gzip')).bytes)
      weight += weights.get(address)!
    }
    if (weight >= most) heavy.push(`${path}: ${weight} bytes`)
  }
  expect(heavy).toEqual([])
  expect(pages).toBeGreaterThan(10)
  expect([...weights.keys()].some((address) => address.endsWith('.css'))).toBe(true)
  expect(Math.min(...weights.values())).toBeGreaterThan(0)
})
