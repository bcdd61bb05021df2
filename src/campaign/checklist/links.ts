import { createHash } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { linkChecks } from '../../db/schema.ts'

/** Whether an address on the web answers; `private` and `invalid` are not tried at all. */
export type LinkOutcome = 'answers' | 'broken' | 'silent' | 'private' | 'invalid'

export interface LinkResult {
  url: string
  outcome: LinkOutcome
  status?: number
  /** Wall time; undefined when it was never tried. */
  checkedAt?: Date
}

/** What looking at a link needs of the world outside; tests bring their own. */
export interface LinkReach {
  fetch(url: string, init: { method: 'HEAD' | 'GET'; redirect: 'manual'; signal: AbortSignal }): Promise<LinkAnswer>
  /** The addresses a name stands for. */
  resolve(hostname: string): Promise<string[]>
}

interface LinkAnswer {
  status: number
  headers: { get(name: string): string | null }
}

const timeoutMs = 5_000
const mostRedirects = 5
/** A result is good for an hour (wall time). */
export const linkFreshMs = 3_600_000

/** Addresses of machines and networks of one’s own (RFC 6890): a link must not make us knock there. */
const own = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  own.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  own.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is anybody’s to reach; an IPv4 address dressed as IPv6 is judged as what it is. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address
  const family = isIP(plain)
  if (family === 0 || /^::ffff:/i.test(plain)) return false
  return !own.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Tries one link: HEAD, then GET where a server knows no HEAD. Each address on the way is looked up first, and none
 * that is not public is called. Never throws.
 */
export async function tryLink(reach: LinkReach, url: string): Promise<Pick<LinkResult, 'outcome' | 'status'>> {
  let at = url
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const target = URL.canParse(at) ? new URL(at) : undefined
    if (!target || !/^https?:$/.test(target.protocol) || target.username !== '') return { outcome: 'invalid' }
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const addresses = isIP(host) ? [host] : await reach.resolve(host).catch(() => [])
    if (addresses.length === 0) return { outcome: 'silent' }
    if (!addresses.every(isPublicAddress)) return { outcome: 'private' }
    const answer = await answerOf(reach, at)
    if (!answer) return { outcome: 'silent' }
    const next = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null
    if (next === null) return { outcome: answer.status < 400 ? 'answers' : 'broken', status: answer.status }
    at = URL.canParse(next, at) ? new URL(next, at).href : next
  }
  return { outcome: 'broken' }
}

async function answerOf(reach: LinkReach, url: string): Promise<LinkAnswer | undefined> {
  const ask = (method: 'HEAD' | 'GET') =>
    reach.fetch(url, { method, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined)
  const head = await ask('HEAD')
  return head && head.status !== 405 && head.status !== 501 && head.status !== 403 ? head : ((await ask('GET')) ?? head)
}

/** The web as it is. */
export const theWeb: LinkReach = {
  fetch: (url, init) => fetch(url, init),
  resolve: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
}

const hashOf = (url: string): string => createHash('sha256').update(url).digest('hex')

/** What is known of links; one that was never tried, or too long ago, is `undefined`. */
export async function knownLinks(
  tx: Tx,
  networkId: string,
  urls: readonly string[],
  wallNow: Date,
): Promise<Map<string, LinkResult | undefined>> {
  const rows =
    urls.length === 0
      ? []
      : await tx
          .select()
          .from(linkChecks)
          .where(and(eq(linkChecks.networkId, networkId), inArray(linkChecks.urlHash, urls.map(hashOf))))
  const byHash = new Map(rows.map((row) => [row.urlHash, row]))
  return new Map(
    urls.map((url) => {
      const row = byHash.get(hashOf(url))
      const isFresh = row !== undefined && wallNow.getTime() - row.checkedAt.getTime() < linkFreshMs
      return [
        url,
        isFresh
          ? { url, outcome: row.outcome as LinkOutcome, status: row.status ?? undefined, checkedAt: row.checkedAt }
          : undefined,
      ]
    }),
  )
}

/** Tries the links nothing is known of, side by side, and keeps what came of it. */
export async function checkLinks(
  tx: Tx,
  networkId: string,
  urls: readonly string[],
  reach: LinkReach,
  wallNow: Date,
): Promise<void> {
  const known = await knownLinks(tx, networkId, urls, wallNow)
  const results = await Promise.all(
    urls.filter((url) => !known.get(url)).map(async (url) => ({ url, ...(await tryLink(reach, url)) })),
  )
  for (const { url, outcome, status } of results) {
    const found = { outcome, status: status ?? null, checkedAt: wallNow }
    await tx
      .insert(linkChecks)
      .values({ networkId, urlHash: hashOf(url), ...found })
      .onConflictDoUpdate({ target: [linkChecks.networkId, linkChecks.urlHash], set: found })
  }
}
