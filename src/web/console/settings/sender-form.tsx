import type { FC } from 'hono/jsx'
import type { SenderField, SenderProblem } from '../../../network/sender-rules.ts'
import type { Sender } from '../../../network/senders.ts'
import type { ChannelName } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { View } from '../../view.ts'
import { rateHint } from './rate-text.ts'
import { SettingsPage } from './settings-page.tsx'

export interface SenderForm {
  name: string
  address: string
  isTwoWay: boolean
  countries: string
  /** As written; empty follows the default. */
  rate: string
}

export const emptySender: SenderForm = { name: '', address: '', isTwoWay: false, countries: '', rate: '' }

export const senderForm = (sender: Sender): SenderForm => ({
  name: sender.name,
  // A mailbox may stand in the environment with a name before it; the name has a field of its own.
  address: /<([^<>]+)>\s*$/.exec(sender.address ?? '')?.[1] ?? sender.address ?? '',
  isTwoWay: sender.isTwoWay,
  countries: sender.countries.join(', '),
  rate: sender.ratePerSecond === null ? '' : String(sender.ratePerSecond),
})

/** What was refused, in the reader's words, at its field. */
export function senderProblemsText({ t }: View, refused: Partial<Record<SenderField, SenderProblem>>): Problems {
  return Object.fromEntries(
    Object.entries(refused).map(([field, problem]) => [field, t(`settings.senderProblems.${problem}`)]),
  )
}

/** One sender: what is seen of it. An account's technical side is elsewhere. */
export const SenderPage: FC<{
  view: View
  channel: ChannelName
  /** Absent for a new one. */
  sender?: Sender
  values: SenderForm
  problems?: Problems
  failure?: string
}> = ({ view, channel, sender, values, problems = {}, failure }) => {
  const { t } = view
  const isAddressed = channel === 'sms' || channel === 'email'
  const path = sender ? `/console/settings/senders/${sender.id}` : '/console/settings/senders'
  return (
    <SettingsPage
      view={view}
      tab="senders"
      title={sender?.name ?? t('settings.senders.newTitle', { channel: t(`channels.${channel}`) })}
      failure={failure}
      action={
        sender &&
        !sender.isDefault && (
          <>
            <ActionButton action={inNetwork(view, `${path}/default`)} text={t('settings.senders.makeDefault')} />
            <LinkButton href={inNetwork(view, `${path}/remove`)} text={t('ui.remove')} kind="quiet" />
          </>
        )
      }
    >
      <Form view={view} action={inNetwork(view, path)} problems={problems}>
        {!sender && <input type="hidden" name="channel" value={channel} />}
        <TextField
          view={view}
          name="name"
          label={t('settings.senders.name')}
          hint={t(channel === 'email' ? 'settings.senders.mailNameHint' : 'settings.senders.nameHint')}
          value={values.name}
          error={problems.name}
          maxlength={80}
          isRequired
        />
        {isAddressed && (
          <>
            <TextField
              view={view}
              name="address"
              label={t('settings.senders.address')}
              hint={t(channel === 'sms' ? 'settings.senders.smsHint' : 'settings.senders.mailHint')}
              value={values.address}
              error={problems.address}
              maxlength={254}
              isRequired
            />
            <CheckField
              view={view}
              name="isTwoWay"
              label={t('settings.senders.twoWayLabel')}
              hint={t('settings.senders.twoWayHint')}
              isChecked={values.isTwoWay}
              error={problems.isTwoWay}
            />
          </>
        )}
        {channel === 'sms' && (
          <TextField
            view={view}
            name="countries"
            label={t('settings.senders.countries')}
            hint={t('settings.senders.countriesHint')}
            value={values.countries}
            error={problems.countries}
            maxlength={200}
          />
        )}
        {isAddressed && (
          <TextField
            view={view}
            name="rate"
            label={t(channel === 'sms' ? 'settings.rates.smsLabel' : 'settings.rates.mailLabel')}
            hint={rateHint(view, channel, sender)}
            value={values.rate}
            error={problems.rate}
            maxlength={12}
          />
        )}
        <div class="buttons">
          <button type="submit" class="primary">
            {sender ? t('ui.save') : t('ui.add')}
          </button>
          <a class="button" href={inNetwork(view, '/console/settings/senders')}>
            {t('ui.cancel')}
          </a>
        </div>
      </Form>
    </SettingsPage>
  )
}
