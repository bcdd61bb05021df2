import type { FC } from 'hono/jsx'
import type { NetworkClosure } from '../../../network/change-settings.ts'
import type { RoutingOverrides } from '../../../network/routing-settings.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import type { OpeningHours, QuietHours } from '../../../routing/types.ts'
import { profiles } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import type { Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { ClosuresPanel, type HolidayRow, HolidaysPanel } from './closed-days.tsx'
import { groupedWeek } from './hours-text.ts'
import { Origin, RestoreButton } from './origin.tsx'
import { countryName } from './places-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

interface HoursProps {
  view: View
  own: RoutingOverrides
  closures: readonly NetworkClosure[]
  holidays: readonly HolidayRow[]
  /** Where the network's sites are. */
  regions: readonly string[]
  closureForm?: Readonly<Record<string, string>>
  problems?: Problems
  done?: Done
}

/** When messages may leave, on which days they do not, and after which source. */
export const HoursPage: FC<HoursProps> = ({ view, own, closures, holidays, regions, closureForm, problems, done }) => {
  const { t } = view
  return (
    <SettingsPage view={view} tab="hours" lead={t('settings.hours.lead')} done={done}>
      <QuietPanel view={view} own={own} />
      <MailPanel view={view} own={own} />
      <ClosuresPanel view={view} closures={closures} regions={regions} values={closureForm} problems={problems} />
      <HolidaysPanel view={view} holidays={holidays} />
    </SettingsPage>
  )
}

export const Week: FC<{ view: View; week: OpeningHours | null }> = ({ view, week }) => {
  const { t } = view
  if (week === null) return <span>{t('settings.hours.noLaw')}</span>
  const dayName = (day: string) => t(`settings.days.${day as '1'}`)
  return (
    <ul class="plain-list">
      {groupedWeek(week).map(({ first, last, hours }) => (
        <li>
          {first === last ? dayName(first) : t('settings.hours.span', { first: dayName(first), last: dayName(last) })}{' '}
          {hours.replaceAll('-', '–')}
        </li>
      ))}
    </ul>
  )
}

const QuietPanel: FC<{ view: View; own: RoutingOverrides }> = ({ view, own }) => {
  const { t } = view
  const shipped = defaultPolicy.values.quietHours
  const countries = [...new Set([...Object.keys(shipped.value), ...Object.keys(own.quietHours ?? {})])]
  const rowOf = (country: string): QuietHours =>
    own.quietHours?.[country]?.value ?? shipped.value[country] ?? shipped.value['*']!
  return (
    <Panel title={t('settings.hours.quiet')} id="quiet" note={t('settings.hours.quietNote')}>
      <DataTable
        view={view}
        caption={t('settings.hours.quiet')}
        rows={countries}
        url={() => inNetwork(view, '/console/settings/hours')}
        empty={t('ui.none')}
        columns={[
          { key: 'country', head: t('settings.hours.country'), cell: (code) => countryName(view, code) },
          { key: 'hard', head: t('settings.hours.hard'), cell: (code) => <Week view={view} week={rowOf(code).hard} /> },
          { key: 'soft', head: t('settings.hours.soft'), cell: (code) => <Week view={view} week={rowOf(code).soft} /> },
          {
            key: 'holidays',
            head: t('settings.hours.closed'),
            cell: (code) => (rowOf(code).holidaysClosed ? t('ui.yes') : t('ui.no')),
          },
          {
            key: 'origin',
            head: t('settings.origin.title'),
            cell: (code) => <RowOrigin view={view} shipped={shipped} own={own.quietHours?.[code]} />,
          },
          ...editColumn(view, (code: string) => ({
            path: `country-${code === '*' ? 'other' : code}`,
            isOwn: own.quietHours?.[code] !== undefined,
          })),
        ]}
      />
      <Origin view={view} shipped={shipped} />
    </Panel>
  )
}

/** The shipped source is said once under the table; a row says it only where it has another. */
const RowOrigin: FC<Parameters<typeof Origin>[0]> = ({ view, shipped, own }) =>
  own ? <Origin view={view} shipped={shipped} own={own} /> : <small>{view.t('settings.origin.shipped')}</small>

const editColumn = <Row,>(view: View, of: (row: Row) => { path: string; isOwn: boolean }) =>
  mayWrite(view)
    ? [
        {
          key: 'edit',
          head: view.t('ui.actions'),
          cell: (row: Row) => {
            const { path, isOwn } = of(row)
            return (
              <>
                <a href={inNetwork(view, `/console/settings/hours/${path}`)}>{view.t('ui.edit')}</a>
                {isOwn && <RestoreButton view={view} path={`/console/settings/hours/${path}/restore`} />}
              </>
            )
          },
        },
      ]
    : []

const MailPanel: FC<{ view: View; own: RoutingOverrides }> = ({ view, own }) => {
  const { t } = view
  const { emailHours, nightRest } = defaultPolicy.values
  const rows = ['default' as const, ...profiles].map((key) => ({
    path: `email-${key}`,
    name:
      key === 'default'
        ? t('settings.hours.mailDefault')
        : t('settings.hours.mailOf', { profile: t(`profiles.${key}`) }),
    week:
      own.emailHours?.[key]?.value ??
      emailHours?.value[key] ??
      own.emailHours?.default?.value ??
      emailHours?.value.default,
    own: own.emailHours?.[key],
  }))
  const night = {
    path: 'night',
    name: t('settings.hours.night'),
    week: own.nightRest?.value ?? nightRest?.value,
    own: own.nightRest,
  }
  return (
    <Panel title={t('settings.hours.mail')} id="mail" note={t('settings.hours.mailNote')}>
      <DataTable
        view={view}
        caption={t('settings.hours.mail')}
        rows={[...rows, night]}
        url={() => inNetwork(view, '/console/settings/hours')}
        empty={t('ui.none')}
        columns={[
          { key: 'name', head: t('settings.hours.whom'), cell: (row) => row.name },
          { key: 'week', head: t('settings.hours.open'), cell: (row) => <Week view={view} week={row.week ?? null} /> },
          {
            key: 'origin',
            head: t('settings.origin.title'),
            cell: (row) =>
              row === night
                ? nightRest && <Origin view={view} shipped={nightRest} own={row.own} />
                : emailHours && <RowOrigin view={view} shipped={emailHours} own={row.own} />,
          },
          ...editColumn(view, (row: (typeof rows)[number] | typeof night) => ({
            path: row.path,
            isOwn: row.own !== undefined,
          })),
        ]}
      />
      {emailHours && <Origin view={view} shipped={emailHours} />}
    </Panel>
  )
}
