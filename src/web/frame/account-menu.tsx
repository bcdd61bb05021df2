import type { FC } from 'hono/jsx'
import { inNetwork } from '../in-network.ts'
import { Icon } from '../ui/icon.tsx'
import type { View } from '../view.ts'

/** Oneself: account, language, and the way out. */
export const AccountMenu: FC<{ view: View }> = ({ view }) => {
  const { t, user } = view
  if (!user) return null
  return (
    <>
      <button type="button" class="tool" popovertarget="account">
        <Icon name="user" />
        <span class="account-name">{user.name}</span>
        <span class="hidden">{t('nav.accountMenu')}</span>
      </button>
      <nav class="popup" id="account" popover="auto" aria-label={t('nav.accountMenu')}>
        <p>
          <strong>{user.name}</strong>
          <small>{user.email}</small>
        </p>
        <a href={inNetwork(view, '/account')}>
          <Icon name="settings" />
          {t('nav.account')}
        </a>
        <a href={view.otherLanguageUrl} lang={view.language === 'fr' ? 'en' : 'fr'}>
          <Icon name="language" />
          {t('inOtherLanguage')}
        </a>
        <form class="action" method="post" action="/sign-out">
          <button type="submit">
            <Icon name="leave" />
            {t('nav.signOut')}
          </button>
        </form>
      </nav>
    </>
  )
}
