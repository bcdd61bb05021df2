import { HTTPException } from 'hono/http-exception'
import { allowFromPlace } from '../../accounts/attempts.ts'
import { oidcCallbackPath } from '../../accounts/auth.ts'
import { endSession } from '../../accounts/sessions.ts'
import { clientAddress } from '../../http/client-ip.ts'
import type { PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import type { Entrance } from './entrance.ts'
import { LeavingPage } from './sign-in.tsx'
import { askToWait } from './wait.tsx'

/** Signing in by a head office's own service: OpenID Connect, code flow with PKCE, state and nonce. */
export function officeRoutes({ app, deps, auth, view, guards: { open } }: House, door: Entrance): void {
  const { db, wall, oidc, publicUrl } = deps

  const leave: PageHandler = async (c) => {
    if (!oidc) throw new HTTPException(404)
    const address = clientAddress(c.req.raw.headers, c.env)
    const waitMs = await allowFromPlace(db, { what: 'oidc', address, now: wall.now() })
    if (waitMs !== undefined) return askToWait(c, await view(c), waitMs)
    const asked = await auth.api
      .signInSocial({
        body: {
          provider: 'oidc',
          callbackURL: '/console',
          errorCallbackURL: '/?sign-in=refused',
          disableRedirect: true,
        },
        headers: door.headersOf(c),
        returnHeaders: true,
      })
      .catch(() => undefined)
    const url = asked?.response.url
    if (!asked || !url) return c.redirect('/?sign-in=away', 303)
    door.passOnCookies(c, asked.headers)
    c.header('refresh', `0; url=${url}`)
    return sendPage(c, <LeavingPage view={await view(c)} office={oidc.name} url={url} />)
  }

  const comeBack: PageHandler = async (c) => {
    if (!oidc) throw new HTTPException(404)
    const query = new URL(c.req.url).search
    const answer = await auth.handler(
      new Request(`${publicUrl}${oidcCallbackPath}${query}`, { headers: door.headersOf(c) }),
    )
    const opened = await sessionIn(answer.headers)
    if (!opened) {
      await door.refused('oidc')
      return c.redirect('/?sign-in=refused', 303)
    }
    // The library opened a session of its own; ours follows, by the one way in.
    await endSession(db, opened.userId, opened.id)
    return door.enter(c, opened.userId, 'oidc')
  }

  /** Whose session the library's answer opens. */
  async function sessionIn(answered: Headers): Promise<{ id: string; userId: string } | undefined> {
    const cookies = answered
      .getSetCookie()
      .filter((cookie) => !/max-age=0/i.test(cookie))
      .map((cookie) => cookie.split(';')[0])
    if (cookies.length === 0) return undefined
    const found = await auth.api.getSession({ headers: new Headers({ cookie: cookies.join('; ') }) })
    return found?.session
  }

  app.post('/sign-in/office', open, leave)
  app.get(oidcCallbackPath, open, comeBack)
}
