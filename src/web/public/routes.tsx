import { loadUser } from '../../accounts/load-user.ts'
import { consumeSignInLink, isSignInLinkOpen } from '../../accounts/owner-link.ts'
import { withClientIp } from '../../http/client-ip.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import { ClosedLinkPage, OpenLinkPage, SignInPage } from './sign-in.tsx'

/** Signing in by a one-time link, and out again. */
export function signInRoutes({ app, deps, auth, view, guards: { open, signedIn } }: House): void {
  const { db, wall } = deps
  const headersOf = (c: PageContext) => withClientIp(c.req.raw.headers, c.env)
  const passOnCookies = (c: PageContext, headers: Headers) => {
    for (const cookie of headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
  }

  const start: PageHandler = async (c) => {
    const user = await loadUser(auth, db, headersOf(c))
    return user ? c.redirect('/console', 303) : sendPage(c, <SignInPage view={await view(c)} />)
  }

  const lookAtLink: PageHandler = async (c) => {
    const token = c.req.param('token') ?? ''
    return (await isSignInLinkOpen(db, token, wall.now()))
      ? sendPage(c, <OpenLinkPage view={await view(c)} token={token} />)
      : sendPage(c, <ClosedLinkPage view={await view(c)} />, 404)
  }

  const useLink: PageHandler = async (c) => {
    const userId = await consumeSignInLink(db, c.req.param('token') ?? '', wall.now())
    if (userId === undefined) return sendPage(c, <ClosedLinkPage view={await view(c)} />, 404)
    const headers = headersOf(c)
    // Signing in again ends the session this browser had (OWASP ASVS 5.0, 7.2.4).
    if (headers.has('cookie')) await auth.api.signOut({ headers }).catch(() => undefined)
    const opened = await auth.api.startSession({ body: { userId }, headers, returnHeaders: true })
    passOnCookies(c, opened.headers)
    return c.redirect('/console', 303)
  }

  const signOut: PageHandler = async (c) => {
    const ended = await auth.api.signOut({ headers: headersOf(c), returnHeaders: true })
    passOnCookies(c, ended.headers)
    return c.redirect('/', 303)
  }

  app.get('/', open, start)
  app.get('/sign-in/:token', open, lookAtLink)
  app.post('/sign-in/:token', open, useLink)
  app.post('/sign-out', signedIn, signOut)
}
