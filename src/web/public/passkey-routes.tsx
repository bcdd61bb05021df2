import { allowFromPlace } from '../../accounts/attempts.ts'
import { parseSignInAnswer } from '../../accounts/passkey-answer.ts'
import { endSession } from '../../accounts/sessions.ts'
import { clientAddress } from '../../http/client-ip.ts'
import type { PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import type { Entrance } from './entrance.ts'
import { formText } from './form-text.ts'
import { SignInPage } from './sign-in.tsx'
import { askToWait } from './wait.tsx'

/** Signing in with a passkey: the browser fetches a challenge, and posts its answer as a form. */
export function passkeyRoutes({ app, deps, auth, view, guards: { open } }: House, door: Entrance): void {
  const { db, wall, oidc } = deps

  const options: PageHandler = async (c) => {
    const address = clientAddress(c.req.raw.headers, c.env)
    const waitMs = await allowFromPlace(db, { what: 'passkey', address, now: wall.now() })
    if (waitMs !== undefined) return askToWait(c, await view(c), waitMs)
    const headers = door.headersOf(c)
    const made = await auth.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true })
    door.passOnCookies(c, made.headers)
    c.header('cache-control', 'no-store')
    // The plugin asks for "preferred"; what does not verify its user is refused afterwards, so ask for it at once.
    return c.json({ ...made.response, userVerification: 'required' })
  }

  const answer: PageHandler = async (c) => {
    const response = parseSignInAnswer(await formText(c, 'response'))
    const proved =
      response &&
      (await auth.api
        .verifyPasskeyAuthentication({ body: { response }, headers: door.headersOf(c) })
        .catch(() => undefined))
    if (!proved) {
      await door.refused('passkey')
      const page = await view(c)
      return sendPage(c, <SignInPage view={page} office={oidc?.name} refusal={page.t('signIn.passkeyFailed')} />, 422)
    }
    // The library opened a session of its own; ours follows, by the one way in.
    await endSession(db, proved.session.userId, proved.session.id)
    return door.enter(c, proved.session.userId, 'passkey')
  }

  app.post('/sign-in/passkey/options', open, options)
  app.get('/sign-in/passkey', open, (c) => c.redirect('/', 303))
  app.post('/sign-in/passkey', open, answer)
}
