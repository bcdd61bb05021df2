import type { Child, FC } from 'hono/jsx'
import { can } from '../accounts/policy.ts'
import { TimeMachine } from './console/time/time-machine.tsx'
import { type Room, rooms } from './nav.ts'
import type { View } from './view.ts'

/** The mark: an R handing over. */
const Mark: FC = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M9 22V10.5h6.2a4 4 0 0 1 0 8H9m6.5 0 4.3 4" />
    <circle cx="24" cy="11" r="2.4" />
  </svg>
)

interface PageProps {
  view: View
  title: string
  /** Which entry of the navigation this page belongs to. */
  current?: Room
  children?: Child
}

const Document: FC<PageProps> = ({ view, title, children }) => (
  <html lang={view.language}>
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · ${view.t('product')}`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="htmx-config" content='{"history":false}' />
      <link rel="icon" href={view.assets.url('icon.svg')} type="image/svg+xml" />
      <link rel="preload" href={view.assets.url('plex-regular.ttf')} as="font" type="font/ttf" crossorigin="" />
      <link rel="stylesheet" href={view.assets.url('relais.css')} />
      <script nonce={view.nonce} src={view.assets.url('htmx.js')} defer></script>
    </head>
    <body>{children}</body>
  </html>
)

/** A page nobody needs to be signed in for: one card in the middle. */
export const PublicPage: FC<PageProps> = ({ view, title, children }) => (
  <Document view={view} title={title}>
    <main class="gate" id="content">
      <p class="brand">
        <Mark />
        {view.t('product')}
      </p>
      <div class="gate-card">{children}</div>
      <p class="gate-foot">
        <a href={view.otherLanguageUrl} lang={view.language === 'fr' ? 'en' : 'fr'}>
          {view.t('inOtherLanguage')}
        </a>
      </p>
    </main>
  </Document>
)

/** A path with the network one is in, so that several tabs can show several networks. */
export const inNetwork = (view: View, path: string): string =>
  view.network ? `${path}${path.includes('?') ? '&' : '?'}network=${encodeURIComponent(view.network.name)}` : path

const Rooms: FC<{ view: View; current?: Room }> = ({ view, current }) => {
  const { t, user, network } = view
  if (!user || !network) return null
  return (
    <nav class="rooms" aria-label={t('nav.label')}>
      <ul>
        {rooms
          .filter(({ permission }) => can(user, permission, network.id))
          .map(({ name, path }) => (
            <li>
              <a href={inNetwork(view, path)} aria-current={current === name ? 'page' : undefined}>
                {t(`nav.${name}`)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}

/** Search, what waits to be read, and oneself. */
const Tools: FC<{ view: View }> = ({ view }) => {
  const { t, user, network, unread = 0 } = view
  return (
    <div class="tools">
      {network && (
        <search>
          <form class="quick-search" action="/console/search">
            <input type="hidden" name="network" value={network.name} />
            <input type="search" name="q" aria-label={t('nav.search')} placeholder={t('nav.search')} />
          </form>
        </search>
      )}
      <a class="bell" href={inNetwork(view, '/console/notifications')}>
        {t('nav.notifications')}
        {unread > 0 && <span class="count">{view.formats.number(unread)}</span>}
      </a>
      <a href={inNetwork(view, '/account')}>{user?.name ?? t('nav.account')}</a>
      <a href={view.otherLanguageUrl} lang={view.language === 'fr' ? 'en' : 'fr'}>
        {t('inOtherLanguage')}
      </a>
      <form method="post" action="/sign-out">
        <button type="submit" class="quiet">
          {t('nav.signOut')}
        </button>
      </form>
    </div>
  )
}

/** A console page: the network and the way around, the time machine in a sandbox, then the content. */
export const ConsolePage: FC<PageProps> = ({ view, title, current, children }) => {
  const { t, network, networks = [] } = view
  return (
    <Document view={view} title={title}>
      <a class="skip" href="#content">
        {t('skip')}
      </a>
      <header class="top">
        <a class="brand" href={inNetwork(view, '/console')}>
          <Mark />
          {t('product')}
        </a>
        {network &&
          (networks.length > 1 ? (
            <form class="network-choice" action="/console">
              <select name="network" aria-label={t('nav.chooseNetwork')}>
                {networks.map((choice) => (
                  <option value={choice.name} selected={choice.id === network.id}>
                    {choice.title}
                  </option>
                ))}
              </select>
              <button type="submit" class="quiet">
                {t('nav.go')}
              </button>
            </form>
          ) : (
            <span class="network-name">{network.title}</span>
          ))}
        <Tools view={view} />
      </header>
      <Rooms view={view} current={current} />
      <TimeMachine view={view} />
      <main id="content" tabindex={-1}>
        {children}
      </main>
    </Document>
  )
}

/** Where one is, from the top down; the last is this page. */
export const Breadcrumb: FC<{ view: View; trail: [text: string, href: string][] }> = ({ view, trail }) => (
  <nav class="breadcrumb" aria-label={view.t('nav.breadcrumb')}>
    <ol>
      {trail.map(([text, href]) => (
        <li>
          <a href={href}>{text}</a>
        </li>
      ))}
    </ol>
  </nav>
)
