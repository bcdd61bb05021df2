import { OpenAPIHono } from '@hono/zod-openapi'
import type { House } from '../web/house.ts'
import { sendPage } from '../web/view.ts'
import { campaignChangeOperations } from './campaign-changes.ts'
import { campaignLifeOperations } from './campaign-life.ts'
import { campaignOperations } from './campaigns.ts'
import { challengeReportOperations } from './challenge-report.ts'
import { challengeOperations } from './challenges.ts'
import { contactOperations } from './contacts.ts'
import { conversationOperations } from './conversations.ts'
import { deliveryOperations } from './deliveries.ts'
import { type Description, describedIn } from './description.ts'
import { ApiDocs } from './docs.tsx'
import { eventOperations } from './events.ts'
import { type ApiEnv, apiGuard } from './guard.ts'
import { leadTimeOperations } from './lead-times.ts'
import { postOperations } from './posts.ts'
import { faultsOf, invalid } from './problems.ts'
import { resultOperations } from './results.ts'
import { segmentOperations } from './segments.ts'
import { siteOperations } from './sites.ts'

const places = {
  query: 'query',
  json: 'body',
  form: 'body',
  header: 'header',
  param: 'path',
  cookie: 'header',
} as const

/** The interface for programs, and what it says about itself. */
export function apiRoutes({ app, auth, deps, view, guards: { open } }: House): void {
  const { db, wall, publicUrl, context, version } = deps
  const mayCall = apiGuard({ auth, db, wall, publicUrl })
  const api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalid(faultsOf(result.error, places[result.target]))
    },
  })
  contactOperations(api, mayCall, db)
  siteOperations(api, mayCall, db)
  segmentOperations(api, mayCall, db)
  campaignOperations(api, mayCall, context)
  campaignLifeOperations(api, mayCall, context)
  campaignChangeOperations(api, mayCall, context)
  challengeOperations(api, mayCall, { db, wall })
  challengeReportOperations(api, mayCall, { db, wall })
  resultOperations(api, mayCall, context)
  deliveryOperations(api, mayCall, context)
  conversationOperations(api, mayCall, context)
  eventOperations(api, mayCall, context)
  postOperations(api, mayCall, context)
  leadTimeOperations(api, mayCall, { db, wall })
  // When first asked for: it takes longer than all else of a start.
  let made: Description | undefined
  const description = () => (made ??= describedIn(api, { publicUrl, version }))
  app.route('/', api)

  app.get('/api/openapi.json', open, (c) => c.json(description()))
  app.get('/api/docs', open, async (c) => sendPage(c, <ApiDocs view={await view(c)} description={description()} />))
}
