import type { FC } from 'hono/jsx'
import { Temporal } from 'temporal-polyfill'
import type { AgendaEntry } from '../../../campaign/agenda.ts'
import type { Collision } from '../../../campaign/collisions.ts'
import { localTime } from '../../../campaign/launch-date.ts'
import type { OverCap } from '../../../campaign/over-cap.ts'
import type { RegionShare } from '../../../campaign/slack.ts'
import type { Closure } from '../../../routing/closures.ts'
import { type ChannelName, channelNames } from '../../../words.ts'
import { inNetwork } from '../../in-network.ts'
import { Channel } from '../../labels.tsx'
import { ConsolePage } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { slackText } from '../campaigns/timeline/page.tsx'

export interface CalendarProps {
  view: View
  /** YYYY-MM. */
  month: string
  today: string
  as: 'month' | 'agenda'
  entries: readonly AgendaEntry[]
  collisions: readonly Collision[]
  overCaps: readonly OverCap[]
  regions: readonly RegionShare[]
  closures: readonly Closure[]
  timezone: string
  campaigns: readonly { id: string; title: string }[]
  filter: { channel?: ChannelName; campaign?: string }
}

const Entry: FC<{ props: CalendarProps; entry: AgendaEntry }> = ({ props: { view, collisions, timezone }, entry }) => {
  const { t, language } = view
  const isCrossed = collisions.some(({ a, b }) => a.key === entry.key || b.key === entry.key)
  return (
    <li class={isCrossed ? 'collision' : undefined}>
      <a href={`/console/campaigns/${entry.campaignId}/timeline`}>
        {entry.what === 'step' && <span class="numeric">{localTime(entry.at, timezone).slice(11)} </span>}
        {inLanguage(entry.title, language, entry.step)} · {entry.step}
      </a>
      {entry.what !== 'step' && <small> {t(`timeline.what.${entry.what}`)}</small>}{' '}
      {entry.channels.map((channel) => (
        <Channel view={view} channel={channel} />
      ))}
    </li>
  )
}

/** The month's dates from the Monday before it to the Sunday after. */
function weeksOf(month: string): string[][] {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 })
  const start = first.subtract({ days: first.dayOfWeek - 1 })
  const last = first.add({ months: 1 }).subtract({ days: 1 })
  const weeks: string[][] = []
  for (let monday = start; Temporal.PlainDate.compare(monday, last) <= 0; monday = monday.add({ days: 7 }))
    weeks.push(Array.from({ length: 7 }, (_, index) => monday.add({ days: index }).toString()))
  return weeks
}

const noon = (date: string) => new Date(`${date}T12:00:00Z`)

/** Everything campaigns do in a month: as a month, or as a list of days; on a phone always as a list. */
export const CalendarPage: FC<CalendarProps> = (props) => {
  const { view, month, today, as, entries, collisions, overCaps, regions, closures, timezone, campaigns, filter } =
    props
  const { t, formats, language } = view
  const byDay = grouped(entries, timezone)
  const own = Temporal.PlainYearMonth.from(month)
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams({ network: view.network?.name ?? '' })
    for (const [name, value] of Object.entries({ month, as, ...filter, ...change })) if (value) query.set(name, value)
    return `/console/calendar?${query}`
  }
  const monthName = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    noon(`${month}-01`),
  )
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })
  const dayName = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  const slackOfDay = (date: string) => slackText(view, date, regions, closures)
  const weeks = weeksOf(month)
  const days = weeks.flat().filter((date) => date.startsWith(month))
  const shown = days.filter((date) => byDay.has(date) || slackOfDay(date).some((text) => text !== t('timeline.august')))
  return (
    <ConsolePage view={view} title={`${t('calendar.title')} · ${monthName}`} current="campaigns">
      <PageHeading title={`${t('calendar.title')} · ${monthName}`} lead={t('calendar.lead')}>
        <LinkButton href={inNetwork(view, '/console/calendar/feeds')} text={t('calendar.feeds')} />
        <LinkButton href={inNetwork(view, '/console/calendar.ics')} text={t('calendar.download')} />
      </PageHeading>
      <nav class="toolbar" aria-label={t('calendar.month')}>
        <LinkButton href={url({ month: own.subtract({ months: 1 }).toString() })} text={t('calendar.before')} />
        <LinkButton href={url({ month: today.slice(0, 7) })} text={t('calendar.now')} />
        <LinkButton href={url({ month: own.add({ months: 1 }).toString() })} text={t('calendar.after')} />
        <LinkButton
          href={url({ as: as === 'month' ? 'agenda' : 'month' })}
          text={as === 'month' ? t('calendar.agenda') : t('calendar.month')}
        />
      </nav>
      <form class="filters" method="get" action="/console/calendar">
        <input type="hidden" name="network" value={view.network?.name ?? ''} />
        <input type="hidden" name="month" value={month} />
        <input type="hidden" name="as" value={as} />
        <label>
          {t('calendar.channel')}
          <select name="channel">
            <option value="">{t('calendar.all')}</option>
            {channelNames.map((channel) => (
              <option value={channel} selected={filter.channel === channel}>
                {t(`channels.${channel}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('calendar.campaign')}
          <select name="campaign">
            <option value="">{t('calendar.allCampaigns')}</option>
            {campaigns.map(({ id, title }) => (
              <option value={id} selected={filter.campaign === id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <div class="filters-end">
          <button type="submit">{t('calendar.show')}</button>
        </div>
      </form>
      <div class={as === 'month' ? 'calendar as-month' : 'calendar'}>
        {as === 'month' && (
          <table class="calendar-month">
            <thead>
              <tr>
                {(weeks[0] ?? []).map((date) => (
                  <th scope="col">{weekday.format(noon(date))}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <tr>
                  {week.map((date) => (
                    <td
                      class={[!date.startsWith(month) && 'other', date === today && 'is-today']
                        .filter(Boolean)
                        .join(' ')}
                    >
                      <span class="day">{Number(date.slice(8))}</span>
                      {slackOfDay(date)
                        .filter((text) => text !== t('timeline.august'))
                        .map((text) => (
                          <p class="slack">{text}</p>
                        ))}
                      <ul>
                        {(byDay.get(date) ?? []).map((entry) => (
                          <Entry props={props} entry={entry} />
                        ))}
                      </ul>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {month.endsWith('-08') && <p class="slack">{t('timeline.august')}</p>}
        {shown.length === 0 && <p>{t('calendar.none')}</p>}
        <ol class="calendar-agenda">
          {shown.map((date) => (
            <li>
              <time datetime={date}>{dayName.format(noon(date))}</time>
              <div>
                {slackOfDay(date)
                  .filter((text) => text !== t('timeline.august'))
                  .map((text) => (
                    <p class="slack">{text}</p>
                  ))}
                <ul>
                  {(byDay.get(date) ?? []).map((entry) => (
                    <Entry props={props} entry={entry} />
                  ))}
                </ul>
              </div>
            </li>
          ))}
        </ol>
      </div>
      <Panel id="collisions" title={t('calendar.collisions')}>
        {collisions.length === 0 && overCaps.length === 0 ? (
          <p>{t('calendar.noCollision')}</p>
        ) : (
          <ul class="notices">
            {overCaps.map((over) => (
              <OverCapLine view={view} over={over} day={(date) => dayName.format(noon(date))} />
            ))}
            {collisions.map(({ date, a, b, shared }) => {
              const names = {
                date: dayName.format(noon(date)),
                a: inLanguage(a.title, language, a.step),
                b: inLanguage(b.title, language, b.step),
              }
              return (
                <li>
                  <a href={`/console/campaigns/${b.campaignId}/timeline`}>
                    {shared
                      ? t('calendar.sameDay', {
                          ...names,
                          people: formats.number(shared.people),
                          sites: formats.number(shared.sites),
                        })
                      : t('calendar.maybe', names)}
                  </a>
                </li>
              )
            })}
          </ul>
        )}
      </Panel>
    </ConsolePage>
  )
}

/** Which campaigns together ask too much of people, with which steps, and of how many people at most. */
const OverCapLine: FC<{ view: View; over: OverCap; day: (date: string) => string }> = ({ view, over, day }) => {
  const { t, formats, language } = view
  const { from, until, cap, entries, atMost } = over
  const names = new Map(entries.map((entry) => [entry.campaignId, inLanguage(entry.title, language, entry.step)]))
  const last = entries.findLast(({ run }) => run === 'waiting' || run === 'planned')
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  return (
    <li>
      <a href={`/console/campaigns/${last?.campaignId ?? entries[0]?.campaignId}/timeline`}>
        {t('calendar.overCap', {
          ...{ from: day(from), until: day(until), count: atMost },
          campaigns: list.format([...names.values()].map((name) => t('calendar.quoted', { name }))),
          steps: formats.number(entries.length),
          max: formats.number(cap.max),
          days: formats.number(cap.days),
          channel: cap.channel === 'any' ? t('calendar.anyChannel') : t(`channels.${cap.channel}`),
        })}
      </a>
      <small class="note">{entries.map(({ step, at }) => `${step} · ${formats.short(at)}`).join(' — ')}</small>
    </li>
  )
}

function grouped(entries: readonly AgendaEntry[], timezone: string): Map<string, AgendaEntry[]> {
  const days = new Map<string, AgendaEntry[]>()
  for (const entry of entries) {
    const date = localTime(entry.at, timezone).slice(0, 10)
    days.set(date, [...(days.get(date) ?? []), entry])
  }
  return days
}
