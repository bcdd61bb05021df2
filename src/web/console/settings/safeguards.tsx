import type { FC } from 'hono/jsx'
import { defaultThresholds, stopKinds, type Thresholds } from '../../../campaign/stop-thresholds.ts'
import type { Override } from '../../../network/routing-settings.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { countryName } from './places-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

const list = '/console/settings/safeguards'

export type SafeguardFields = Readonly<Record<string, string>>

interface SafeguardsProps {
  view: View
  own?: Override<Thresholds>
  thresholds: Thresholds
  values: SafeguardFields
  problems?: Problems
  ownCountries?: Override<string[]>
  /** The countries texts may go to, with what a part costs there in thousandths of a minor unit. */
  countries: readonly { code: string; millis: number }[]
  currency: string
  countryValues: SafeguardFields
  countryProblems?: Problems
  done?: Done
}

/** What keeps a mistake small: when a campaign stops itself, and where texts may go. */
export const SafeguardsPage: FC<SafeguardsProps> = (props) => {
  const { view, own, thresholds, values, problems = {}, done } = props
  const { t, formats } = view
  return (
    <SettingsPage view={view} tab="safeguards" lead={t('settings.safeguards.lead')} done={done}>
      <Panel
        title={t('settings.safeguards.stops')}
        id="stops"
        note={t('settings.safeguards.stopsNote')}
        action={own && mayWrite(view) && <RestoreButton view={view} path={`${list}/stops/restore`} />}
      >
        <DataTable
          view={view}
          caption={t('settings.safeguards.stops')}
          rows={stopKinds.map((kind) => ({ kind, ...thresholds[kind] }))}
          url={() => inNetwork(view, list)}
          empty={t('ui.none')}
          columns={[
            { key: 'kind', head: t('settings.safeguards.what'), cell: ({ kind }) => t(`settings.safeguards.${kind}`) },
            {
              key: 'rate',
              head: t('settings.safeguards.rate'),
              cell: ({ rate }) => t('settings.safeguards.share', { share: rate }),
              isNumber: true,
            },
            {
              key: 'afterSent',
              head: t('settings.safeguards.afterSent'),
              cell: ({ afterSent }) => formats.number(afterSent),
              isNumber: true,
            },
            {
              key: 'standard',
              head: t('settings.caps.standard'),
              cell: ({ kind }) => t('settings.safeguards.share', { share: defaultThresholds.value[kind].rate }),
              isNumber: true,
            },
          ]}
        />
        <Origin view={view} shipped={defaultThresholds} own={own} />
        {mayWrite(view) && (
          <details open={Object.keys(problems).length > 0}>
            <summary class="button">{t('settings.safeguards.editStops')}</summary>
            <Form view={view} action={inNetwork(view, `${list}/stops`)} problems={problems}>
              {stopKinds.map((kind) => (
                <TextField
                  view={view}
                  name={kind}
                  label={t(`settings.safeguards.${kind}`)}
                  hint={t('settings.safeguards.shareHint')}
                  value={values[kind]}
                  error={problems[kind]}
                  maxlength={8}
                  isRequired
                />
              ))}
              <TextField
                view={view}
                name="afterSent"
                type="number"
                min="1"
                max="999999"
                label={t('settings.safeguards.afterSent')}
                value={values.afterSent}
                error={problems.afterSent}
                isRequired
              />
              <OriginFields view={view} values={values} problems={problems} />
              <button type="submit" class="primary">
                {t('ui.save')}
              </button>
            </Form>
          </details>
        )}
      </Panel>
      <Countries props={props} />
    </SettingsPage>
  )
}

const Countries: FC<{ props: SafeguardsProps }> = ({
  props: { view, ownCountries, countries, currency, countryValues, countryProblems = {} },
}) => {
  const { t, formats } = view
  return (
    <Panel
      title={t('settings.safeguards.countries')}
      id="countries"
      note={t('settings.safeguards.countriesNote')}
      action={ownCountries && mayWrite(view) && <RestoreButton view={view} path={`${list}/countries/restore`} />}
    >
      <DataTable
        view={view}
        caption={t('settings.safeguards.countries')}
        rows={countries}
        url={() => inNetwork(view, list)}
        empty={t('ui.none')}
        columns={[
          { key: 'country', head: t('settings.safeguards.country'), cell: ({ code }) => countryName(view, code) },
          {
            key: 'price',
            head: t('settings.safeguards.price'),
            cell: ({ millis }) => formats.moneyOfMillis(millis, currency),
            isNumber: true,
          },
        ]}
      />
      {ownCountries && <Origin view={view} shipped={defaultThresholds} own={ownCountries} />}
      {mayWrite(view) && (
        <details open={Object.keys(countryProblems).length > 0}>
          <summary class="button">{t('settings.safeguards.editCountries')}</summary>
          <Form view={view} action={inNetwork(view, `${list}/countries`)} problems={countryProblems}>
            <TextField
              view={view}
              name="countries"
              label={t('settings.safeguards.countries')}
              hint={t('settings.safeguards.countriesHint')}
              value={countryValues.countries}
              error={countryProblems.countries}
              maxlength={2000}
              isRequired
            />
            <OriginFields view={view} values={countryValues} problems={countryProblems} />
            <button type="submit" class="primary">
              {t('ui.save')}
            </button>
          </Form>
        </details>
      )}
    </Panel>
  )
}
