import type { FC } from 'hono/jsx'
import { shortestPassword } from '../../accounts/password-rules.ts'
import { Breadcrumb, ConsolePage } from '../layout.tsx'
import { PasskeyForm } from '../public/sign-in.tsx'
import { TextField } from '../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../ui/form.tsx'
import { PageHeading } from '../ui/heading.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Empty, Flash } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import type { View } from '../view.ts'

const Trail: FC<{ view: View }> = ({ view }) => (
  <Breadcrumb view={view} trail={[[view.t('account.back'), '/account']]} />
)

export const PasswordPage: FC<{ view: View; email: string; hasPassword: boolean; problems?: Problems }> = ({
  view,
  email,
  hasPassword,
  problems = {},
}) => {
  const { t } = view
  const title = hasPassword ? t('account.passwordChange') : t('account.passwordAdd')
  return (
    <ConsolePage view={view} title={title}>
      <Trail view={view} />
      <PageHeading title={title} />
      <Form view={view} action="/account/password" problems={problems}>
        <input type="hidden" name="username" autocomplete="username" value={email} />
        {hasPassword && (
          <TextField
            view={view}
            name="current"
            type="password"
            label={t('account.passwordNow')}
            autocomplete="current-password"
            maxlength={200}
            error={problems.current}
            isRequired
          />
        )}
        <TextField
          view={view}
          name="password"
          type="password"
          label={t('account.passwordNew')}
          hint={t('passwordFaults.hint', { count: shortestPassword })}
          autocomplete="new-password"
          maxlength={200}
          error={problems.password}
          isRequired
        />
        <button type="submit" class="primary">
          {t('ui.save')}
        </button>
      </Form>
    </ConsolePage>
  )
}

/** Shown in place of a change when the sign-in is too long ago. */
export const AgainPage: FC<{ view: View; here: string }> = ({ view, here }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.again')}>
      <Trail view={view} />
      <PageHeading title={t('account.again')} lead={t('account.againText')} />
      <ActionButton action="/account/again" text={t('account.againGo')} kind="primary" fields={{ to: here }} />
    </ConsolePage>
  )
}

export interface KeptPasskey {
  id: string
  name: string | null
  createdAt: Date | null
}

export const PasskeysPage: FC<{
  view: View
  passkeys: readonly KeptPasskey[]
  said?: { text: string; tone: 'good' | 'bad' }
  suggested: string
}> = ({ view, passkeys, said, suggested }) => {
  const { t, formats } = view
  return (
    <ConsolePage view={view} title={t('account.passkeys')}>
      <Trail view={view} />
      <PageHeading title={t('account.passkeys')} lead={t('account.passkeysLead')} />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      {passkeys.length === 0 ? (
        <Empty text={t('account.passkeysNone')} />
      ) : (
        <ul class="account-list panel">
          {passkeys.map(({ id, name, createdAt }) => (
            <li>
              <div>
                <strong>{name || t('account.passkeyDefault')}</strong>
                {createdAt && <small>{t('account.since', { date: formats.date(createdAt) })}</small>}
              </div>
              <ActionButton action={`/account/passkeys/${id}/remove`} text={t('account.remove')} />
            </li>
          ))}
        </ul>
      )}
      <PasskeyForm
        view={view}
        kind="new"
        action="/account/passkeys"
        text={t('account.passkeyAdd')}
        failed={t('account.passkeyFailed')}
      >
        <TextField
          view={view}
          name="name"
          label={t('account.passkeyName')}
          hint={t('account.passkeyNameHint')}
          value={suggested}
          maxlength={60}
        />
      </PasskeyForm>
      <noscript>
        <p class="note">{t('account.passkeyScript')}</p>
      </noscript>
    </ConsolePage>
  )
}

/** Off: what it is. On: how many backup codes are left, new ones, and turning it off. */
export const TwoFactorPage: FC<{ view: View; codesLeft?: number; said?: string }> = ({ view, codesLeft, said }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.twoFactor')}>
      <Trail view={view} />
      <PageHeading title={t('account.twoFactor')} lead={t('account.twoFactorLead')} />
      {said && <Flash tone="good">{said}</Flash>}
      {codesLeft === undefined ? (
        <ActionButton action="/account/two-factor" text={t('account.twoFactorStart')} kind="primary" />
      ) : (
        <Panel id="codes" title={t('account.codes')} note={t('account.codesLeft', { count: codesLeft })}>
          <div class="toolbar">
            <LinkButton href="/account/two-factor/codes" text={t('account.codesRenew')} />
            <LinkButton href="/account/two-factor/end" text={t('account.twoFactorEnd')} />
          </div>
        </Panel>
      )}
    </ConsolePage>
  )
}

/** The key to scan or to type, and the first code. */
export const EnrolPage: FC<{ view: View; qrSvg: string; keyText: string; problems?: Problems }> = ({
  view,
  qrSvg,
  keyText,
  problems,
}) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.twoFactor')}>
      <Trail view={view} />
      <PageHeading title={t('account.twoFactor')} lead={t('account.twoFactorScan')} />
      <img class="enrol-code" src={`data:image/svg+xml;utf8,${encodeURIComponent(qrSvg)}`} alt={t('account.qr')} />
      <p>
        {t('account.twoFactorKey')} <code>{keyText}</code>
      </p>
      <Form view={view} action="/account/two-factor/confirm" problems={problems}>
        <TextField
          view={view}
          name="code"
          label={t('account.twoFactorCode')}
          autocomplete="one-time-code"
          maxlength={10}
          error={problems?.code}
          isRequired
        />
        <button type="submit" class="primary">
          {t('account.twoFactorConfirm')}
        </button>
      </Form>
    </ConsolePage>
  )
}

/** Backup codes, the one time they are shown. */
export const CodesPage: FC<{ view: View; codes: readonly string[] }> = ({ view, codes }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.codes')}>
      <Trail view={view} />
      <PageHeading title={t('account.codes')} lead={t('account.codesLead')} />
      <ul class="backup-codes panel">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <LinkButton href="/account/two-factor" text={t('account.codesKept')} kind="primary" />
      </p>
    </ConsolePage>
  )
}

export const ConfirmEmailPage: FC<{ view: View; email: string; action: string }> = ({ view, email, action }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.emailTitle')}>
      <Trail view={view} />
      <PageHeading title={t('account.emailTitle')} lead={t('account.emailText', { email })} />
      <ActionButton action={action} text={t('account.emailConfirm')} kind="primary" />
    </ConsolePage>
  )
}

export const ClosedEmailPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('account.emailTitle')}>
      <Trail view={view} />
      <PageHeading title={t('account.emailTitle')} lead={t('account.emailClosed')} />
      <LinkButton href="/account" text={t('account.back')} />
    </ConsolePage>
  )
}
