import type { FC } from 'hono/jsx'
import type { OwnProvider } from '../../../network/credentials.ts'
import type { Account } from '../../../network/secrets.ts'
import { inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { providerName } from './senders.tsx'
import { SettingsPage } from './settings-page.tsx'

export type AccountFields = Readonly<Record<string, string>>

interface FieldShape {
  name: CredentialField
  isSecret?: boolean
  isRequired?: boolean
  hasHint?: boolean
  /** Left empty it goes, unlike other secrets: it is there while something is changed. */
  isPassing?: boolean
}

/** Every field of an account's form. */
export type CredentialField =
  | 'accountSid'
  | 'authToken'
  | 'oldAuthToken'
  | 'apiKey'
  | 'apiSecret'
  | 'messagingServiceSid'
  | 'from'
  | 'sendgridKey'
  | 'webhookPublicKey'
  | 'oldWebhookPublicKey'
  | 'region'
  | 'security'
  | 'host'
  | 'port'
  | 'user'
  | 'password'

const fieldsOfProvider: Record<OwnProvider, readonly FieldShape[]> = {
  twilio: [
    { name: 'accountSid', isRequired: true, hasHint: true },
    { name: 'authToken', isSecret: true, isRequired: true, hasHint: true },
    { name: 'oldAuthToken', isSecret: true, hasHint: true, isPassing: true },
    { name: 'apiKey', hasHint: true },
    { name: 'apiSecret', isSecret: true },
    { name: 'from', hasHint: true },
    { name: 'messagingServiceSid', hasHint: true },
  ],
  sendgrid: [
    { name: 'apiKey', isSecret: true, isRequired: true },
    { name: 'from', isRequired: true },
    { name: 'webhookPublicKey', hasHint: true },
    { name: 'oldWebhookPublicKey', hasHint: true },
    { name: 'region' },
  ],
  smtp: [
    { name: 'host', isRequired: true },
    { name: 'port', isRequired: true },
    { name: 'security' },
    { name: 'user' },
    { name: 'password', isSecret: true },
    { name: 'from', isRequired: true },
  ],
}

const choices: Partial<Record<CredentialField, readonly string[]>> = {
  region: ['global', 'eu'],
  security: ['tls', 'starttls'],
}

/** What a form begins with: what may be shown of the account that is there, else what is usual. */
export function accountFields(provider: OwnProvider, account?: Account): AccountFields {
  if (account) {
    const { name: _, authToken: __, apiSecret: ___, password: ____, ...shown } = account.hints
    return provider === 'sendgrid' ? { ...shown, apiKey: '' } : shown
  }
  if (provider === 'smtp') return { port: '465', security: 'tls' }
  return provider === 'sendgrid' ? { region: 'global' } : {}
}

/** The key of a field's words: an API key is another thing at each provider. */
const wordsOf = (provider: OwnProvider, name: CredentialField) =>
  provider === 'sendgrid' && name === 'apiKey' ? 'sendgridKey' : name

const hints = [
  'accountSid',
  'authToken',
  'oldAuthToken',
  'apiKey',
  'messagingServiceSid',
  'webhookPublicKey',
  'oldWebhookPublicKey',
] as const
const hintOf = ({ t }: View, provider: OwnProvider, { name, hasHint }: FieldShape): string | undefined => {
  const hint = hints.find((one) => one === name)
  if (name === 'from' && provider === 'twilio') return t('settings.fieldHints.smsFrom')
  return hasHint && hint ? t(`settings.fieldHints.${hint}`) : undefined
}

/** A network's account with a provider. What is secret is never shown; left empty it stays as it is. */
export const AccountPage: FC<{
  view: View
  provider: OwnProvider
  account?: Account
  values: AccountFields
  problems?: Problems
}> = ({ view, provider, account, values, problems = {} }) => {
  const { t } = view
  const name = providerName(view, provider)
  if (view.network?.mode === 'sandbox')
    return (
      <SettingsPage view={view} tab="senders" title={t('settings.accounts.title', { provider: name })}>
        <Empty text={t('settings.senders.sandbox')}>
          <a href={inNetwork(view, '/console/settings/senders')}>{t('settings.tabs.senders')}</a>
        </Empty>
      </SettingsPage>
    )
  return (
    <SettingsPage
      view={view}
      tab="senders"
      title={t('settings.accounts.title', { provider: name })}
      lead={t(`settings.accounts.lead.${provider}`)}
    >
      {!account && <p class="note">{t('settings.accounts.replaces')}</p>}
      <Form view={view} action={inNetwork(view, `/console/settings/accounts/${provider}`)} problems={problems}>
        {fieldsOfProvider[provider].map((field) => {
          const label = t(`settings.fields.${wordsOf(provider, field.name)}`)
          const shared = { view, name: field.name, label, error: problems[field.name] }
          const options = choices[field.name]
          if (options)
            return (
              <SelectField
                {...shared}
                value={values[field.name] ?? options[0]}
                choices={options.map((value) => ({ value, text: optionText(view, value) }))}
                isRequired
              />
            )
          const isKept = field.isSecret && !field.isPassing && account !== undefined
          return (
            <TextField
              {...shared}
              hint={isKept ? t('settings.accounts.kept') : hintOf(view, provider, field)}
              type={field.isSecret ? 'password' : 'text'}
              autocomplete={field.isSecret ? 'new-password' : 'off'}
              value={field.isSecret ? undefined : values[field.name]}
              isRequired={field.isRequired && !isKept}
              maxlength={500}
            />
          )
        })}
        <div class="buttons">
          <button type="submit" class="primary">
            {t('settings.accounts.checkAndSave')}
          </button>
          <a class="button" href={inNetwork(view, '/console/settings/senders')}>
            {t('ui.cancel')}
          </a>
        </div>
      </Form>
    </SettingsPage>
  )
}

const optionText = ({ t }: View, value: string): string => {
  switch (value) {
    case 'eu':
      return t('settings.options.eu')
    case 'starttls':
      return t('settings.options.starttls')
    case 'tls':
      return t('settings.options.tls')
    default:
      return t('settings.options.global')
  }
}
