import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { PageContext } from './page-env.ts'

const cookie = 'relais_wanted'
const minutes = 30

/** A path of this site with its query, or undefined: `//elsewhere` and `/\elsewhere` lead to other sites. */
export function ownPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !/^\/(?![/\\])/.test(text)) return undefined
  const here = 'http://here.invalid'
  const url = URL.canParse(text, here) ? new URL(text, here) : undefined
  return url?.origin === here ? url.pathname + url.search : undefined
}

const isSecure = (c: PageContext) => new URL(c.req.url).protocol === 'https:'

/** Keeps where somebody wanted to go, to go on there once they are signed in. */
export function rememberWanted(c: PageContext, path?: string): void {
  const url = new URL(c.req.url)
  const wanted = path ?? (c.req.method === 'GET' && !c.req.header('hx-request') ? url.pathname + url.search : undefined)
  if (ownPath(wanted) === undefined) return
  setCookie(c, cookie, wanted ?? '/', {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(c),
    maxAge: minutes * 60,
  })
}

/** Where to go after signing in. */
export function takeWanted(c: PageContext): string {
  const wanted = ownPath(getCookie(c, cookie))
  if (wanted !== undefined) deleteCookie(c, cookie, { path: '/', secure: isSecure(c) })
  return wanted ?? '/console'
}
