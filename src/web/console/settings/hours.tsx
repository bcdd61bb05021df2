import type { FC } from 'hono/jsx'
import type { NetworkClosure } from '../../../network/change-settings.ts'
import type { RoutingOverrides } from '../../../network/routing-settings.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import type { OpeningHours, QuietHours } from '../../../routing/types.ts'
import { profiles } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { groupedWeek } from './hours-text.ts'
import { Origin, RestoreButton } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

export interface HolidayRow {
  date: string
  name: string
  regions: readonly string[]
}

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

export const countryName = ({ t, language }: View, code: string): string =>
  code === '*'
    ? t('settings.hours.elsewhere')
    : (new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code)

/** A region of holidays in words: FR-67 is not everybody's. */
export const regionName = (view: View, region: string): string => {
  const [country = region, part] = region.split('-')
  return part ? `${countryName(view, country)} (${part})` : countryName(view, country)
}

/** When messages may leave, on which days they do not, and after which source. */
export const HoursPage: FC<HoursProps> = ({ view, own, closures, holidays, regions, closureForm, problems, done }) => {
  const { t } = view
  return (
    <SettingsPage view={view} tab="hours" lead={t('settings.hours.lead')} done={done}>
      <QuietPanel view={view} own={own} />
      <MailPanel view={view} own={own} />
      <ClosuresPanel view={view} closures={closures} regions={regions} values={closureForm} problems={problems} />
      <Panel title={t('settings.hours.holidays')} id="holidays" note={t('settings.hours.holidaysNote')}>
        <DataTable
          view={view}
          caption={t('settings.hours.holidays')}
          rows={holidays}
          url={() => inNetwork(view, '/console/settings/hours')}
          empty={<p>{t('settings.hours.noHolidays')}</p>}
          columns={[
            { key: 'date', head: t('settings.hours.date'), cell: (row) => longDay(view, row.date) },
            { key: 'name', head: t('settings.hours.holiday'), cell: (row) => row.name },
            {
              key: 'regions',
              head: t('settings.hours.where'),
              cell: (row) => row.regions.map((region) => regionName(view, region)).join(', '),
            },
          ]}
        />
      </Panel>
    </SettingsPage>
  )
}

export const longDay = ({ language }: View, date: string): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${date}T00:00:00Z`))

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
            cell: (code) => <Origin view={view} shipped={shipped} own={own.quietHours?.[code]} />,
          },
          ...editColumn(view, (code: string) => ({
            path: `country-${code === '*' ? 'other' : code}`,
            isOwn: own.quietHours?.[code] !== undefined,
          })),
        ]}
      />
    </Panel>
  )
}

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
    shipped: emailHours,
    own: own.emailHours?.[key],
  }))
  const night = {
    path: 'night',
    name: t('settings.hours.night'),
    week: own.nightRest?.value ?? nightRest?.value,
    shipped: nightRest,
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
            cell: (row) => row.shipped && <Origin view={view} shipped={row.shipped} own={row.own} />,
          },
          ...editColumn(view, (row: (typeof rows)[number] | typeof night) => ({
            path: row.path,
            isOwn: row.own !== undefined,
          })),
        ]}
      />
    </Panel>
  )
}

const ClosuresPanel: FC<{
  view: View
  closures: readonly NetworkClosure[]
  regions: readonly string[]
  values?: Readonly<Record<string, string>>
  problems?: Problems
}> = ({ view, closures, regions, values = {}, problems = {} }) => {
  const { t } = view
  return (
    <Panel title={t('settings.closures.title')} id="closures" note={t('settings.closures.note')}>
      <DataTable
        view={view}
        caption={t('settings.closures.title')}
        rows={closures}
        url={() => inNetwork(view, '/console/settings/hours')}
        empty={<p>{t('settings.closures.none')}</p>}
        columns={[
          { key: 'label', head: t('settings.closures.label'), cell: (row) => row.label },
          { key: 'from', head: t('settings.closures.from'), cell: (row) => longDay(view, row.from) },
          { key: 'to', head: t('settings.closures.to'), cell: (row) => longDay(view, row.to) },
          {
            key: 'region',
            head: t('settings.hours.where'),
            cell: (row) => (row.region ? regionName(view, row.region) : t('settings.closures.everywhere')),
          },
          ...(mayWrite(view)
            ? [
                {
                  key: 'remove',
                  head: t('ui.actions'),
                  cell: (row: NetworkClosure) => (
                    <ActionButton
                      action={inNetwork(view, `/console/settings/closures/${row.id}/remove`)}
                      text={t('ui.remove')}
                      kind="quiet"
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {mayWrite(view) && (
        <Form view={view} action={inNetwork(view, '/console/settings/closures')} problems={problems}>
          <TextField
            view={view}
            name="label"
            label={t('settings.closures.label')}
            value={values.label}
            error={problems.label}
            maxlength={80}
            isRequired
          />
          <TextField
            view={view}
            name="from"
            type="date"
            label={t('settings.closures.from')}
            value={values.from}
            error={problems.from}
            isRequired
          />
          <TextField
            view={view}
            name="to"
            type="date"
            label={t('settings.closures.to')}
            hint={t('settings.closures.toHint')}
            value={values.to}
            error={problems.to}
            isRequired
          />
          <SelectField
            view={view}
            name="region"
            label={t('settings.hours.where')}
            value={values.region ?? ''}
            error={problems.region}
            choices={[
              { value: '', text: t('settings.closures.everywhere') },
              ...regions.map((region) => ({ value: region, text: regionName(view, region) })),
            ]}
            isRequired
          />
          <button type="submit" class="primary">
            {t('settings.closures.add')}
          </button>
        </Form>
      )}
    </Panel>
  )
}
