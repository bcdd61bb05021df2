import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { auditActions } from '../../../accounts/audit-actions.ts'
import { cursorIn, cursorOf, listTrail, trailActors } from '../../../accounts/audit-trail.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { type House, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { TrailPage } from './trail.tsx'

const pageSize = 50

const trailQuery = z.object({
  action: optional(z.enum(auditActions)),
  actor: optional(z.string().max(80)),
  since: optional(z.string().max(20)),
  until: optional(z.string().max(20)),
  cursor: optional(z.string().max(40)),
})

/** The first instant of a day where the network is, so many days later; undefined for what is no day. */
function dayStart(text: string | undefined, timezone: string, later = 0): Date | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    const day = Temporal.PlainDate.from(text, { overflow: 'reject' }).add({ days: later })
    return new Date(day.toZonedDateTime(timezone).epochMilliseconds)
  } catch {
    return undefined
  }
}

/** Who did what, for owners and auditors. */
export function auditRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db } = deps

  const trail: PageHandler = async (c) => {
    const { id: networkId, timezone } = c.get('network')
    const asked = parsed(trailQuery, c.req.query())
    const since = dayStart(asked.since, timezone)
    const until = dayStart(asked.until, timezone, 1)
    const isDateWrong = (asked.since !== undefined && !since) || (asked.until !== undefined && !until)
    const after = asked.cursor === undefined ? undefined : cursorIn(asked.cursor)
    const { action, actor } = asked
    const { entries, next } = await listTrail(db, { networkId, action, actor, since, until, after }, pageSize)
    return sendPage(
      c,
      <TrailPage
        view={await view(c)}
        entries={entries}
        next={next && cursorOf(next)}
        asked={asked}
        actors={await trailActors(db, networkId)}
        isDateWrong={isDateWrong}
      />,
    )
  }

  app.get('/console/settings/audit', may('audit.read', networkOf(db)), trail)
}
