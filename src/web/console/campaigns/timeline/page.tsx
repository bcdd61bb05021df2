import type { FC } from 'hono/jsx'
import { Temporal } from 'temporal-polyfill'
import type { AgendaEntry } from '../../../../campaign/agenda.ts'
import { localTime } from '../../../../campaign/launch-date.ts'
import type { Reflow } from '../../../../campaign/reflow.ts'
import { type RegionShare, slackOn } from '../../../../campaign/slack.ts'
import type { BatchRow } from '../../../../print-shop/batches.ts'
import type { Closure } from '../../../../routing/closures.ts'
import { Channel, Status } from '../../../labels.tsx'
import { ConsolePage } from '../../../layout.tsx'

import { ActionButton } from '../../../ui/form.tsx'
import { PageHeading } from '../../../ui/heading.tsx'
import { LinkButton } from '../../../ui/link-button.tsx'
import { Flash } from '../../../ui/notice.tsx'
import { Panel } from '../../../ui/panel.tsx'
import type { View } from '../../../view.ts'
import { CampaignTrail } from '../new-pages.tsx'
import { Overview } from './overview.tsx'

export interface TimelineProps {
  view: View
  campaignId: string
  title: string
  entries: readonly AgendaEntry[]
  batches: readonly BatchRow[]
  regions: readonly RegionShare[]
  closures: readonly Closure[]
  timezone: string
  now: Date
  /** The anchors that are dates of their own, as `datetime-local` takes them; none when they cannot be moved. */
  anchors: Readonly<Record<string, string>>
  mayControl: boolean
  maySubscribe: boolean
  /** What was asked for, and what it would do. */
  preview?: Reflow
  refused?: string
  said?: string
}

/** What keeps people away on a day, as sentences. */
export function slackText(
  { t, language, formats }: View,
  date: string,
  regions: readonly RegionShare[],
  closures: readonly Closure[],
): string[] {
  const { closed, holiday, bridge, isAugust } = slackOn(date, regions, closures, language)
  const share = (value: number) => formats.share(value, 1)
  return [
    ...(closed > 0
      ? [
          holiday
            ? t('timeline.closed', { holiday, share: share(closed) })
            : t('timeline.closedUnnamed', { share: share(closed) }),
        ]
      : []),
    ...(bridge > 0 ? [t('timeline.bridge', { share: share(bridge) })] : []),
    ...(isAugust ? [t('timeline.august')] : []),
  ]
}

const tones = {
  waiting: 'quiet',
  planned: 'quiet',
  running: 'moving',
  watching: 'moving',
  done: 'good',
  skipped: 'quiet',
  canceled: 'bad',
} as const

const Entry: FC<{ props: TimelineProps; entry: AgendaEntry }> = ({ props, entry }) => {
  const { view, campaignId, batches, regions, closures, timezone, mayControl } = props
  const { t, formats } = view
  const slack = slackText(view, localTime(entry.at, timezone).slice(0, 10), regions, closures)
  const own = batches.filter((batch) => batch.messageId === entry.messageId)
  const here = `/console/campaigns/${campaignId}/timeline`
  return (
    <li>
      <time datetime={entry.at.toISOString()}>{formats.long(entry.at)}</time>
      <div class="timeline-card">
        <h3>{entry.step}</h3>
        <p class="card-line">
          <span>{t(`timeline.what.${entry.what}`)}</span>
          {entry.what === 'step' && (
            <>
              <Status tone={tones[entry.run]} text={t(`timeline.run.${entry.run}`)} />
              {entry.channels.length === 0 ? (
                <span>{t('timeline.policy')}</span>
              ) : (
                entry.channels.map((channel) => <Channel view={view} channel={channel} />)
              )}
            </>
          )}
          {entry.occurrence !== '1' && (
            <small>{t('timeline.occurrence', { date: formats.date(new Date(`${entry.occurrence}T12:00:00Z`)) })}</small>
          )}
        </p>
        {entry.run === 'done' && entry.what === 'step' && <p>{t('timeline.reached', { count: entry.reached })}</p>}
        {slack.length > 0 && <p class="slack">{slack.join(' · ')}</p>}
        {entry.awaiting > 0 && (
          <div class="timeline-wait">
            <p>{t('timeline.awaiting', { count: entry.awaiting })}</p>
            {mayControl && entry.messageId && (
              <ActionButton
                action={`${here}/release`}
                text={t('timeline.release')}
                fields={{ message: entry.messageId }}
              />
            )}
          </div>
        )}
        {own.map((batch) => (
          <div class="timeline-wait">
            <p>
              {t('timeline.batch', {
                number: batch.number,
                letters: formats.number(batch.pieces),
                status: t(`timeline.batchStatuses.${batch.status}`),
              })}
            </p>
            {mayControl && ['composed', 'bat_approved', 'released', 'printed'].includes(batch.status) && (
              <ActionButton action={`${here}/posted`} text={t('timeline.posted')} fields={{ batch: batch.id }} />
            )}
          </div>
        ))}
      </div>
    </li>
  )
}

const anchorLabel = ({ t }: View, name: string): string =>
  name === 'launch' || name === 'end' ? t(`timeline.anchors.${name}`) : name

const MoveForm: FC<TimelineProps> = ({ view, campaignId, anchors, preview }) => {
  const { t } = view
  const asked = Object.fromEntries((preview?.anchors ?? []).map(({ name, to }) => [name, to]))
  return (
    <Panel id="move" title={t('timeline.move')} note={t('timeline.moveLead')}>
      <form class="timeline-move" method="get" action={`/console/campaigns/${campaignId}/timeline#preview`}>
        {Object.entries(anchors).map(([name, value]) => (
          <label>
            {anchorLabel(view, name)}
            <input type="datetime-local" name={`anchor.${name}`} value={(asked[name] ?? value).slice(0, 16)} required />
          </label>
        ))}
        {Object.keys(anchors).length > 1 && (
          <label class="check">
            <input type="checkbox" name="along" value="yes" />
            {t('timeline.along')}
          </label>
        )}
        <button type="submit">{t('timeline.see')}</button>
      </form>
    </Panel>
  )
}

const Preview: FC<{ props: TimelineProps; preview: Reflow }> = ({
  props: { view, campaignId, mayControl },
  preview,
}) => {
  const { t, formats } = view
  const here = `/console/campaigns/${campaignId}/timeline`
  if (preview.anchors.length === 0)
    return (
      <Panel id="preview" title={t('timeline.preview')}>
        <p>{t('timeline.nothing')}</p>
      </Panel>
    )
  return (
    <Panel id="preview" title={t('timeline.preview')}>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('timeline.step')}</th>
              <th scope="col">{t('timeline.before')}</th>
              <th scope="col">{t('timeline.after')}</th>
              <th scope="col">{t('timeline.becomes')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.steps.map((step) => (
              <>
                <tr class={`fate-${step.fate}`}>
                  <th scope="row">{step.step}</th>
                  <td>{formats.short(step.from)}</td>
                  <td>{step.to ? formats.short(step.to) : '–'}</td>
                  <td>
                    {t(`timeline.fates.${step.fate}`, { after: step.after ?? '' })}
                    {step.unclaimed !== undefined && (
                      <small class="note">{t('timeline.unclaimed', { count: step.unclaimed })}</small>
                    )}
                  </td>
                </tr>
                {(step.print ?? [])
                  .filter(({ date }) => date !== 'freeze')
                  .map(({ date, from, to }) => (
                    <tr class="print-date">
                      <th scope="row">
                        {step.step} · {t(`timeline.what.${date}`)}
                      </th>
                      <td>{formats.date(from)}</td>
                      <td>{formats.date(to)}</td>
                      <td>
                        {t(`timeline.fates.${from.getTime() === to.getTime() ? 'stays' : 'moves'}`, { after: '' })}
                      </td>
                    </tr>
                  ))}
              </>
            ))}
            {preview.people.map(({ step, people, fate }) => (
              <tr class={`fate-${fate}`}>
                <th scope="row">{step}</th>
                <td colspan={2}>{t('timeline.people', { count: people })}</td>
                <td>{t(`timeline.peopleFates.${fate}`)}</td>
              </tr>
            ))}
            {preview.challenge.map(({ date, from, to, fate }) => (
              <tr class={`challenge-date fate-${fate}`}>
                <th scope="row">{t(`timeline.challenge.${date}`)}</th>
                <td>{formats.short(from)}</td>
                <td>{formats.short(to)}</td>
                <td>{t(`timeline.challengeFates.${fate}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayControl && (
        <form method="post" action={`${here}/move`} class="buttons">
          <input type="hidden" name="seen" value={String(preview.version)} />
          {preview.anchors.map(({ name, to }) => (
            <input type="hidden" name={`anchor.${name}`} value={to} />
          ))}
          <button type="submit" class="primary">
            {t('timeline.apply')}
          </button>
          <a class="button" href={here}>
            {t('timeline.keep')}
          </a>
        </form>
      )}
    </Panel>
  )
}

/** A campaign's dates from the first to the last, with today among them, and the way to move one. */
export const TimelinePage: FC<TimelineProps> = (props) => {
  const { view, campaignId, title, entries, now, anchors, preview, refused, said, mayControl, maySubscribe } = props
  const { t, formats } = view
  const name = t('timeline.title', { name: title })
  const ahead = entries.findIndex((entry) => entry.at > now)
  const today = (
    <li class="timeline-today" id="today">
      <time datetime={now.toISOString()}>{formats.long(now)}</time>
      <strong>{t('timeline.today')}</strong>
    </li>
  )
  return (
    <ConsolePage view={view} title={name} current="campaigns">
      <CampaignTrail view={view} more={[[title, `/console/campaigns/${campaignId}`]]} />
      {said && <Flash tone="good">{said}</Flash>}
      {refused && <Flash tone="bad">{t('timeline.cannot', { why: refused })}</Flash>}
      <PageHeading title={name} lead={t('timeline.lead')}>
        {maySubscribe && (
          <LinkButton href={`/console/calendar/feeds?campaign=${campaignId}`} text={t('timeline.subscribe')} />
        )}
      </PageHeading>
      {entries.length > 0 && <Overview view={view} entries={entries} now={now} />}
      {preview && <Preview props={props} preview={preview} />}
      <section aria-labelledby="steps-title">
        <h2 id="steps-title">{t('timeline.steps')}</h2>
        {entries.length === 0 && <p>{t('timeline.none')}</p>}
        <ol class="campaign-timeline">
          {entries.flatMap((entry, index) => [
            ...(index === ahead ? [today] : []),
            <Entry props={props} entry={entry} />,
          ])}
          {ahead === -1 && today}
        </ol>
      </section>
      {mayControl && Object.keys(anchors).length > 0 && <MoveForm {...props} />}
    </ConsolePage>
  )
}

/** Whether a moment is a local date and time that a date field can hold. */
export const isLocalMoment = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?$/.test(text)) return false
  return Temporal.PlainDateTime.from(text.replace(' ', 'T')) !== undefined
}
