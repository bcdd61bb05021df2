import { clientIpHeader } from '../accounts/auth.ts'

/** What `@hono/node-server` hands to every request: the connection it came on. */
export interface Connection {
  incoming?: { socket?: { remoteAddress?: string } }
}

/**
 * The request's headers with the client's address as our own socket saw it (OWASP ASVS 5.0, 4.1.3 and 15.3.4):
 * a header of that name, or `X-Forwarded-For`, sent by the client proves nothing and is dropped.
 */
export function withClientIp(given: Headers, connection: Connection | undefined): Headers {
  const headers = new Headers(given)
  headers.delete(clientIpHeader)
  headers.delete('x-forwarded-for')
  const address = connection?.incoming?.socket?.remoteAddress
  if (address) headers.set(clientIpHeader, address.replace(/^::ffff:/, ''))
  return headers
}
