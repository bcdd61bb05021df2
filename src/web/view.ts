import { getCookie, setCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import { businessNow } from '../clock.ts'
import type { Network, PageContext, SignedIn } from '../http/page-env.ts'
import type { Language } from '../words.ts'
import type { Assets } from './assets.ts'
import type { MoveState } from './console/time/clock-moves.ts'
import { type Formats, formatsFor } from './format.ts'
import { chooseLanguage, type Translate, translatorFor } from './words/index.ts'

const languageCookie = 'relais_language'

/** Where a sandbox network's clock stands and goes next. */
export interface ClockView {
  next?: Date
  state: MoveState
  /** How the last press ended, from the address. */
  moved?: string
}

/** What every page is drawn with. */
export interface View {
  language: Language
  /** Says a text in the reader's language. */
  t: Translate
  formats: Formats
  assets: Assets
  nonce: string
  /** This page's address in the other language. */
  otherLanguageUrl: string
  /** Path and query of this page, for coming back to it. */
  here: string
  user?: SignedIn
  network?: Network
  /** The networks the user may turn to. */
  networks?: Network[]
  /** Notifications not read yet. */
  unread?: number
  /** Conversations of the network with something nobody has read, as far as the reader may see them. */
  inbox?: number
  /** The time machine; only in a sandbox network. */
  clock?: ClockView
  /** Business time in the network, wall time elsewhere. */
  now: Date
}

export function viewOf(c: PageContext, assets: Assets, wallNow: Date): View {
  const user: SignedIn | undefined = c.get('user')
  const network: Network | undefined = c.get('network')
  const asked = c.req.query('lang')
  const language = chooseLanguage({
    asked,
    remembered: getCookie(c, languageCookie),
    user: user?.language,
    accept: c.req.header('accept-language'),
  })
  if (asked === language)
    setCookie(c, languageCookie, language, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: new URL(c.req.url).protocol === 'https:',
      maxAge: 31_536_000,
    })
  c.header('vary', 'accept-language, cookie')
  const other = new URL(c.req.url).searchParams
  other.set('lang', language === 'fr' ? 'en' : 'fr')
  return {
    language,
    t: translatorFor(language),
    formats: formatsFor(language, network?.timezone ?? 'Europe/Paris'),
    assets,
    nonce: c.get('secureHeadersNonce') ?? '',
    // Only the query: a path such as //elsewhere would lead there.
    otherLanguageUrl: `?${other}`,
    here: new URL(c.req.url).pathname + new URL(c.req.url).search,
    user,
    network,
    now: network ? businessNow(wallNow, network) : wallNow,
  }
}

/** Sends a page; signed-in pages are nobody else's, so no cache keeps them. */
export async function sendPage(
  c: PageContext,
  page: Child,
  status: 200 | 400 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 = 200,
) {
  c.header('cache-control', 'no-store')
  return c.html(`<!doctype html>${await String(await page)}`, status)
}

/** A text kept in several languages, in the reader's, else in any. */
export const inLanguage = (text: Record<string, string>, language: Language, otherwise: string): string =>
  text[language] ?? Object.values(text)[0] ?? otherwise
