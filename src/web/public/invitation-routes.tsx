import { allowFromPlace } from '../../accounts/attempts.ts'
import { findOffer, makeUser, type Offer, takeOffer } from '../../accounts/invitations.ts'
import { loadUser } from '../../accounts/load-user.ts'
import { hashPassword, savePassword } from '../../accounts/passwords.ts'
import { clientAddress } from '../../http/client-ip.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { rememberWanted } from '../../http/wanted.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import type { Entrance } from './entrance.ts'
import { formText } from './form-text.ts'
import { ClosedInvitationPage, JoinPage, NewUserPage } from './invitation.tsx'
import { passwordProblem } from './password-faults.ts'
import { askToWait } from './wait.tsx'

/** What an invitation's link opens: looking changes nothing, the button answers it. */
export function invitationRoutes({ app, deps, auth, view, guards: { open } }: House, door: Entrance): void {
  const { db, wall, oidc } = deps
  const tokenOf = (c: PageContext) => c.req.param('token') ?? ''
  const offerOf = (c: PageContext) => findOffer(db, tokenOf(c), wall.now())
  const closed = async (c: PageContext) => sendPage(c, <ClosedInvitationPage view={await view(c)} />, 404)

  const look: PageHandler = async (c) => {
    const offer = await offerOf(c)
    if (!offer) return closed(c)
    const user = await loadUser(auth, db, door.headersOf(c))
    const shown = { view: await view(c), offer, token: tokenOf(c) }
    if (offer.userId === undefined && !user)
      return sendPage(c, <NewUserPage {...shown} name={offer.invitation.name} office={oidc?.name} />)
    return sendPage(c, <JoinPage {...shown} email={user?.email} />)
  }

  const accept: PageHandler = async (c) => {
    const address = clientAddress(c.req.raw.headers, c.env)
    const waitMs = await allowFromPlace(db, { what: 'invitation', address, now: wall.now() })
    if (waitMs !== undefined) return askToWait(c, await view(c), waitMs)
    const offer = await offerOf(c)
    if (!offer) return closed(c)
    const user = await loadUser(auth, db, door.headersOf(c))
    if (user || offer.userId !== undefined) {
      // Only the invited one may take it, whoever else has the link.
      if (!user || user.email !== offer.invitation.email) return c.redirect(`/invitation/${tokenOf(c)}`, 303)
      const isIn = await db.transaction((tx) => takeOffer(tx, offer.invitation, user.id, wall.now()))
      if (!isIn) return closed(c)
      await door.rotate(c, user)
      return c.redirect('/console', 303)
    }
    return newUser(c, offer)
  }

  const newUser = async (c: PageContext, offer: Offer): Promise<Response> => {
    const page = await view(c)
    const { t } = page
    const { email } = offer.invitation
    const name = (await formText(c, 'name')).replace(/\s+/g, ' ').trim().slice(0, 120)
    const isWithout = (await formText(c, 'without')) === 'password'
    const password = isWithout ? undefined : await formText(c, 'password')
    const fault = password === undefined ? undefined : passwordProblem(t, password, [email, name, offer.network])
    const problems = {
      ...(name === '' && { name: t('invitation.nameMissing') }),
      ...(fault !== undefined && { password: fault }),
    }
    if (Object.keys(problems).length > 0) {
      const shown = { view: page, offer, token: tokenOf(c) }
      return sendPage(c, <NewUserPage {...shown} name={name} problems={problems} office={oidc?.name} />, 422)
    }
    const hash = password === undefined ? undefined : await hashPassword(auth, password)
    const now = wall.now()
    const { language } = offer.invitation
    const userId = await db
      .transaction(async (tx) => {
        const id = await makeUser(tx, { email, name, language }, now)
        if (hash !== undefined) await savePassword(tx, id, hash, now)
        if (!(await takeOffer(tx, offer.invitation, id, now))) throw new OfferGone()
        return id
      })
      .catch((error: unknown) => {
        if (error instanceof OfferGone) return undefined
        throw error
      })
    if (userId === undefined) return closed(c)
    return isWithout ? door.open(c, userId, 'mail', { to: '/account/passkeys' }) : door.open(c, userId, 'password')
  }

  /** Signs in, as the one who is invited, and comes back here. */
  const signInFirst: PageHandler = async (c) => {
    if (!(await offerOf(c))) return closed(c)
    const ended = await auth.api.signOut({ headers: door.headersOf(c), returnHeaders: true })
    door.passOnCookies(c, ended.headers)
    rememberWanted(c, `/invitation/${encodeURIComponent(tokenOf(c))}`)
    return c.redirect('/', 303)
  }

  app.get('/invitation/:token', open, look)
  app.post('/invitation/:token', open, accept)
  app.post('/invitation/:token/sign-in', open, signInFirst)
}

/** Somebody else took the offer, or it was taken back, between looking and answering. */
class OfferGone extends Error {
  override name = 'OfferGone'
}
