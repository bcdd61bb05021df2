import type { FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import type { View } from '../view.ts'

/** Whoever comes without a link learns how to get one. */
export const SignInPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.title')}>
      <h1>{t('signIn.welcome')}</h1>
      <p>{t('signIn.how')}</p>
      <pre>
        <code>{t('signIn.command')}</code>
      </pre>
      <p class="note">{t('signIn.atStart')}</p>
    </PublicPage>
  )
}

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

/** One page for unknown, used and expired links alike: it tells nobody which. */
export const ClosedLinkPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.closedTitle')}>
      <h1>{t('signIn.closedTitle')}</h1>
      <p>{t('signIn.closed')}</p>
      <p>{t('signIn.how')}</p>
      <pre>
        <code>{t('signIn.command')}</code>
      </pre>
    </PublicPage>
  )
}
