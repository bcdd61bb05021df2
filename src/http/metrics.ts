import { createHash, timingSafeEqual } from 'node:crypto'
import type { AppDeps } from '../app-deps.ts'
import type { PageHandler } from './page-env.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * `/metrics` in Prometheus' text format, for whoever METRICS lets in. Without that setting the page does not exist;
 * with a token, only who brings it as a bearer (RFC 6750) is answered.
 */
export const metricsHandler =
  ({ context, metricsAccess }: Pick<AppDeps, 'context' | 'metricsAccess'>): PageHandler =>
  async (c) => {
    if (metricsAccess === undefined) return c.notFound()
    const given = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    if (metricsAccess !== 'on' && !timingSafeEqual(digest(given), digest(metricsAccess)))
      return c.body('Bring the token of METRICS as a bearer.\n', 401, { 'www-authenticate': 'Bearer' })
    const { body, type } = await context.metrics.text()
    return c.body(body, 200, { 'content-type': type, 'cache-control': 'no-store' })
  }
