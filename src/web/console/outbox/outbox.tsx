import type { FC } from 'hono/jsx'
import { channelNames, deliveryStatuses } from '../../../words.ts'
import { Channel, DeliveryState } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { inLanguage, type View } from '../../view.ts'
import { becauseText, reasonText } from '../reasons.ts'
import type { OutboxFilter, OutboxRow, stepChoices } from './list.ts'

interface OutboxProps {
  view: View
  rows: OutboxRow[]
  filter: OutboxFilter
  steps: Awaited<ReturnType<typeof stepChoices>>
  next?: string
}

const Filters: FC<{ props: OutboxProps }> = ({ props: { view, filter, steps } }) => {
  const { t, network } = view
  return (
    <form class="filters" method="get" action="/console/outbox" aria-label={t('outbox.filters')}>
      <input type="hidden" name="network" value={network?.name ?? ''} />
      <label>
        {t('outbox.channel')}
        <select name="channel">
          <option value="">{t('outbox.all')}</option>
          {channelNames.map((channel) => (
            <option value={channel} selected={filter.channel === channel}>
              {t(`channels.${channel}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('outbox.status')}
        <select name="status">
          <option value="">{t('outbox.all')}</option>
          {deliveryStatuses.map((status) => (
            <option value={status} selected={filter.status === status}>
              {t(`statuses.${status}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="grow">
        {t('outbox.step')}
        <select name="step">
          <option value="">{t('outbox.allSteps')}</option>
          {steps.map((step) => (
            <option value={step.id} selected={filter.step === step.id}>
              {inLanguage(step.title, view.language, '')} · {step.step}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary">
        {t('outbox.apply')}
      </button>
    </form>
  )
}

/** Whom a delivery is for: a person by name, a letter or a screen by its site; the second line says the rest. */
export function recipientText(view: View, recipient: OutboxRow['recipient']): { name: string; note?: string } {
  const { t } = view
  if (!recipient) return { name: t('outbox.gone') }
  if (recipient.kind === 'contact') return { name: recipient.name ?? t('outbox.gone'), note: recipient.siteName }
  return {
    name: recipient.siteName ?? t('outbox.gone'),
    note: recipient.kind === 'site' ? t('outbox.wholeSite') : t('outbox.station'),
  }
}

const Row: FC<{ view: View; row: OutboxRow }> = ({ view, row }) => {
  const { t, formats } = view
  const at = row.sentAt ?? row.dueAt
  const { name, note } = recipientText(view, row.recipient)
  return (
    <tr>
      <th scope="row">
        <a class="row-link" href={`/console/outbox/${row.id}`}>
          {name}
        </a>
        <small>{note}</small>
      </th>
      <td data-label={t('outbox.channel')}>
        <Channel view={view} channel={row.channel} isCopy={row.isCompanion} />
        {row.because && !row.isCompanion && <small>{becauseText(row.because, view.language)}</small>}
      </td>
      <td data-label={t('outbox.step')}>{row.step}</td>
      <td data-label={t('outbox.status')}>
        <DeliveryState view={view} status={row.status} />
        {row.reason && <small>{reasonText(row.reason, view.language)}</small>}
        {row.isReceiptMissing && <small>{t('outbox.noReceipt')}</small>}
      </td>
      <td data-label={t('outbox.due')}>
        <time datetime={at.toISOString()}>{formats.short(at)}</time>
      </td>
    </tr>
  )
}

/** Every delivery, a page at a time. With script the next page joins this one; without, it replaces it. */
export const OutboxPage: FC<OutboxProps> = (props) => {
  const { view, rows, filter, next } = props
  const { t, network } = view
  const url = (cursor?: string) => {
    const query = new URLSearchParams({ network: network?.name ?? '' })
    for (const key of ['channel', 'status', 'step'] as const) if (filter[key]) query.set(key, filter[key])
    if (cursor) query.set('cursor', cursor)
    return `/console/outbox?${query}`
  }
  const isFiltered = filter.channel || filter.status || filter.step
  return (
    <ConsolePage view={view} title={t('outbox.title')} current="outbox">
      <h1>{t('outbox.title')}</h1>
      <p class="lead">{t('outbox.lead')}</p>
      <Filters props={props} />
      {filter.status === 'needs_review' && (
        <p>
          <a href={inNetwork(view, '/console/outbox/review')}>{t('outbox.reviewTogether')}</a>
        </p>
      )}
      {rows.length === 0 ? (
        <div class="empty">
          <p>{t('outbox.none')}</p>
          {isFiltered && (
            <p>
              <a href={`/console/outbox?network=${encodeURIComponent(network?.name ?? '')}`}>{t('outbox.clear')}</a>
            </p>
          )}
        </div>
      ) : (
        <table class="list cards">
          <thead>
            <tr>
              <th scope="col">{t('outbox.recipient')}</th>
              <th scope="col">{t('outbox.channel')}</th>
              <th scope="col">{t('outbox.step')}</th>
              <th scope="col">{t('outbox.status')}</th>
              <th scope="col">{t('outbox.due')}</th>
            </tr>
          </thead>
          <tbody id="rows">
            {rows.map((row) => (
              <Row view={view} row={row} />
            ))}
          </tbody>
        </table>
      )}
      <p class="pager" id="pager">
        {filter.cursor && <a href={url()}>{t('outbox.first')}</a>}
        {next && (
          <a
            class="button"
            href={url(next)}
            hx-get={url(next)}
            hx-select="#rows > tr"
            hx-target="#rows"
            hx-swap="beforeend"
            hx-select-oob="#pager"
          >
            {t('outbox.more')}
          </a>
        )}
      </p>
    </ConsolePage>
  )
}
