import { BlockList, isIP } from 'node:net'
import { clientIpHeader } from '../accounts/auth.ts'

/** What `@hono/node-server` hands to every request: the connection it came on. */
export interface Connection {
  incoming?: { socket?: { remoteAddress?: string } }
}

const thisMachine = new BlockList()
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4')
thisMachine.addAddress('::1', 'ipv6')

/** The address at the other end of the connection; IPv4 reached through an IPv6 socket is given as IPv4. */
const socketAddress = (connection: Connection | undefined): string | undefined =>
  connection?.incoming?.socket?.remoteAddress?.replace(/^::ffff:/, '')

/**
 * Who asks. Nothing a client says of itself counts (OWASP ASVS 5.0, 4.1.3 and 15.3.4): `X-Forwarded-For` is read
 * only from a proxy on this machine, and of it only the last address, which is the one that proxy saw.
 */
export function clientAddress(given: Headers, connection: Connection | undefined): string | undefined {
  const peer = socketAddress(connection)
  const family = isIP(peer ?? '')
  if (!peer || family === 0 || !thisMachine.check(peer, family === 4 ? 'ipv4' : 'ipv6')) return peer
  const seen = given.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  return isIP(seen) ? seen : peer
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
