import { HTTPException } from 'hono/http-exception'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type AgendaEntry, agendaOf, regionShares } from '../../../campaign/agenda.ts'
import { collisionsAmong } from '../../../campaign/collisions.ts'
import { createFeed, feedsOf, openFeed, revokeFeed } from '../../../campaign/feeds.ts'
import { calendarText } from '../../../campaign/ical.ts'
import { localTime } from '../../../campaign/launch-date.ts'
import { overCaps } from '../../../campaign/over-cap.ts'
import { businessNow } from '../../../clock.ts'
import type { Network } from '../../../context.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { channelNames, type Language } from '../../../words.ts'
import { anId, type House, optional, parsed } from '../../house.ts'
import { inLanguage, sendPage } from '../../view.ts'
import { translatorFor } from '../../words/index.ts'
import { findCampaign } from '../campaigns/queries.ts'
import { networkOf } from '../locate.ts'
import { FeedsPage } from './feeds-page.tsx'
import { CalendarPage } from './page.tsx'

const calendarQuery = z.object({
  month: optional(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)),
  as: optional(z.enum(['month', 'agenda'])),
  channel: optional(z.enum(channelNames)),
  campaign: optional(anId),
})

const dayMs = 24 * 3_600_000
/** A feed tells of so much before now and after it. */
const feedSpan = { before: 90 * dayMs, after: 400 * dayMs }

/** The calendar of a network, and the calendars people subscribe to. */
export function calendarRoutes({ app, deps, view, guards: { may, open } }: House): void {
  const { db, context, wall, publicUrl } = deps
  const nowIn = (network: Network) => businessNow(wall.now(), network)

  const calendar: PageHandler = async (c) => {
    const network = c.get('network')
    const { month: asked, as = 'month', ...filter } = parsed(calendarQuery, c.req.query())
    const today = localTime(nowIn(network), network.timezone).slice(0, 10)
    const month = asked ?? today.slice(0, 7)
    const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
    const at = (date: Temporal.PlainDate) => new Date(date.toZonedDateTime(network.timezone).epochMilliseconds)
    const caps = (await currentPolicy(db, network.id)).values.caps.value
    // What weighs with a day of the month may come before it, or after.
    const around = Math.max(7, ...caps.map(({ days }) => Math.ceil(days)))
    const wide = await agendaOf(db, network, {
      from: at(first.subtract({ days: around })),
      until: at(first.add({ months: 1, days: around })),
    })
    const [since, until] = [at(first.subtract({ days: 7 })), at(first.add({ months: 1, days: 7 }))]
    const all = wide.filter((entry) => entry.at >= since && entry.at < until)
    const drawn = await view(c)
    const titles = titlesOf(all, drawn.language)
    const entries = all.filter(
      (entry) =>
        (filter.channel === undefined || entry.channels.includes(filter.channel)) &&
        (filter.campaign === undefined || entry.campaignId === filter.campaign),
    )
    const inMonth = entries.filter((entry) => localTime(entry.at, network.timezone).startsWith(month))
    const shown = new Set(inMonth.map((entry) => entry.key))
    return sendPage(
      c,
      <CalendarPage
        view={drawn}
        month={month}
        today={today}
        as={as}
        entries={entries}
        overCaps={(await overCaps(db, network, wide, caps)).filter(({ entries: own }) =>
          own.some((one) => shown.has(one.key)),
        )}
        collisions={await collisionsAmong(db, network.id, inMonth, network.timezone)}
        regions={await regionShares(db, network.id)}
        closures={network.settings.closures ?? []}
        timezone={network.timezone}
        campaigns={[...titles].map(([id, title]) => ({ id, title }))}
        filter={filter}
      />,
    )
  }

  const titlesOf = (entries: readonly AgendaEntry[], language: Language) =>
    new Map(entries.map((entry) => [entry.campaignId, inLanguage(entry.title, language, entry.step)]))

  async function icsOf(network: Network, language: Language, campaignId?: string): Promise<string> {
    const now = nowIn(network).getTime()
    const entries = await agendaOf(db, network, {
      campaignId,
      from: new Date(now - feedSpan.before),
      until: new Date(now + feedSpan.after),
    })
    const t = translatorFor(language)
    return calendarText(
      entries,
      {
        name: t('calendar.name', { network: network.title }),
        what: (what) => t(`timeline.what.${what}`),
        run: (run) => t(`timeline.run.${run}`),
        title: (title, inThis) => inLanguage(title, inThis, ''),
      },
      { language, timezone: network.timezone, publicUrl, stamp: wall.now() },
    )
  }

  const sendIcs = (c: PageContext, text: string, isDownload: boolean) =>
    c.body(text, 200, {
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-store',
      ...(isDownload ? { 'content-disposition': 'attachment; filename="relais.ics"' } : {}),
    })

  const download: PageHandler = async (c) => {
    const { campaign } = parsed(z.object({ campaign: optional(anId) }), c.req.query())
    const network = c.get('network')
    if (campaign !== undefined && !(await findCampaign(db, network.id, campaign))) throw new HTTPException(404)
    return sendIcs(c, await icsOf(network, (await view(c)).language, campaign), true)
  }

  const feed: PageHandler = async (c) => {
    const opened = await openFeed(context, c.req.param('token') ?? '')
    if (!opened) throw new HTTPException(404)
    return sendIcs(c, await icsOf(opened.network, opened.feed.language, opened.feed.campaignId ?? undefined), false)
  }

  async function feedsPage(c: PageContext, given: { address?: string; isRevoked?: boolean; campaign?: string }) {
    const network = c.get('network')
    const drawn = await view(c)
    const feeds = await feedsOf(db, network.id, c.get('user').id)
    const titles = new Map<string, string>()
    for (const id of [...feeds.map((one) => one.campaignId), given.campaign]) {
      const found = id && !titles.has(id) ? await findCampaign(db, network.id, id) : undefined
      if (id && found) titles.set(id, inLanguage(found.title, drawn.language, found.name))
    }
    const title = given.campaign === undefined ? undefined : titles.get(given.campaign)
    return sendPage(
      c,
      <FeedsPage
        view={drawn}
        feeds={feeds}
        titles={titles}
        address={given.address}
        isRevoked={given.isRevoked}
        campaign={given.campaign !== undefined && title !== undefined ? { id: given.campaign, title } : undefined}
      />,
    )
  }

  const feeds: PageHandler = (c) =>
    feedsPage(c, { campaign: c.req.query('campaign'), isRevoked: c.req.query('said') === 'revoked' })

  const create: PageHandler = async (c) => {
    const network = c.get('network')
    const { campaign } = parsed(z.object({ campaign: optional(anId) }), await c.req.parseBody())
    if (campaign !== undefined && !(await findCampaign(db, network.id, campaign))) throw new HTTPException(404)
    const { language } = await view(c)
    const { token } = await createFeed(context, network, { userId: c.get('user').id, language, campaignId: campaign })
    // Shown in the answer itself: its address must stand in no history and no log.
    c.header('cache-control', 'no-store')
    return feedsPage(c, { address: `${publicUrl}/calendar/${token}/relais.ics`, campaign })
  }

  const revoke: PageHandler = async (c) => {
    const network = c.get('network')
    const { feed: id } = parsed(z.object({ feed: optional(anId) }), await c.req.parseBody())
    if (id !== undefined) await revokeFeed(context, network, { id, userId: c.get('user').id })
    return c.redirect(`/console/calendar/feeds?network=${encodeURIComponent(network.name)}&said=revoked`, 303)
  }

  app.get('/console/calendar', may('campaign.read', networkOf(db)), calendar)
  app.get('/console/calendar.ics', may('campaign.read', networkOf(db)), download)
  app.get('/console/calendar/feeds', may('campaign.read', networkOf(db)), feeds)
  app.post('/console/calendar/feeds', may('campaign.write', networkOf(db)), create)
  app.post('/console/calendar/feeds/revoke', may('campaign.write', networkOf(db)), revoke)
  app.get('/calendar/:token/relais.ics', open, feed)
}
