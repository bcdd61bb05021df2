import type { FC } from 'hono/jsx'
import { z } from 'zod'
import type { Override } from '../../../network/routing-settings.ts'
import type { Dated } from '../../../routing/types.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, type Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'
import type { Key } from '../../words/index.ts'

const day = (view: View, date: string): string => view.formats.date(new Date(`${date}T12:00:00Z`))

const link = /https?:\/\/[^\s;,()]+/

/** A source in words; an address in it can be followed. */
const Source: FC<{ text: string }> = ({ text }) => {
  const [address] = link.exec(text) ?? []
  if (!address) return <span lang="en">{text}</span>
  const [before = '', after = ''] = text.split(address)
  return (
    <span>
      {before}
      <a href={address} rel="noreferrer">
        {address}
      </a>
      {after}
    </span>
  )
}

/** Where a figure comes from: shipped with its source, or set by the network with its own. */
export const Origin: FC<{
  view: View
  shipped: Pick<Dated<unknown>, 'source' | 'status' | 'checkedOn'>
  own?: Override<unknown>
}> = ({ view, shipped, own }) => {
  const { t } = view
  const { source, checkedOn } = own ?? shipped
  const status: Key = own ? 'settings.origin.own' : `settings.origin.${statusKey(shipped.status)}`
  return (
    <div class="origin">
      <small>
        {t(status)} · {t('settings.origin.checkedOn', { date: day(view, checkedOn) })}
      </small>
      {own?.reason && <small>{own.reason}</small>}
      <details>
        <summary>{t('settings.origin.source')}</summary>
        <Source text={source} />
      </details>
    </div>
  )
}

const statusKey = (status: Dated<unknown>['status']) => (status === 'set by the network' ? ('own' as const) : status)

/** What goes with every figure a network sets: after which source, why, and when it was looked up. */
export const OriginFields: FC<{
  view: View
  values: Readonly<Record<string, string | undefined>>
  problems?: Problems
}> = ({ view, values, problems = {} }) => {
  const { t } = view
  return (
    <>
      <TextField
        view={view}
        name="source"
        label={t('settings.origin.source')}
        hint={t('settings.origin.sourceHint')}
        value={values.source}
        error={problems.source}
        maxlength={500}
        isRequired
      />
      <TextField
        view={view}
        name="reason"
        label={t('settings.origin.reason')}
        value={values.reason}
        error={problems.reason}
        maxlength={500}
      />
      <TextField
        view={view}
        name="checkedOn"
        type="date"
        label={t('settings.origin.checked')}
        value={values.checkedOn}
        error={problems.checkedOn}
        isRequired
      />
    </>
  )
}

/** The source, the reason and the date of a form, or what is wrong with them. */
export function originIn(
  view: View,
  fields: Readonly<Record<string, string>>,
): { origin: Pick<Override<unknown>, 'source' | 'reason' | 'checkedOn'> } | { problems: Record<string, string> } {
  const { source = '', reason = '', checkedOn = '' } = fields
  const problems: Record<string, string> = {}
  if (source === '') problems.source = view.t('settings.problems.source')
  else if (source.length > 500) problems.source = view.t('settings.problems.tooLong')
  if (reason.length > 500) problems.reason = view.t('settings.problems.tooLong')
  if (!z.iso.date().safeParse(checkedOn).success) problems.checkedOn = view.t('settings.problems.date')
  else if (Date.parse(checkedOn) > view.now.getTime() + 86_400_000)
    problems.checkedOn = view.t('settings.problems.future')
  if (Object.keys(problems).length > 0) return { problems }
  return { origin: { source, ...(reason ? { reason } : {}), checkedOn } }
}

/** Takes the network's own figure away, so that the shipped one holds again. */
export const RestoreButton: FC<{ view: View; path: string; fields?: Record<string, string> }> = ({
  view,
  path,
  fields,
}) => (
  <ActionButton action={inNetwork(view, path)} text={view.t('settings.origin.restore')} kind="quiet" fields={fields} />
)
