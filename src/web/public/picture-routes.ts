import { createHash } from 'node:crypto'
import { HTTPException } from 'hono/http-exception'
import { mapPicture } from '../../challenge/theme/picture.ts'
import type { PageHandler } from '../../http/page-env.ts'
import { pictureAt } from '../../library/pictures.ts'
import type { House } from '../house.ts'

/**
 * Pictures where mail programs look for them: no cookie, no counting, the same bytes under the same address for ever.
 * There is no list, and no address can be guessed.
 */
export function pictureAddresses({ app, deps, guards: { open } }: House): void {
  const picture: PageHandler = async (c) => {
    const found = await pictureAt(deps.db, c.req.param('file') ?? '')
    if (!found) throw new HTTPException(404)
    const etag = `"${found.hash.slice(0, 32)}"`
    const headers = { etag, 'cache-control': 'public, max-age=31536000, immutable' }
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
    return c.body(new Uint8Array(found.bytes), 200, {
      ...headers,
      'content-type': found.mime,
      'content-disposition': 'inline',
    })
  }
  const journey: PageHandler = async (c) => {
    const bytes = mapPicture((c.req.param('file') ?? '').replace(/\.png$/, ''))
    if (!bytes) throw new HTTPException(404)
    const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
    // A day: a journey may be drawn better by the next version.
    const headers = { etag, 'cache-control': 'public, max-age=86400' }
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
    return c.body(bytes, 200, { ...headers, 'content-type': 'image/png', 'content-disposition': 'inline' })
  }
  app.get('/i/:file', open, picture)
  app.get('/journey/:file', open, journey)
}
