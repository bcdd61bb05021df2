import type { FC } from 'hono/jsx'
import type { Override } from '../../../network/routing-settings.ts'
import type { Dated } from '../../../routing/types.ts'
import { type TrackingMode, trackingModes } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { countryName } from './places-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

export const trackingList = '/console/settings/tracking'

/** What holds in a country where the contact has not said. */
export interface TrackingRow {
  /** ISO 3166-1 alpha-2, `*` for those not listed. */
  country: string
  mode: TrackingMode
  /** What holds where the network sets nothing. */
  shippedMode: TrackingMode
  shipped: Pick<Dated<unknown>, 'source' | 'status' | 'checkedOn'>
  own?: Override<TrackingMode>
}

/** A country as it stands in an address. */
export const countryPath = (country: string): string => (country === '*' ? 'other' : country)

/** The law on measuring reading, country by country, with its source, its date and what the network set instead. */
export const TrackingPage: FC<{
  view: View
  rows: readonly TrackingRow[]
  newCountry?: string
  problems?: Problems
  done?: Done
}> = ({ view, rows, newCountry, problems = {}, done }) => {
  const { t } = view
  return (
    <SettingsPage view={view} tab="tracking" lead={t('settings.tracking.lead')} done={done}>
      <Panel title={t('settings.tracking.title')} id="tracking" note={t('settings.tracking.note')}>
        <DataTable
          view={view}
          caption={t('settings.tracking.title')}
          rows={rows}
          url={() => inNetwork(view, trackingList)}
          empty={t('ui.none')}
          columns={[
            { key: 'country', head: t('settings.tracking.country'), cell: ({ country }) => countryName(view, country) },
            {
              key: 'mode',
              head: t('settings.tracking.mode'),
              cell: ({ mode }) => t(`settings.tracking.modes.${mode}`),
            },
            {
              key: 'shipped',
              head: t('settings.tracking.shipped'),
              cell: ({ shippedMode }) => t(`settings.tracking.modes.${shippedMode}`),
            },
            {
              key: 'origin',
              head: t('settings.origin.title'),
              cell: (row) => <Origin view={view} shipped={row.shipped} own={row.own} />,
            },
            ...(mayWrite(view)
              ? [
                  {
                    key: 'edit',
                    head: t('ui.actions'),
                    cell: ({ country, own }: TrackingRow) => (
                      <>
                        <a href={inNetwork(view, `${trackingList}/${countryPath(country)}`)}>{t('ui.edit')}</a>
                        {own && <RestoreButton view={view} path={`${trackingList}/${countryPath(country)}/restore`} />}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
        {mayWrite(view) && (
          <Form view={view} action={inNetwork(view, trackingList)} problems={problems}>
            <TextField
              view={view}
              name="country"
              label={t('settings.tracking.add')}
              hint={t('settings.newNetwork.countryHint')}
              value={newCountry}
              error={problems.country}
              maxlength={60}
              isRequired
            />
            <button type="submit">{t('settings.tracking.addButton')}</button>
          </Form>
        )}
      </Panel>
    </SettingsPage>
  )
}

/** One country. What is less strict than the shipped value has to be confirmed. */
export const TrackingFormPage: FC<{
  view: View
  row: TrackingRow
  values: Readonly<Record<string, string>>
  problems?: Problems
}> = ({ view, row, values, problems = {} }) => {
  const { t } = view
  const mode = t(`settings.tracking.modes.${row.shippedMode}`)
  return (
    <SettingsPage
      view={view}
      tab="tracking"
      title={t('settings.tracking.form', { country: countryName(view, row.country) })}
    >
      <Origin view={view} shipped={row.shipped} own={row.own} />
      <Form view={view} action={inNetwork(view, `${trackingList}/${countryPath(row.country)}`)} problems={problems}>
        <SelectField
          view={view}
          name="mode"
          label={t('settings.tracking.modeField')}
          value={values.mode}
          error={problems.mode}
          choices={trackingModes.map((value) => ({ value, text: t(`settings.tracking.modes.${value}`) }))}
          isRequired
        />
        <CheckField
          view={view}
          name="confirm"
          label={t('settings.tracking.confirm')}
          hint={t('settings.tracking.confirmHint', { mode })}
          error={problems.confirm}
          isChecked={values.confirm === 'on'}
        />
        <OriginFields view={view} values={values} problems={problems} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
          <LinkButton href={inNetwork(view, trackingList)} text={t('ui.cancel')} />
        </div>
      </Form>
    </SettingsPage>
  )
}
