import { NONCE, secureHeaders } from 'hono/secure-headers'
import type { PageMiddleware } from './page-env.ts'

/** Paths that mail programs and providers call: no cookie there, and their posts come from anywhere. */
const fromOutside = /^\/(o|c|q|u|a|i|prefs|webhooks|api)(\/|$)/
export const isCalledFromOutside = (path: string): boolean => fromOutside.test(path)

/** A rendered e-mail or post, shown inside a page of ours and nowhere else. */
const framedContent =
  /^\/console\/(outbox\/[^/]+\/content|library\/brand\/preview|campaigns\/[^/]+\/(write\/frame|words\/[^/]+\/[^/]+\/[^/]+\/content))$/

/** What somebody uploaded, as it is: opened by itself it must be a picture and nothing more. */
const uploaded = /^\/(i\/[^/]+|console\/library\/[^/]+\/picture)$/

/** A strict policy on every answer, errors too (OWASP ASVS 5.0, 3.4.3 and 3.4.6). */
export function securityHeaders(publicUrl: string): PageMiddleware {
  const shared = {
    strictTransportSecurity: publicUrl.startsWith('https://') && 'max-age=15552000; includeSubDomains',
    // Not no-referrer: with it browsers send "Origin: null" on our own forms, which the CSRF check must refuse.
    referrerPolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
  }
  const page = {
    ...shared,
    xFrameOptions: 'DENY',
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  }
  const own = secureHeaders(page)
  // A mail program shows our pixel inside its own page; and a token in an address is no one else's to read.
  const outside = secureHeaders({
    ...page,
    referrerPolicy: 'no-referrer',
    crossOriginResourcePolicy: 'cross-origin',
  })
  // The words of a message are an author's HTML: no script, no request (a preview must not count as an open).
  const framed = secureHeaders({
    ...shared,
    xFrameOptions: 'SAMEORIGIN',
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      // The library's own pictures, which count for nobody; nothing else of ours, and nothing of others.
      imgSrc: ['data:', `${publicUrl}/i/`],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
      baseUri: ["'none'"],
      sandbox: ['allow-same-origin'],
    },
  })
  // OWASP ASVS 5.0, 3.2.1: no script and no origin of ours, whatever the bytes turn out to be.
  const picture = secureHeaders({
    ...shared,
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    crossOriginResourcePolicy: 'cross-origin',
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
  })
  return function securityHeaders(c, next) {
    if (uploaded.test(c.req.path)) return picture(c, next)
    if (framedContent.test(c.req.path)) return framed(c, next)
    return isCalledFromOutside(c.req.path) ? outside(c, next) : own(c, next)
  }
}
