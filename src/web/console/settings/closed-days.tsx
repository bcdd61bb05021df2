import type { FC } from 'hono/jsx'
import type { NetworkClosure } from '../../../network/change-settings.ts'
import { inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { longDay, regionName } from './places-text.ts'
import { mayWrite } from './settings-page.tsx'

export interface HolidayRow {
  date: string
  name: string
  regions: readonly string[]
}

/** The public holidays of the coming months, each where it is kept. */
export const HolidaysPanel: FC<{ view: View; holidays: readonly HolidayRow[] }> = ({ view, holidays }) => {
  const { t } = view
  return (
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
  )
}

/** Days the network adds to the public holidays, and the form that adds one. */
export const ClosuresPanel: FC<{
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
