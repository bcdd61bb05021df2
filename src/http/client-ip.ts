import { BlockList, isIP } from 'node:net'
import { clientIpHeader } from '../accounts/auth.ts'
import type { AddressRange } from '../config/address-range.ts'
import type { PageMiddleware } from './page-env.ts'

/** What `@hono/node-server` hands to every request: the connection it came on. */
export interface Connection {
  incoming?: { socket?: { remoteAddress?: string } }
  /** Who asks, once `knowClient` has worked it out. */
  client?: { address?: string }
}

/** Whether somebody's word on where a request comes from is taken. */
export type Trusts = (address: string) => boolean

const thisMachine: readonly AddressRange[] = [
  { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
  { address: '::1', prefix: 128, family: 'ipv6' },
]

/** The proxies of an installation; only those on this machine unless others are named. */
export function trustedProxies(ranges: readonly AddressRange[] = thisMachine): Trusts {
  const list = new BlockList()
  for (const { address, prefix, family } of ranges) list.addSubnet(address, prefix, family)
  return (address) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** An address as it is written in headers and on sockets, also with a port, or IPv4 inside IPv6; else undefined. */
function addressIn(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.+)\](:\d{1,5})?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(bare) === 0 ? undefined : bare
}

/**
 * Who asks. Nothing a client says of itself counts (OWASP ASVS 5.0, 4.1.3 and 15.3.4): `X-Forwarded-For` is read only
 * from a proxy we trust, from its end, and up to the first address that is not a trusted proxy's: that one was seen
 * by our own proxy, and what stands before it is hearsay.
 */
export function clientAddress(
  given: Headers,
  connection: Connection | undefined,
  trusts: Trusts = trustedProxies(),
): string | undefined {
  if (connection?.client) return connection.client.address
  let client = addressIn(connection?.incoming?.socket?.remoteAddress ?? '')
  const seen = given.get('x-forwarded-for')?.split(',') ?? []
  while (client !== undefined && trusts(client)) {
    const before = addressIn(seen.pop() ?? '')
    if (before === undefined) break
    client = before
  }
  return client
}

/** Works out once, by the proxies of this installation, who asks; everything after it takes that answer. */
export const knowClient = (trusts: Trusts): PageMiddleware =>
  async function knowClient(c, next) {
    const { incoming } = c.env ?? {}
    c.env = { ...c.env, client: { address: clientAddress(c.req.raw.headers, { incoming }, trusts) } }
    await next()
  }

/** The request's headers with the client's address in our own header, whatever a client put there. */
export function withClientIp(given: Headers, connection: Connection | undefined): Headers {
  const headers = new Headers(given)
  const address = clientAddress(given, connection)
  headers.delete(clientIpHeader)
  headers.delete('x-forwarded-for')
  if (address) headers.set(clientIpHeader, address)
  return headers
}
