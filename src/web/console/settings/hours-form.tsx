import type { FC } from 'hono/jsx'
import type { Override } from '../../../network/routing-settings.ts'
import type { Dated } from '../../../routing/types.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'
import type { WindowKey } from './hours-key.ts'
import { weekdays } from './hours-text.ts'
import { Origin, OriginFields } from './origin.tsx'
import { SettingsPage } from './settings-page.tsx'

export type HoursFields = Readonly<Record<string, string>>

const Days: FC<{ view: View; prefix: 'soft' | 'hard'; values: HoursFields; problems: Problems }> = ({
  view,
  prefix,
  values,
  problems,
}) => (
  <>
    {weekdays.map((day) => (
      <TextField
        view={view}
        name={`${prefix}-${day}`}
        label={view.t(`settings.days.${day}`)}
        value={values[`${prefix}-${day}`]}
        error={problems[`${prefix}-${day}`]}
        maxlength={120}
      />
    ))}
  </>
)

/** One window of hours, day by day, with where it is from. */
export const HoursFormPage: FC<{
  view: View
  window: WindowKey
  title: string
  shipped: Pick<Dated<unknown>, 'source' | 'status' | 'checkedOn'>
  own?: Override<unknown>
  values: HoursFields
  problems?: Problems
}> = ({ view, window, title, shipped, own, values, problems = {} }) => {
  const { t } = view
  const isCountry = window.kind === 'country'
  return (
    <SettingsPage view={view} tab="hours" title={title} lead={t('settings.hours.formLead')}>
      <Origin view={view} shipped={shipped} own={own} />
      <Form view={view} action={inNetwork(view, `/console/settings/hours/${window.path}`)} problems={problems}>
        <fieldset class="week">
          <legend>{t(isCountry ? 'settings.hours.soft' : 'settings.hours.open')}</legend>
          <p class="hint">{t('settings.hours.dayHint')}</p>
          <Days view={view} prefix="soft" values={values} problems={problems} />
        </fieldset>
        {isCountry && (
          <>
            <fieldset class="week">
              <legend>{t('settings.hours.hard')}</legend>
              <p class="hint">{t('settings.hours.hardHint')}</p>
              <Days view={view} prefix="hard" values={values} problems={problems} />
            </fieldset>
            <CheckField
              view={view}
              name="holidaysClosed"
              label={t('settings.hours.closedLabel')}
              isChecked={values.holidaysClosed === 'on'}
            />
          </>
        )}
        <OriginFields view={view} values={values} problems={problems} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
          <a class="button" href={inNetwork(view, '/console/settings/hours')}>
            {t('ui.cancel')}
          </a>
        </div>
      </Form>
    </SettingsPage>
  )
}
