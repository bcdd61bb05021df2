import type { FC } from 'hono/jsx'
import { accountRate } from '../../../pace/rates.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import type { View } from '../../view.ts'
import { rateText } from './rate-text.ts'

/** How much the network's own account takes in a second: what its contract with the provider says. */
export const AccountRateForm: FC<{
  view: View
  channel: 'sms' | 'email'
  provider: string
  /** As it was written, where it was refused. */
  value?: string
  problem?: string
}> = ({ view, channel, provider, value, problem }) => {
  const { t, network } = view
  const own = network?.settings.accountRates?.[channel]
  const standard = accountRate(provider)
  return (
    <Form view={view} action={inNetwork(view, `/console/settings/account-rate/${channel}`)}>
      <TextField
        view={view}
        name={`rate-${channel}`}
        label={channel === 'sms' ? t('settings.rates.accountSmsLabel') : t('settings.rates.accountMailLabel')}
        hint={
          standard
            ? t('settings.rates.accountStandard', { rate: rateText(view, channel, standard) })
            : t('settings.rates.accountFree')
        }
        value={value ?? (own === undefined ? '' : String(own))}
        error={problem}
        maxlength={12}
      />
      <div class="buttons">
        <button type="submit">{t('ui.save')}</button>
      </div>
    </Form>
  )
}
