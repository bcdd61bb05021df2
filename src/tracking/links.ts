import { and, eq, inArray } from 'drizzle-orm'
import { v5 } from 'uuid'
import type { Db, Tx } from '../db/index.ts'
import { links } from '../db/schema.ts'
import type { Random } from '../random.ts'

export type LinkRow = typeof links.$inferSelect

/** Neither 0 and O nor 1, I and L, and no U (mistaken for V): a code may be typed from paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 8
const codePattern = new RegExp(`^[${alphabet}]{${codeLength}}$`)

/** Links are named by what they are (RFC 9562 §5.5), so that a retry finds its row by key and makes no second one. */
const linkNamespace = '5b0f1c9e-6f0e-4f0a-9a3d-0d3b7a9a2c11'
const linkId = (...parts: string[]) => v5(parts.join('\u0000'), linkNamespace)

/**
 * The address as it may stand in a `Location` header: ASCII, percent-encoded (RFC 9110 §10.2.2). Only web addresses
 * may be followed. Throws for anything else, with the address shortened.
 */
function webUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:')
    throw new Error(`A tracked link must be an http or https address, not “${url.slice(0, 80)}”.`)
  return parsed.href
}

/**
 * One row per message and address, whoever clicks: e-mail links carry the link's id and the delivery's in a
 * signed token. Returns the link's id by address.
 */
export async function ensureLinks(
  tx: Tx,
  { networkId, messageId, urls }: { networkId: string; messageId: string; urls: readonly string[] },
  now: Date,
): Promise<Map<string, string>> {
  const ids = new Map(urls.map((url) => [url, linkId(networkId, messageId, 'click', webUrl(url))]))
  if (ids.size === 0) return ids
  const known = await tx
    .select({ id: links.id })
    .from(links)
    .where(and(eq(links.networkId, networkId), inArray(links.id, [...ids.values()])))
  const present = new Set(known.map((row) => row.id))
  const rows = [...ids]
    .filter(([, id]) => !present.has(id))
    .map(([url, id]) => ({ networkId, id, messageId, kind: 'click' as const, url: webUrl(url), createdAt: now }))
  if (rows.length > 0) await tx.insertRows(links, rows, 'ignore')
  return ids
}

export interface CodeRequest {
  networkId: string
  messageId: string
  /** Null when every recipient shares the code. */
  deliveryId: string | null
  kind: 'qr' | 'sms'
  url: string
  expiresAt?: Date
}

/** Eight characters drawn evenly: 30⁸ = 6.6·10¹¹ codes, so a guess is hopeless behind a rate limit. */
export function drawCode(random: Random): string {
  const even = 256 - (256 % alphabet.length)
  let code = ''
  while (code.length < codeLength)
    for (const byte of random.bytes(codeLength)) {
      if (byte < even && code.length < codeLength) code += alphabet[byte % alphabet.length]
    }
  return code
}

/**
 * Codes for short links on paper and in SMS, in the order asked. Asked again for the same delivery and
 * address, the same code comes back. Throws when free codes cannot be found (a broken random source).
 */
export async function createCodes(
  tx: Tx,
  requests: readonly CodeRequest[],
  randomFor: (request: CodeRequest) => Random,
  now: Date,
): Promise<string[]> {
  const idOf = (request: CodeRequest) =>
    linkId(request.networkId, request.messageId, request.kind, request.deliveryId ?? '', webUrl(request.url))
  const wanted = new Map(requests.map((request) => [idOf(request), request]))
  const codes = new Map<string, string>()
  const random = new Map([...wanted].map(([id, request]) => [id, randomFor(request)]))
  for (let round = 0; round < 10; round++) {
    for (const [networkId, ids] of byNetwork(wanted, codes)) {
      const rows = await tx
        .select({ id: links.id, code: links.code })
        .from(links)
        .where(and(eq(links.networkId, networkId), inArray(links.id, ids)))
      for (const row of rows) if (row.code) codes.set(row.id, row.code)
    }
    const missing = [...wanted].filter(([id]) => !codes.has(id))
    if (missing.length === 0) return requests.map((request) => codes.get(idOf(request))!)
    await tx.insertRows(
      links,
      missing.map(([id, request]) => ({
        ...request,
        url: webUrl(request.url),
        id,
        code: drawCode(random.get(id)!),
        createdAt: now,
      })),
      'ignore',
    )
  }
  throw new Error('No free link code was found in ten draws: the random source repeats itself.')
}

function byNetwork(wanted: ReadonlyMap<string, CodeRequest>, codes: ReadonlyMap<string, string>) {
  const groups = new Map<string, string[]>()
  for (const [id, { networkId }] of wanted) {
    if (codes.has(id)) continue
    const ids = groups.get(networkId)
    if (ids) ids.push(id)
    else groups.set(networkId, [id])
  }
  return groups
}

/** One code, see `createCodes`. */
export async function createCode(tx: Tx, request: CodeRequest, random: Random, now: Date): Promise<string> {
  return (await createCodes(tx, [request], () => random, now))[0]!
}

/** The link behind a typed or scanned code, lower case forgiven. Whether it has expired is for the caller to see. */
export async function resolveCode(db: Db | Tx, code: string): Promise<LinkRow | undefined> {
  const typed = code.trim().toUpperCase()
  if (!codePattern.test(typed)) return undefined
  const [link] = await db.select().from(links).where(eq(links.code, typed)).limit(1)
  return link
}

/** The link a click token names. */
export async function resolveLink(db: Db | Tx, networkId: string, id: string): Promise<LinkRow | undefined> {
  const [link] = await db
    .select()
    .from(links)
    .where(and(eq(links.networkId, networkId), eq(links.id, id)))
    .limit(1)
  return link
}
