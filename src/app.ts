import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { trimTrailingSlash } from 'hono/trailing-slash'
import { createAuth } from './accounts/auth.ts'
import { apiRoutes } from './api/routes.tsx'
import type { AppDeps } from './app-deps.ts'
import { ownForms } from './http/body.ts'
import { callWorkers } from './http/call-workers.ts'
import { clientAddress, knowClient, trustedProxies } from './http/client-ip.ts'
import { createGuards } from './http/guard.ts'
import { metricsHandler } from './http/metrics.ts'
import type { PageEnv } from './http/page-env.ts'
import { createProblems } from './http/problems.tsx'
import { readinessOf } from './http/readiness.ts'
import { isCalledFromOutside, securityHeaders } from './http/security.ts'
import { mailInRoutes } from './mail-in/routes.ts'
import { trackingRoutes } from './tracking/routes.tsx'
import { accountRoutes } from './web/account/routes.tsx'
import { loadAssets } from './web/assets.ts'
import { challengeLinkRoutes } from './web/challenge/link-routes.tsx'
import { articleRoutes } from './web/console/articles/routes.tsx'
import { auditRoutes } from './web/console/audit/routes.tsx'
import { calendarRoutes } from './web/console/calendar/routes.tsx'
import { campaignRoutes } from './web/console/campaigns/routes.tsx'
import { challengeRoutes } from './web/console/challenge/routes.tsx'
import { challengeReportRoutes } from './web/console/challenge-report/routes.tsx'
import { duplicateRoutes } from './web/console/duplicates/routes.tsx'
import { haltRoutes } from './web/console/halt/routes.tsx'
import { homeRoutes } from './web/console/home/routes.tsx'
import { importRoutes } from './web/console/imports/routes.tsx'
import { inboxRoutes } from './web/console/inbox/routes.tsx'
import { keysRoutes } from './web/console/keys/routes.tsx'
import { libraryRoutes } from './web/console/library/routes.tsx'
import { networkRoutes } from './web/console/network/routes.tsx'
import { notificationRoutes } from './web/console/notifications/routes.tsx'
import { outboxRoutes } from './web/console/outbox/routes.tsx'
import { policyRoutes } from './web/console/policy/routes.tsx'
import { rankingRoutes } from './web/console/ranking/routes.tsx'
import { resultRoutes } from './web/console/results/routes.tsx'
import { searchRoutes } from './web/console/search/routes.tsx'
import { segmentRoutes } from './web/console/segments/routes.tsx'
import { settingsRoutes } from './web/console/settings/routes.tsx'
import { taskRoutes } from './web/console/tasks/routes.tsx'
import { clockMoves } from './web/console/time/clock-moves.ts'
import { timeRoutes } from './web/console/time/routes.ts'
import { usersRoutes } from './web/console/users/routes.tsx'
import { frameOf } from './web/frame.ts'
import type { House } from './web/house.ts'
import { partnerPortalRoutes } from './web/partner/routes.tsx'
import { pictureAddresses } from './web/public/picture-routes.ts'
import { signInRoutes } from './web/public/routes.tsx'

export type { Advance, AppDeps } from './app-deps.ts'

/** The whole site, room by room; each route's line says who may take it. */
export function createApp(deps: AppDeps): Hono<PageEnv> {
  const { db, publicUrl } = deps
  const auth = createAuth(deps)
  const assets = loadAssets()
  const guards = createGuards(auth, db)
  const { open } = guards
  const moves = clockMoves(deps)
  const problems = createProblems(deps, assets)

  const app = new Hono<PageEnv>()
  app.use(securityHeaders(publicUrl))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: problems.wrongMethod }))
  app.use(trimTrailingSlash())
  app.use(knowClient(trustedProxies(deps.trustedProxies)))
  app.use(ownForms(publicUrl, isCalledFromOutside))
  app.use(callWorkers(deps.context.queue))
  app.onError(problems.onError)
  app.notFound(problems.notFound)

  const house: House = {
    app,
    deps,
    assets,
    auth,
    guards,
    moves,
    view: (c) => frameOf(c, { assets, deps, moves }),
  }
  signInRoutes(house)
  accountRoutes(house)
  auditRoutes(house)
  duplicateRoutes(house)
  homeRoutes(house)
  importRoutes(house)
  inboxRoutes(house)
  keysRoutes(house)
  libraryRoutes(house)
  campaignRoutes(house)
  calendarRoutes(house)
  challengeLinkRoutes(house)
  challengeRoutes(house)
  partnerPortalRoutes(house)
  networkRoutes(house)
  notificationRoutes(house)
  haltRoutes(house)
  outboxRoutes(house)
  taskRoutes(house)
  articleRoutes(house)
  policyRoutes(house)
  rankingRoutes(house)
  challengeReportRoutes(house)
  resultRoutes(house)
  searchRoutes(house)
  segmentRoutes(house)
  settingsRoutes(house)
  timeRoutes(house)
  usersRoutes(house)
  apiRoutes(house)

  pictureAddresses(house)
  app.get('/assets/:version/:name', open, assets.serve)
  app.get('/healthz', open, (c) => c.json({ status: 'ok', version: deps.version }))
  app.get('/readyz', open, async (c) => {
    const { code, body } = await readinessOf(deps.context, deps.unready?.())
    return c.json(body, code)
  })

  app.get('/metrics', open, metricsHandler(deps))

  app.route(
    '/',
    mailInRoutes({
      db,
      wall: deps.wall,
      keys: deps.keys,
      mailIn: deps.mailIn,
      onRefused: (path, reason) => {
        deps.context.metrics.refused('mail')
        deps.onRefused?.(path, reason)
      },
      onHeard: (provider, count) => {
        deps.context.metrics.heard(provider, count)
        deps.context.log.debug({ provider, events: count }, 'A provider called')
      },
    }),
  )
  // Last, since its routes set headers for all that comes after them.
  app.route(
    '/',
    trackingRoutes({
      db,
      wall: deps.wall,
      keys: deps.keys,
      channels: deps.channels,
      carriers: deps.context.carriers,
      publicUrl,
      clientIp: (c) => clientAddress(c.req.raw.headers, c.env),
      stylesheet: assets.url('relais.css'),
      icon: assets.url('icon.svg'),
      onRefused: (path, reason) => {
        deps.context.metrics.refused(path.includes('/') ? 'webhook' : 'link')
        deps.onRefused?.(path, reason)
      },
      onHeard: (provider, count) => deps.context.metrics.heard(provider, count),
    }),
  )
  return app
}
