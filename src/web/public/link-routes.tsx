import { signInMail } from '../../accounts/account-mails.ts'
import { allowFromPlace, allowMailTo } from '../../accounts/attempts.ts'
import { emailOf } from '../../accounts/email-address.ts'
import { consumeSignInLink, isSignInLinkOpen, type MailedLink, makeMailedLink } from '../../accounts/sign-in-link.ts'
import { clientAddress } from '../../http/client-ip.ts'
import type { PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import type { Entrance } from './entrance.ts'
import { formText } from './form-text.ts'
import { AskForLinkPage, ClosedLinkPage, LinkSentPage, OpenLinkPage } from './link.tsx'
import { askToWait } from './wait.tsx'

/** Links that open a session once: asked for by mail, or made by the operator. */
export function linkRoutes({ app, deps, view, guards: { open } }: House, door: Entrance): void {
  const { db, wall, context, publicUrl } = deps
  const { mailer, log, random } = context

  const ask: PageHandler = async (c) => sendPage(c, <AskForLinkPage view={await view(c)} />)

  /** Never awaited by an answer: how long a mail takes would tell who has an account. */
  const post = async ({ email, name, language, token }: MailedLink): Promise<void> => {
    const link = `${publicUrl}/sign-in/${token}`
    const outcome = await mailer.send(await signInMail({ to: { email, name }, language, link }))
    if (outcome.is === 'failed') log.error({ reason: outcome.reason }, 'A sign-in link could not be mailed')
  }

  const send: PageHandler = async (c) => {
    const typed = (await formText(c, 'email')).slice(0, 300)
    const email = emailOf(typed)
    if (email === undefined) {
      const page = await view(c)
      return sendPage(
        c,
        <AskForLinkPage view={page} email={typed} problems={{ email: page.t('signIn.emailFault') }} />,
        422,
      )
    }
    const now = wall.now()
    const waitMs = await allowFromPlace(db, { what: 'link', address: clientAddress(c.req.raw.headers, c.env), now })
    if (waitMs !== undefined) return askToWait(c, await view(c), waitMs)
    const mayMail = await allowMailTo(db, email, now)
    const made = mayMail ? await makeMailedLink(db, email, { now, random }) : undefined
    if (made) post(made).catch((error: unknown) => log.error({ err: error }, 'A sign-in link could not be mailed'))
    return c.redirect('/sign-in/link/sent', 303)
  }

  const sent: PageHandler = async (c) => sendPage(c, <LinkSentPage view={await view(c)} leaves={mailer.leaves} />)

  const look: PageHandler = async (c) => {
    const token = c.req.param('token') ?? ''
    return (await isSignInLinkOpen(db, token, wall.now()))
      ? sendPage(c, <OpenLinkPage view={await view(c)} token={token} />)
      : sendPage(c, <ClosedLinkPage view={await view(c)} />, 404)
  }

  const use: PageHandler = async (c) => {
    const link = await consumeSignInLink(db, c.req.param('token') ?? '', wall.now())
    if (!link) return sendPage(c, <ClosedLinkPage view={await view(c)} />, 404)
    return door.enter(c, link.userId, link.source)
  }

  app.get('/sign-in/link', open, ask)
  app.post('/sign-in/link', open, send)
  app.get('/sign-in/link/sent', open, sent)
  app.get('/sign-in/:token', open, look)
  app.post('/sign-in/:token', open, use)
}
