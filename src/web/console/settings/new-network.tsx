import type { FC } from 'hono/jsx'
import { inNetwork } from '../../layout.tsx'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'
import { LanguageField, ZoneField } from './general.tsx'
import { SettingsPage } from './settings-page.tsx'

export interface NewNetworkForm {
  name: string
  title: string
  mode: string
  country: string
  language: string
  timezone: string
}

/** A network is sandbox or live from here on, for ever: the form says what that means. */
export const NewNetworkPage: FC<{ view: View; values: NewNetworkForm; problems?: Problems }> = ({
  view,
  values,
  problems = {},
}) => {
  const { t } = view
  return (
    <SettingsPage view={view} tab="general" title={t('settings.newNetwork.title')} lead={t('settings.newNetwork.lead')}>
      <Form view={view} action={inNetwork(view, '/console/settings/networks')} problems={problems}>
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
        <TextField
          view={view}
          name="name"
          label={t('settings.general.name')}
          hint={t('settings.newNetwork.nameHint')}
          value={values.name}
          error={problems.name}
          maxlength={63}
          isRequired
        />
        <ChoiceField
          view={view}
          name="mode"
          label={t('settings.general.mode')}
          hint={t('settings.newNetwork.modeHint')}
          error={problems.mode}
          values={[values.mode]}
          choices={[
            { value: 'sandbox', text: t('settings.newNetwork.sandbox') },
            { value: 'live', text: t('settings.newNetwork.live') },
          ]}
        />
        <TextField
          view={view}
          name="country"
          label={t('settings.general.country')}
          hint={t('settings.newNetwork.countryHint')}
          value={values.country}
          error={problems.country}
          maxlength={60}
          isRequired
        />
        <LanguageField view={view} value={values.language} />
        <ZoneField view={view} value={values.timezone} error={problems.timezone} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('settings.general.createNetwork')}
          </button>
          <a class="button" href={inNetwork(view, '/console/settings')}>
            {t('ui.cancel')}
          </a>
        </div>
      </Form>
    </SettingsPage>
  )
}
