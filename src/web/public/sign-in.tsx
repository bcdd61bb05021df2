import type { Child, FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import { TextField } from '../ui/field.tsx'
import { FormProblems, type Problems } from '../ui/form.tsx'
import { Flash } from '../ui/notice.tsx'
import type { View } from '../view.ts'

/** A button that asks the browser for a passkey; the script shows it, since it can do nothing without. */
export const PasskeyForm: FC<{
  view: View
  kind: 'sign-in' | 'new'
  action: string
  text: string
  failed: string
  children?: Child
}> = ({ view, kind, action, text, failed, children }) => (
  <>
    <form class="form" method="post" action={action} data-passkey={kind} data-options={`${action}/options`} hidden>
      {children}
      <input type="hidden" name="response" />
      <p class="error" role="alert" hidden>
        {failed}
      </p>
      <button type="submit" class={kind === 'new' ? 'primary' : 'wide'}>
        {text}
      </button>
    </form>
    <script nonce={view.nonce} src={view.assets.url('passkey.js')} defer></script>
  </>
)

export interface SignInProps {
  view: View
  email?: string
  problems?: Problems
  /** Said above the form: what went wrong elsewhere on the way in. */
  refusal?: string
  /** The head office's name, where one can be asked. */
  office?: string
}

/** Every way in, on one page: one address, then a password or a link; a passkey; the head office. */
export const SignInPage: FC<SignInProps> = ({ view, email, problems = {}, refusal, office }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.title')}>
      <h1>{t('signIn.title')}</h1>
      <p class="lead">{t('signIn.welcome')}</p>
      {refusal && <Flash tone="bad">{refusal}</Flash>}
      <form class="form" method="post" action="/" novalidate>
        <FormProblems view={view} problems={problems} />
        <TextField
          view={view}
          name="email"
          type="email"
          label={t('signIn.email')}
          value={email}
          autocomplete="username"
          maxlength={254}
          error={problems.email}
          isRequired
        />
        <TextField
          view={view}
          name="password"
          type="password"
          label={t('signIn.password')}
          autocomplete="current-password"
          maxlength={200}
          error={problems.password}
          isRequired
        />
        <button type="submit" class="primary wide">
          {t('signIn.enter')}
        </button>
        <p class="or">{t('signIn.or')}</p>
        <button type="submit" class="wide" formaction="/sign-in/link">
          {t('signIn.byLink')}
        </button>
      </form>
      <PasskeyForm
        view={view}
        kind="sign-in"
        action="/sign-in/passkey"
        text={t('signIn.byPasskey')}
        failed={t('signIn.passkeyFailed')}
      />
      {office && (
        <form class="form" method="post" action="/sign-in/office">
          <button type="submit" class="wide">
            {t('signIn.byOffice', { name: office })}
          </button>
        </form>
      )}
      <details>
        <summary>{t('signIn.operator')}</summary>
        <p>{t('signIn.how')}</p>
        <pre>
          <code>{t('signIn.command')}</code>
        </pre>
      </details>
    </PublicPage>
  )
}

/** Too many tries: how long to wait, and what works at once. */
export const WaitPage: FC<{ view: View; minutes: number }> = ({ view, minutes }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.waitTitle')}>
      <h1>{t('signIn.waitTitle')}</h1>
      <p role="alert">{t('signIn.wait', { count: minutes })}</p>
      <p>{t('signIn.waitOther')}</p>
      <p>
        <a class="button" href="/">
          {t('signIn.back')}
        </a>
      </p>
    </PublicPage>
  )
}

/** On the way to the head office. A page and not a redirect: a form of ours may not lead to another site (CSP). */
export const LeavingPage: FC<{ view: View; office: string; url: string }> = ({ view, office, url }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.leaving', { name: office })}>
      <h1>{t('signIn.leaving', { name: office })}</h1>
      <p>{t('signIn.leavingText')}</p>
      <p>
        <a class="button primary wide" href={url} rel="noreferrer">
          {t('signIn.leavingGo', { name: office })}
        </a>
      </p>
    </PublicPage>
  )
}
