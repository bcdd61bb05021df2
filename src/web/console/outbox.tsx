import type { FC } from 'hono/jsx'
import { channelNames, deliveryStatuses } from '../../words.ts'
import { Channel, DeliveryState } from '../labels.tsx'
import { ConsolePage } from '../layout.tsx'
import { inLanguage, type View } from '../view.ts'
import type { OutboxFilter, OutboxRow, stepChoices } from './queries/outbox.ts'
import { reasonText } from './reasons.ts'

interface OutboxProps {
  view: View
  rows: OutboxRow[]
  filter: OutboxFilter
  steps: Awaited<ReturnType<typeof stepChoices>>
  next?: string
}

const Filters: FC<{ props: OutboxProps }> = ({ props: { view, filter, steps } }) => {
  const { words, network } = view
  return (
    <form class="filters" method="get" action="/console/outbox" aria-label={words.outbox.filters}>
      <input type="hidden" name="network" value={network?.name ?? ''} />
      <label>
        {words.outbox.channel}
        <select name="channel">
          <option value="">{words.outbox.all}</option>
          {channelNames.map((channel) => (
            <option value={channel} selected={filter.channel === channel}>
              {words.channels[channel]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.outbox.status}
        <select name="status">
          <option value="">{words.outbox.all}</option>
          {deliveryStatuses.map((status) => (
            <option value={status} selected={filter.status === status}>
              {words.statuses[status]}
            </option>
          ))}
        </select>
      </label>
      <label class="grow">
        {words.outbox.step}
        <select name="step">
          <option value="">{words.outbox.allSteps}</option>
          {steps.map((step) => (
            <option value={step.id} selected={filter.step === step.id}>
              {inLanguage(step.title, view.language, '')} · {step.step}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="primary">
        {words.outbox.apply}
      </button>
    </form>
  )
}

/** Whom a delivery is for: a person by name, a letter or a screen by its site; the second line says the rest. */
export function recipientText(view: View, recipient: OutboxRow['recipient']): { name: string; note?: string } {
  const words = view.words.outbox
  if (!recipient) return { name: words.gone }
  if (recipient.kind === 'contact') return { name: recipient.name ?? words.gone, note: recipient.siteName }
  return {
    name: recipient.siteName ?? words.gone,
    note: recipient.kind === 'site' ? words.wholeSite : words.station,
  }
}

const Row: FC<{ view: View; row: OutboxRow }> = ({ view, row }) => {
  const { words, formats } = view
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
      <td data-label={words.outbox.channel}>
        <Channel view={view} channel={row.channel} isCopy={row.isCompanion} />
      </td>
      <td data-label={words.outbox.step}>{row.step}</td>
      <td data-label={words.outbox.status}>
        <DeliveryState view={view} status={row.status} />
        {row.reason && <small>{reasonText(row.reason, view.language)}</small>}
      </td>
      <td data-label={words.outbox.due}>
        <time datetime={at.toISOString()}>{formats.short(at)}</time>
      </td>
    </tr>
  )
}

/** Every delivery, a page at a time. With script the next page joins this one; without, it replaces it. */
export const OutboxPage: FC<OutboxProps> = (props) => {
  const { view, rows, filter, next } = props
  const { words, network } = view
  const url = (cursor?: string) => {
    const query = new URLSearchParams({ network: network?.name ?? '' })
    for (const key of ['channel', 'status', 'step'] as const) if (filter[key]) query.set(key, filter[key])
    if (cursor) query.set('cursor', cursor)
    return `/console/outbox?${query}`
  }
  const isFiltered = filter.channel || filter.status || filter.step
  return (
    <ConsolePage view={view} title={words.outbox.title} current="outbox">
      <h1>{words.outbox.title}</h1>
      <p class="lead">{words.outbox.lead}</p>
      <Filters props={props} />
      {rows.length === 0 ? (
        <div class="empty">
          <p>{words.outbox.none}</p>
          {isFiltered && (
            <p>
              <a href={`/console/outbox?network=${encodeURIComponent(network?.name ?? '')}`}>{words.outbox.clear}</a>
            </p>
          )}
        </div>
      ) : (
        <table class="list cards">
          <thead>
            <tr>
              <th scope="col">{words.outbox.recipient}</th>
              <th scope="col">{words.outbox.channel}</th>
              <th scope="col">{words.outbox.step}</th>
              <th scope="col">{words.outbox.status}</th>
              <th scope="col">{words.outbox.due}</th>
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
        {filter.cursor && <a href={url()}>{words.outbox.first}</a>}
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
            {words.outbox.more}
          </a>
        )}
      </p>
    </ConsolePage>
  )
}
