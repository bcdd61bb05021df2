import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { trimTrailingSlash } from 'hono/trailing-slash'
import { createAuth } from './accounts/auth.ts'
import type { AppDeps } from './app-deps.ts'
import { networks } from './db/schema.ts'
import { clientAddress } from './http/client-ip.ts'
import { createGuards } from './http/guard.ts'
import type { PageEnv } from './http/page-env.ts'
import { createProblems } from './http/problems.tsx'
import { bodySize, sameSiteForms, securityHeaders } from './http/security.ts'
import { trackingRoutes } from './tracking/routes.tsx'
import { loadAssets } from './web/assets.ts'
import { consoleHandlers } from './web/console/handlers.tsx'
import { campaignOf, contactOf, deliveryOf, networkOf } from './web/console/locate.ts'
import { publicHandlers } from './web/public/handlers.tsx'

export type { Advance, AppDeps } from './app-deps.ts'

const kilobyte = 1024

/** Every route, each with its permission on its line. */
export function createApp(deps: AppDeps): Hono<PageEnv> {
  const { db, publicUrl } = deps
  const auth = createAuth(deps)
  const assets = loadAssets()
  const { open, signedIn, may } = createGuards(auth, db)
  const problems = createProblems(deps, assets)
  const front = publicHandlers(deps, assets, auth)
  const page = consoleHandlers(deps, assets)

  const app = new Hono<PageEnv>()
  app.use(securityHeaders(publicUrl))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: problems.wrongMethod }))
  app.use(trimTrailingSlash())
  app.use(sameSiteForms(publicUrl))
  app.use('/console/*', bodySize(64 * kilobyte))
  app.use('/sign-in/*', bodySize(64 * kilobyte))
  app.onError(problems.onError)
  app.notFound(problems.notFound)

  app.get('/', open, front.start)
  app.get('/sign-in/:token', open, front.lookAtLink)
  app.post('/sign-in/:token', open, front.useLink)
  app.post('/sign-out', signedIn, front.signOut)
  app.get('/assets/:version/:name', open, assets.serve)

  app.get('/console', signedIn, page.home)
  app.get('/console/campaigns/:id', may('campaign.read', campaignOf(db)), page.campaign)
  app.post('/console/campaigns/:id/clock', may('clock.advance', campaignOf(db)), page.moveClock)
  app.get('/console/outbox', may('delivery.read', networkOf(db)), page.outbox)
  app.get('/console/outbox/:id', may('delivery.read', deliveryOf(db)), page.delivery)
  app.get('/console/outbox/:id/content', may('delivery.read', deliveryOf(db)), page.deliveryContent)
  app.get('/console/outbox/:id/letter.pdf', may('delivery.read', deliveryOf(db)), page.letter)
  app.get('/console/contacts/:id', may('contact.read', contactOf(db)), page.contact)

  app.get('/healthz', open, (c) => c.json({ status: 'ok', version: deps.version }))
  app.get('/readyz', open, async (c) => {
    const reasons = deps.unready?.() ?? []
    try {
      await db.select({ one: sql`1` }).from(networks).limit(1)
    } catch {
      reasons.push('The database does not answer.')
    }
    return c.json({ status: reasons.length > 0 ? 'not ready' : 'ready', reasons }, reasons.length > 0 ? 503 : 200)
  })

  // Last, since its routes set headers for all that comes after them.
  app.route(
    '/',
    trackingRoutes({
      db,
      wall: deps.wall,
      keys: deps.keys,
      channels: deps.channels,
      publicUrl,
      clientIp: (c) => clientAddress(c.req.raw.headers, c.env),
      stylesheet: assets.url('relais.css'),
      icon: assets.url('icon.svg'),
      onRefused: deps.onRefused,
    }),
  )
  return app
}
