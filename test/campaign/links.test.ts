import { expect, test } from 'vitest'
import { isPublicAddress, type LinkReach, tryLink } from '../../src/campaign/checklist/links.ts'

/** A web of a few pages: what each answers, and where it leads. */
function web(pages: Record<string, { status: number; to?: string; onlyGet?: boolean }>) {
  const asked: string[] = []
  const reach: LinkReach = {
    fetch: async (url, { method }) => {
      asked.push(`${method} ${url}`)
      const page = pages[url]
      if (!page) throw new Error('ECONNREFUSED')
      const status = page.onlyGet && method === 'HEAD' ? 405 : page.status
      return { status, headers: { get: (name) => (name === 'location' ? (page.to ?? null) : null) } }
    },
    resolve: async (hostname) => (hostname === 'intern.example' ? ['10.0.0.7'] : ['203.0.113.9', '2001:db8::9']),
  }
  return { reach, asked }
}

test('a link that answers is good, also by way of another and where a server knows no HEAD', async () => {
  const { reach } = web({
    'https://a.example/': { status: 301, to: '/b' },
    'https://a.example/b': { status: 200, onlyGet: true },
  })
  expect(await tryLink(reach, 'https://a.example/')).toEqual({ outcome: 'answers', status: 200 })
})

test('a page that is missing, a server that says nothing and a circle are told apart', async () => {
  const { reach } = web({
    'https://a.example/gone': { status: 404 },
    'https://a.example/round': { status: 302, to: 'https://a.example/round' },
  })
  expect(await tryLink(reach, 'https://a.example/gone')).toEqual({ outcome: 'broken', status: 404 })
  expect(await tryLink(reach, 'https://a.example/silent')).toEqual({ outcome: 'silent' })
  expect(await tryLink(reach, 'https://a.example/round')).toEqual({ outcome: 'broken' })
})

test('no address of one’s own is ever called, by name, by number or by way of another', async () => {
  const { reach, asked } = web({
    'https://a.example/in': { status: 302, to: 'http://169.254.169.254/latest' },
    'https://intern.example/': { status: 200 },
  })
  for (const url of [
    'http://127.0.0.1:3000/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f.1/',
    'https://intern.example/',
    'https://a.example/in',
  ])
    expect(await tryLink(reach, url)).toEqual({ outcome: 'private' })
  expect(asked).toEqual(['HEAD https://a.example/in'])
  expect(await tryLink(reach, 'ftp://a.example/')).toEqual({ outcome: 'invalid' })
  expect(await tryLink(reach, 'https://me:secret@a.example/')).toEqual({ outcome: 'invalid' })
})

test('public addresses are public, others are not', () => {
  expect(['93.184.215.14', '2606:2800:21f:cb07::1'].map(isPublicAddress)).toEqual([true, true])
  expect(
    ['192.168.1.1', '100.64.0.1', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1', 'nowhere'].map(isPublicAddress),
  ).toEqual(Array(6).fill(false))
})
