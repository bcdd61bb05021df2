import type { FC } from 'hono/jsx'
import { defaultContentMonths } from '../../../network/change-settings.ts'
import type { Network } from '../../../network/networks.ts'
import { languages } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { countryName } from './places-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

export interface GeneralForm {
  title: string
  language: string
  timezone: string
  stopNumber: string
  contentMonths: string
}

export const generalForm = (network: Network): GeneralForm => ({
  title: network.title,
  language: network.language,
  timezone: network.timezone,
  stopNumber: network.settings.stopNumber ?? '',
  contentMonths: network.settings.contentMonths === undefined ? '' : String(network.settings.contentMonths),
})

interface GeneralProps {
  view: View
  network: Network
  values: GeneralForm
  problems?: Problems
  done?: Done
}

/** What the network is called, where it is at home, what it prints; and the reader's networks. */
export const GeneralPage: FC<GeneralProps> = ({ view, network, values, problems = {}, done }) => {
  const { t, formats, networks = [] } = view
  return (
    <SettingsPage view={view} tab="general" done={done}>
      <Panel title={t('settings.general.network')} id="network">
        <DescriptionList
          details={[
            { term: t('settings.general.name'), detail: network.name, note: t('settings.general.nameNote') },
            {
              term: t('settings.general.mode'),
              detail: <Mode view={view} network={network} />,
              note: t(`settings.general.${network.mode}Note`),
            },
            { term: t('settings.general.country'), detail: countryName(view, network.country) },
            { term: t('settings.general.currency'), detail: network.currency },
            { term: t('settings.general.created'), detail: formats.date(network.createdAt) },
          ]}
        />
        {mayWrite(view) && <Fields view={view} values={values} problems={problems} />}
      </Panel>
      <Panel
        title={t('settings.general.networks')}
        id="networks"
        note={t('settings.general.networksNote')}
        action={
          mayWrite(view) && (
            <LinkButton
              href={inNetwork(view, '/console/settings/networks/new')}
              text={t('settings.general.createNetwork')}
              icon="plus"
            />
          )
        }
      >
        <DataTable
          view={view}
          caption={t('settings.general.networks')}
          rows={networks}
          url={() => inNetwork(view, '/console/settings')}
          empty={t('ui.none')}
          columns={[
            {
              key: 'title',
              head: t('settings.general.title'),
              cell: (row) => <a href={`/console?network=${encodeURIComponent(row.name)}`}>{row.title}</a>,
            },
            { key: 'name', head: t('settings.general.name'), cell: (row) => row.name },
            { key: 'mode', head: t('settings.general.mode'), cell: (row) => <Mode view={view} network={row} /> },
            { key: 'country', head: t('settings.general.country'), cell: (row) => countryName(view, row.country) },
          ]}
        />
      </Panel>
    </SettingsPage>
  )
}

const Mode: FC<{ view: View; network: Pick<Network, 'mode'> }> = ({ view, network }) => (
  <Badge
    text={view.t(network.mode === 'live' ? 'sandbox.live' : 'sandbox.chip')}
    tone={network.mode === 'live' ? 'good' : 'warning'}
  />
)

const Fields: FC<{ view: View; values: GeneralForm; problems: Problems }> = ({ view, values, problems }) => {
  const { t } = view
  return (
    <Form view={view} action={inNetwork(view, '/console/settings')} problems={problems}>
      <TextField
        view={view}
        name="title"
        label={t('settings.general.title')}
        hint={t('settings.general.titleHint')}
        value={values.title}
        error={problems.title}
        maxlength={120}
        isRequired
      />
      <LanguageField view={view} value={values.language} />
      <ZoneField view={view} value={values.timezone} error={problems.timezone} />
      <TextField
        view={view}
        name="stopNumber"
        label={t('settings.general.stopNumber')}
        hint={t('settings.general.stopNumberHint')}
        value={values.stopNumber}
        error={problems.stopNumber}
        maxlength={20}
      />
      <TextField
        view={view}
        name="contentMonths"
        type="number"
        label={t('settings.general.contentMonths')}
        hint={t('settings.general.contentMonthsHint', { months: defaultContentMonths })}
        value={values.contentMonths}
        error={problems.contentMonths}
        min="1"
        max="120"
      />
      <button type="submit" class="primary">
        {t('ui.save')}
      </button>
    </Form>
  )
}

export const LanguageField: FC<{ view: View; value: string }> = ({ view, value }) => (
  <SelectField
    view={view}
    name="language"
    label={view.t('settings.general.language')}
    hint={view.t('settings.general.languageHint')}
    value={value}
    choices={languages.map((language) => ({ value: language, text: view.t(`languages.${language}`) }))}
    isRequired
  />
)

export const ZoneField: FC<{ view: View; value: string; error?: string }> = ({ view, value, error }) => (
  <SelectField
    view={view}
    name="timezone"
    label={view.t('settings.general.timezone')}
    hint={view.t('settings.general.timezoneHint')}
    value={value}
    error={error}
    choices={[...new Set([value, ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({
      value: zone,
      text: zone.replaceAll('_', ' '),
    }))}
    isRequired
  />
)
