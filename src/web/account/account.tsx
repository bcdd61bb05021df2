import type { FC } from 'hono/jsx'
import type { OpenSession } from '../../accounts/sessions.ts'
import { languages } from '../../words.ts'
import { ConsolePage } from '../layout.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { DescriptionList } from '../ui/figures.tsx'
import { ActionButton, Form, type Problems } from '../ui/form.tsx'
import { PageHeading } from '../ui/heading.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Flash } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import type { View } from '../view.ts'
import { translatorFor } from '../words/index.ts'
import { deviceIn } from './devices.ts'

export interface Profile {
  name: string
  email: string
  language: string
}

interface AccountProps {
  view: View
  profile: Profile
  typed?: Profile
  problems?: Problems
  /** True until the first owner has given an address of their own. */
  isNew: boolean
  said?: { text: string; tone: 'good' | 'warning' }
  hasPassword: boolean
  hasSecondStep: boolean
  passkeyCount: number
  sessions: readonly OpenSession[]
  currentId: string
}

export const AccountPage: FC<AccountProps> = (shown) => {
  const { view, said, isNew } = shown
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.title')}>
      <PageHeading title={t('account.title')} lead={t('account.lead')} />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      {isNew && <Flash tone="warning">{t('account.start')}</Flash>}
      <div class="account">
        <ProfilePanel {...shown} />
        <WaysInPanel {...shown} />
        <SessionsPanel {...shown} />
      </div>
    </ConsolePage>
  )
}

const ProfilePanel: FC<AccountProps> = ({ view, profile, typed = profile, problems = {} }) => {
  const { t } = view
  return (
    <Panel id="profile" title={t('account.profile')}>
      <Form view={view} action="/account" problems={problems}>
        <TextField
          view={view}
          name="name"
          label={t('account.name')}
          value={typed.name}
          autocomplete="name"
          maxlength={120}
          error={problems.name}
          isRequired
        />
        <TextField
          view={view}
          name="email"
          type="email"
          label={t('account.email')}
          hint={t('account.emailHint')}
          value={typed.email}
          autocomplete="email"
          maxlength={254}
          error={problems.email}
          isRequired
        />
        <SelectField
          view={view}
          name="language"
          label={t('account.language')}
          value={typed.language}
          choices={languages.map((value) => ({ value, text: translatorFor(value)('name') }))}
          isRequired
        />
        <button type="submit" class="primary">
          {t('ui.save')}
        </button>
      </Form>
    </Panel>
  )
}

const WaysInPanel: FC<AccountProps> = ({ view, hasPassword, hasSecondStep, passkeyCount }) => {
  const { t, formats } = view
  return (
    <Panel id="ways-in" title={t('account.waysIn')}>
      <DescriptionList
        details={[
          {
            term: t('account.password'),
            detail: hasPassword ? t('account.passwordSet') : t('account.passwordNone'),
          },
          { term: t('account.passkeys'), detail: formats.number(passkeyCount) },
          {
            term: t('account.twoFactor'),
            detail: hasSecondStep ? t('account.twoFactorOn') : t('account.twoFactorOff'),
          },
        ]}
      />
      <div class="toolbar">
        <LinkButton
          href="/account/password"
          text={hasPassword ? t('account.passwordChange') : t('account.passwordAdd')}
        />
        <LinkButton href="/account/passkeys" text={t('account.passkeys')} />
        <LinkButton href="/account/two-factor" text={t('account.twoFactor')} />
      </div>
    </Panel>
  )
}

const SessionsPanel: FC<AccountProps> = ({ view, sessions, currentId }) => {
  const { t } = view
  return (
    <Panel
      id="sessions"
      title={t('account.sessions')}
      note={t('account.sessionsLead')}
      action={sessions.length > 1 && <ActionButton action="/account/sessions/others" text={t('account.endOthers')} />}
    >
      <ul class="account-list">
        {sessions.map((session) => (
          <li>
            <div>
              <strong>{deviceText(view, session.userAgent)}</strong>
              {session.id === currentId && <span class="badge good">{t('account.thisOne')}</span>}
              <small>
                {t('account.used', { date: view.formats.short(session.usedAt) })}
                {session.address && ` · ${t('account.address', { address: shortAddress(session.address) })}`}
              </small>
            </div>
            {session.id !== currentId && (
              <ActionButton action={`/account/sessions/${session.id}/end`} text={t('account.end')} />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** IPv6 as people write it (RFC 5952); the library keeps it long. */
const shortAddress = (address: string): string =>
  address.includes(':') && URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : address

function deviceText({ t }: View, userAgent: string): string {
  const { browser, system } = deviceIn(userAgent)
  if (browser && system) return t('account.browserOn', { browser, system })
  return browser ?? system ?? t('account.unknownDevice')
}
