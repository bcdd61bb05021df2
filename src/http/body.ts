import type { Handler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { matchedRoutes } from 'hono/route'
import type { PageContext, PageMiddleware } from './page-env.ts'

const kilobyte = 1024
/** What any form of ours holds at most, unless its route says otherwise. */
const formBytes = 64 * kilobyte

interface Kind {
  /** The media type the route takes instead of a plain form. */
  type: 'multipart/form-data' | 'application/json'
}
const kinds = new WeakMap<object, Kind>()

/** Bodies of more than so many bytes are refused, 413, also where their length was not said before. */
export const limited = (maxSize: number): PageMiddleware =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new HTTPException(413, { message: `The body is larger than ${maxSize} bytes.` })
    },
  })

function takes(type: Kind['type'], maxSize: number): PageMiddleware {
  const limit = limited(maxSize)
  const body: PageMiddleware = (c, next) => limit(c, next)
  kinds.set(body, { type })
  return body
}

/**
 * On the line of a route that takes files, after its guard: a form with files of at most so many bytes in all. After
 * the guard, so that nothing is read from whoever may not send it.
 */
export const upload = (maxSize: number): PageMiddleware => takes('multipart/form-data', maxSize)

/** On the line of a route that our own script calls with JSON, after its guard. */
export const takesJson = (maxSize: number = formBytes): PageMiddleware => takes('application/json', maxSize)

/** What the route asked for says about its body, if it says anything. */
const kindOf = (c: PageContext): Kind | undefined =>
  matchedRoutes(c)
    .map(({ handler }: { handler: Handler }) => kinds.get(handler))
    .find((kind) => kind !== undefined)

const mediaType = (c: PageContext): string =>
  (c.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

/**
 * Whether a browser says that one of our pages sent this, by `Sec-Fetch-Site` or `Origin`; one proof is enough, none
 * is not.
 */
export function isFromOurPages(c: PageContext, publicUrl: string): boolean {
  const origin = c.req.header('origin')
  return (
    c.req.header('sec-fetch-site') === 'same-origin' ||
    origin === new URL(publicUrl).origin ||
    origin === new URL(c.req.url).origin
  )
}

/**
 * Refuses what another site sends with our cookie, whatever its type, and anything that is not a form of ours: other
 * types only where the route's line says so (OWASP ASVS 5.0, 3.5.1 and 3.5.2).
 */
export function ownForms(publicUrl: string, isCalledFromOutside: (path: string) => boolean): PageMiddleware {
  const limit = limited(formBytes)
  return async function ownForms(c, next) {
    if (isSafe(c.req.method) || isCalledFromOutside(c.req.path)) return next()
    if (!isFromOurPages(c, publicUrl)) throw new HTTPException(403, { message: 'This came from another site.' })
    const kind = kindOf(c)
    const type = mediaType(c)
    if (type !== 'application/x-www-form-urlencoded' && type !== kind?.type)
      throw new HTTPException(415, { message: `Send this as ${kind?.type ?? 'a form'}.` })
    return type === kind?.type ? next() : limit(c, next)
  }
}
