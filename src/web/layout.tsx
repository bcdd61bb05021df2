import type { Child, FC } from 'hono/jsx'
import { HaltBanner } from './console/halt/halt-banner.tsx'
import { TimeMachine } from './console/time/time-machine.tsx'
import { AccountMenu } from './frame/account-menu.tsx'
import { Mark } from './frame/mark.tsx'
import { NetworkChoice } from './frame/network-choice.tsx'
import { Rooms } from './frame/rooms.tsx'
import { Tools } from './frame/tools.tsx'
import { inNetwork } from './in-network.ts'
import type { Room } from './nav.ts'
import { Icon } from './ui/icon.tsx'
import type { View } from './view.ts'

export { inNetwork } from './in-network.ts'

interface PageProps {
  view: View
  title: string
  /** Which entry of the navigation this page belongs to. */
  current?: Room
  children?: Child
}

const Document: FC<PageProps & { kind?: string }> = ({ view, title, kind, children }) => (
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
    <body class={kind}>{children}</body>
  </html>
)

/** A page nobody needs to be signed in for: one card in the middle, or the width of a page to read. */
export const PublicPage: FC<PageProps & { isWide?: boolean }> = ({ view, title, isWide, children }) => (
  <Document view={view} title={title}>
    <main class={isWide ? 'gate wide' : 'gate'} id="content">
      <p class="brand">
        <Mark />
        <span>{view.t('product')}</span>
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

/**
 * A console page: the header, the rooms (beside the page, or behind a button on a phone), the time machine of a
 * sandbox, then the content. Its menus are popovers, which browsers open and close without script.
 */
export const ConsolePage: FC<PageProps> = ({ view, title, current, children }) => (
  <Document view={view} title={title} kind="house">
    <a class="skip" href="#content">
      {view.t('skip')}
    </a>
    <header class="top">
      {view.network && (
        <button type="button" class="tool menu-button" popovertarget="rooms">
          <Icon name="menu" />
          <span class="hidden">{view.t('ui.menu')}</span>
        </button>
      )}
      <a class="brand" href={inNetwork(view, '/console')}>
        <Mark />
        <span>{view.t('product')}</span>
      </a>
      <NetworkChoice view={view} />
      <Tools view={view} />
      <AccountMenu view={view} />
    </header>
    <Rooms view={view} current={current} />
    <div class="room">
      <TimeMachine view={view} />
      <HaltBanner view={view} />
      <main id="content" tabindex={-1}>
        {children}
      </main>
    </div>
  </Document>
)

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
