import { clientIpHeader } from '../accounts/auth.ts'

/** What `@hono/node-server` hands to every request: the connection it came on. */
export interface Connection {
  incoming?: { socket?: { remoteAddress?: string } }
}

/** The address at the other end of the connection; IPv4 reached through an IPv6 socket is given as IPv4. */
export const socketAddress = (connection: Connection | undefined): string | undefined =>
  connection?.incoming?.socket?.remoteAddress?.replace(/^::ffff:/, '')

/**
 * The request's headers with the client's address as our own socket saw it (OWASP ASVS 5.0, 4.1.3 and 15.3.4):
 * a header of that name, or `X-Forwarded-For`, sent by the client proves nothing and is dropped.
 */
export function withClientIp(given: Headers, connection: Connection | undefined): Headers {
  const headers = new Headers(given)
  headers.delete(clientIpHeader)
  headers.delete('x-forwarded-for')
  const address = socketAddress(connection)
  if (address) headers.set(clientIpHeader, address)
  return headers
}
