import type { Child, FC } from 'hono/jsx'
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
  current?: 'campaigns' | 'outbox'
  children?: Child
}

const Document: FC<PageProps> = ({ view, title, children }) => (
  <html lang={view.language}>
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · ${view.words.product}`}</title>
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
        {view.words.product}
      </p>
      <div class="gate-card">{children}</div>
      <p class="gate-foot">
        <a href={view.otherLanguageUrl} lang={view.language === 'fr' ? 'en' : 'fr'}>
          {view.words.inOtherLanguage}
        </a>
      </p>
    </main>
  </Document>
)

const Ribbon: FC<{ view: View }> = ({ view }) => {
  const { network, words, formats } = view
  if (network?.mode !== 'sandbox') return null
  return (
    <div class="ribbon" role="note">
      <strong>{words.sandbox.banner}</strong>
      <span>
        {words.sandbox.virtualDate} <time datetime={view.now.toISOString()}>{formats.long(view.now)}</time>
      </span>
    </div>
  )
}

/** A console page: the network's name, the way around, the sandbox ribbon, then the content. */
export const ConsolePage: FC<PageProps> = ({ view, title, current, children }) => {
  const { words, network } = view
  const at = (path: string) => (network ? `${path}?network=${encodeURIComponent(network.name)}` : path)
  const entry = (name: 'campaigns' | 'outbox', path: string) => (
    <a href={at(path)} aria-current={current === name ? 'page' : undefined}>
      {words.nav[name]}
    </a>
  )
  return (
    <Document view={view} title={title}>
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <header class="top">
        <a class="brand" href={at('/console')}>
          <Mark />
          {words.product}
        </a>
        {network && <span class="network-name">{network.title}</span>}
        <nav aria-label={words.nav.label}>
          {entry('campaigns', '/console')}
          {entry('outbox', '/console/outbox')}
        </nav>
        <div class="top-end">
          <a href={view.otherLanguageUrl} lang={view.language === 'fr' ? 'en' : 'fr'}>
            {words.inOtherLanguage}
          </a>
          <form method="post" action="/sign-out">
            <button type="submit" class="quiet">
              {words.nav.signOut}
            </button>
          </form>
        </div>
      </header>
      <Ribbon view={view} />
      <main id="content" tabindex={-1}>
        {children}
      </main>
    </Document>
  )
}

/** Where one is, from the top down; the last is this page. */
export const Breadcrumb: FC<{ view: View; trail: [text: string, href: string][] }> = ({ view, trail }) => (
  <nav class="breadcrumb" aria-label={view.words.nav.breadcrumb}>
    <ol>
      {trail.map(([text, href]) => (
        <li>
          <a href={href}>{text}</a>
        </li>
      ))}
    </ol>
  </nav>
)
