import { getCookie, setCookie } from 'hono/cookie'
import type { Child } from 'hono/jsx'
import { businessNow } from '../clock.ts'
import type { Network, PageContext, SignedIn } from '../http/page-env.ts'
import type { Language } from '../words.ts'
import type { Assets } from './assets.ts'
import { type Formats, formatsFor } from './format.ts'
import { chooseLanguage, type Words, wordsIn } from './words/index.ts'

const languageCookie = 'relais_language'

/** What every page is drawn with. */
export interface View {
  language: Language
  words: Words
  formats: Formats
  assets: Assets
  nonce: string
  /** This page's address in the other language. */
  otherLanguageUrl: string
  user?: SignedIn
  network?: Network
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
    words: wordsIn(language),
    formats: formatsFor(language, network?.timezone ?? 'Europe/Paris'),
    assets,
    nonce: c.get('secureHeadersNonce') ?? '',
    // Only the query: a path such as //elsewhere would lead there.
    otherLanguageUrl: `?${other}`,
    user,
    network,
    now: network ? businessNow(wallNow, network) : wallNow,
  }
}

/** Sends a page; signed-in pages are nobody else's, so no cache keeps them. */
export async function sendPage(
  c: PageContext,
  page: Child,
  status: 200 | 400 | 403 | 404 | 405 | 413 | 415 | 500 | 503 = 200,
) {
  c.header('cache-control', 'no-store')
  return c.html(`<!doctype html>${await String(await page)}`, status)
}

/** A text kept in several languages, in the reader's, else in any. */
export const inLanguage = (text: Record<string, string>, language: Language, otherwise: string): string =>
  text[language] ?? Object.values(text)[0] ?? otherwise
