import { getSignedCookie } from 'hono/cookie'
import { allowPassword } from '../../accounts/attempts.ts'
import { audit } from '../../accounts/audit.ts'
import { emailOf } from '../../accounts/email-address.ts'
import { deviceCookie, deviceFor } from '../../accounts/known-device.ts'
import { loadUser } from '../../accounts/load-user.ts'
import { userByPassword } from '../../accounts/passwords.ts'
import { clientAddress } from '../../http/client-ip.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import { entrance } from './entrance.ts'
import { formText } from './form-text.ts'
import { invitationRoutes } from './invitation-routes.tsx'
import { linkRoutes } from './link-routes.tsx'
import { officeRoutes } from './office-routes.tsx'
import { passkeyRoutes } from './passkey-routes.tsx'
import { secondStepRoutes } from './second-step-routes.tsx'
import { SignInPage, type SignInProps } from './sign-in.tsx'
import { askToWait } from './wait.tsx'

/** Every way in, and the way out. Each proof ends in `entrance`, which alone opens sessions. */
export function signInRoutes(house: House): void {
  const {
    app,
    deps,
    auth,
    view,
    guards: { open, signedIn },
  } = house
  const { db, wall, oidc, secret } = deps
  const door = entrance(house)

  const page = async (c: PageContext, given: Omit<SignInProps, 'view' | 'office'> = {}, status: 200 | 422 = 200) =>
    sendPage(c, <SignInPage view={await view(c)} office={oidc?.name} {...given} />, status)

  const start: PageHandler = async (c) => {
    const user = await loadUser(auth, db, door.headersOf(c))
    if (user) return c.redirect('/console', 303)
    const { t } = await view(c)
    const said = c.req.query('sign-in')
    if (said === 'away' && oidc) return page(c, { refusal: t('signIn.officeAway', { name: oidc.name }) })
    return page(c, said === 'refused' ? { refusal: t('signIn.refused') } : {})
  }

  const signIn: PageHandler = async (c) => {
    const { t } = await view(c)
    const typed = (await formText(c, 'email')).slice(0, 300)
    const password = await formText(c, 'password')
    const email = emailOf(typed)
    if (email === undefined || password === '')
      return page(
        c,
        {
          email: typed,
          problems: {
            ...(email === undefined && { email: t('signIn.emailFault') }),
            ...(password === '' && { password: t('signIn.passwordMissing') }),
          },
        },
        422,
      )
    const device = deviceFor(await getSignedCookie(c, secret, deviceCookie), email)
    const address = clientAddress(c.req.raw.headers, c.env)
    const allowed = await allowPassword(db, { email, address, device, now: wall.now() })
    if (allowed.waitMs !== undefined) return askToWait(c, await view(c), allowed.waitMs)
    // Longer ones are refused when they are set, so none is lost; a hash of megabytes would be work for nothing.
    const found = await userByPassword(auth, db, { email, password: password.slice(0, 1000) })
    if (found.userId === undefined) {
      await door.refused('password', found.knownId)
      return page(c, { email: typed, problems: { form: t('signIn.wrong') } }, 422)
    }
    await allowed.succeeded()
    return door.enter(c, found.userId, 'password')
  }

  const signOut: PageHandler = async (c) => {
    const { id, sessionId } = c.get('user')
    const ended = await auth.api.signOut({ headers: door.headersOf(c), returnHeaders: true })
    door.passOnCookies(c, ended.headers)
    await db.transaction((tx) =>
      audit(tx, { networkId: null, actor: id, action: 'user.sign_out', subject: sessionId, at: wall.now() }),
    )
    return c.redirect('/', 303)
  }

  app.get('/', open, start)
  app.post('/', open, signIn)
  secondStepRoutes(house, door)
  passkeyRoutes(house, door)
  officeRoutes(house, door)
  linkRoutes(house, door)
  invitationRoutes(house, door)
  app.post('/sign-out', signedIn, signOut)
}
