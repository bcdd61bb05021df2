import type { FC } from 'hono/jsx'
import { mailedLinkMinutes } from '../../accounts/sign-in-link.ts'
import { PublicPage } from '../layout.tsx'
import { TextField } from '../ui/field.tsx'
import { Form, type Problems } from '../ui/form.tsx'
import type { View } from '../view.ts'

/** Looking at a link does nothing; the button uses it. */
export const OpenLinkPage: FC<{ view: View; token: string }> = ({ view, token }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.title')}>
      <h1>{t('signIn.ready')}</h1>
      <p>{t('signIn.once')}</p>
      <form method="post" action={`/sign-in/${encodeURIComponent(token)}`}>
        <button type="submit" class="primary wide">
          {t('signIn.open')}
        </button>
      </form>
    </PublicPage>
  )
}

interface AskProps {
  view: View
  email?: string
  problems?: Problems
}

const AskForLink: FC<AskProps> = ({ view, email, problems }) => {
  const { t } = view
  return (
    <Form view={view} action="/sign-in/link" problems={problems}>
      <TextField
        view={view}
        name="email"
        type="email"
        label={t('signIn.email')}
        value={email}
        autocomplete="username"
        maxlength={254}
        error={problems?.email}
        isRequired
      />
      <button type="submit" class="primary wide">
        {t('signIn.linkSend')}
      </button>
    </Form>
  )
}

export const AskForLinkPage: FC<AskProps> = (asked) => {
  const { t } = asked.view
  return (
    <PublicPage view={asked.view} title={t('signIn.linkTitle')}>
      <h1>{t('signIn.linkTitle')}</h1>
      <p>{t('signIn.linkLead')}</p>
      <AskForLink {...asked} />
      <p>
        <a href="/">{t('signIn.back')}</a>
      </p>
    </PublicPage>
  )
}

/** One page for unknown, used and expired links alike: it tells nobody which, and asks for another. */
export const ClosedLinkPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.closedTitle')}>
      <h1>{t('signIn.closedTitle')}</h1>
      <p>{t('signIn.closed')}</p>
      <AskForLink view={view} />
      <p>
        <a href="/">{t('signIn.back')}</a>
      </p>
    </PublicPage>
  )
}

/** Says the same whoever asked; where no mail can leave, it does not pretend that one did. */
export const LinkSentPage: FC<{ view: View; leaves: boolean }> = ({ view, leaves }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.linkTitle')}>
      <h1>{leaves ? t('signIn.linkSentTitle') : t('signIn.linkTitle')}</h1>
      <p role="status">{leaves ? t('signIn.linkSent', { count: mailedLinkMinutes }) : t('signIn.linkKept')}</p>
      {leaves && <p>{t('signIn.linkAgain')}</p>}
      <p>
        <a class="button" href="/sign-in/link">
          {t('signIn.linkTitle')}
        </a>
      </p>
      <p>
        <a href="/">{t('signIn.back')}</a>
      </p>
    </PublicPage>
  )
}
