import { count, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { emailChangeMail } from '../../accounts/account-mails.ts'
import { emailOf } from '../../accounts/email-address.ts'
import { issueToken, peekToken, redeemToken } from '../../accounts/one-time.ts'
import { ownerEmail } from '../../accounts/owner.ts'
import { hasPassword } from '../../accounts/passwords.ts'
import { endSession, endSessions, sessionsOf } from '../../accounts/sessions.ts'
import { passkeys, users } from '../../db/schema.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { ownPath, rememberWanted } from '../../http/wanted.ts'
import { languages } from '../../words.ts'
import { type House, idOf } from '../house.ts'
import { entrance } from '../public/entrance.ts'
import { formText } from '../public/form-text.ts'
import type { Problems } from '../ui/form.tsx'
import { sendPage } from '../view.ts'
import { AccountPage, type Profile } from './account.tsx'
import { accountDesk } from './desk.tsx'
import { passkeyRoutes } from './passkey-routes.tsx'
import { passwordRoutes } from './password-routes.tsx'
import { twoFactorRoutes } from './two-factor-routes.tsx'
import { ClosedEmailPage, ConfirmEmailPage } from './ways-in.tsx'

const emailLinkMinutes = 60

/** One's own account: who one is, how one comes in, and where one is signed in. */
export function accountRoutes(house: House): void {
  const {
    app,
    deps,
    auth,
    guards: { signedIn },
  } = house
  const { db, wall, context, publicUrl } = deps
  const { mailer, log, random } = context
  const door = entrance(house)
  const desk = accountDesk(house, door)

  const page = async (
    c: PageContext,
    given: { typed?: Profile; problems?: Problems } = {},
    status: 200 | 422 = 200,
  ) => {
    const { id, name, email, language, sessionId } = c.get('user')
    const view = await desk.ownView(c)
    const [[user], [keys], sessions] = await Promise.all([
      db.select({ hasSecondStep: users.twoFactorEnabled }).from(users).where(eq(users.id, id)),
      db.select({ count: count() }).from(passkeys).where(eq(passkeys.userId, id)),
      sessionsOf(db, id),
    ])
    return sendPage(
      c,
      <AccountPage
        view={view}
        profile={{ name, email, language }}
        {...given}
        isNew={email === ownerEmail}
        said={saidOn(c, view.t)}
        hasPassword={await hasPassword(db, id)}
        hasSecondStep={user?.hasSecondStep ?? false}
        passkeyCount={keys?.count ?? 0}
        sessions={sessions}
        currentId={sessionId}
      />,
      status,
    )
  }

  const saidOn = (c: PageContext, t: Awaited<ReturnType<typeof desk.ownView>>['t']) => {
    const email = emailOf(c.req.query('email') ?? '') ?? ''
    switch (c.req.query('said')) {
      case 'saved':
        return { text: t('account.saved'), tone: 'good' } as const
      case 'pending':
        return { text: `${t('account.saved')} ${t('account.emailPending', { email })}`, tone: 'warning' } as const
      case 'kept':
        return { text: `${t('account.saved')} ${t('account.emailKept')}`, tone: 'warning' } as const
      case 'email':
        return { text: t('account.emailChanged'), tone: 'good' } as const
      case 'password':
        return { text: t('account.passwordDone'), tone: 'good' } as const
      case 'ended':
        return { text: t('account.ended'), tone: 'good' } as const
      case 'others':
        return { text: t('account.endedOthers'), tone: 'good' } as const
      default:
        return undefined
    }
  }

  const save: PageHandler = async (c) => {
    const user = c.get('user')
    const name = (await formText(c, 'name')).replace(/\s+/g, ' ').trim().slice(0, 120)
    const typedEmail = (await formText(c, 'email')).slice(0, 300)
    const chosen = await formText(c, 'language')
    const language = languages.find((known) => known === chosen) ?? user.language
    const email = emailOf(typedEmail)
    const { t } = await desk.ownView(c)
    const problems = {
      ...(name === '' && { name: t('account.faults.name') }),
      ...(email === undefined && { email: t('account.faults.email') }),
    }
    if (email === undefined || name === '')
      return page(c, { typed: { name, email: typedEmail, language }, problems }, 422)
    await db.transaction(async (tx) => {
      await tx.update(users).set({ name, language, updatedAt: wall.now() }).where(eq(users.id, user.id))
      await desk.record(tx, c, 'user.change')
    })
    if (email === user.email) return c.redirect(`/account?said=saved&lang=${language}`, 303)
    const kept = await askForNewEmail(c, email, language)
    return c.redirect(
      `/account?said=${kept ? 'kept' : 'pending'}&lang=${language}&email=${encodeURIComponent(email)}`,
      303,
    )
  }

  /** The address changes once its mailbox has answered; whether it is taken is not told to who asks. */
  const askForNewEmail = async (c: PageContext, email: string, language: 'fr' | 'en'): Promise<boolean> => {
    const user = c.get('user')
    const now = wall.now()
    const value = `${user.id}:${email}`
    const token = await issueToken(db, { kind: 'email-change', value, minutes: emailLinkMinutes, now, random })
    const link = `${publicUrl}/account/email/${token}`
    const outcome = await mailer.send(await emailChangeMail({ to: { email, name: user.name }, language, link }))
    if (outcome.is === 'failed') log.error({ reason: outcome.reason }, 'A new address could not be written to')
    return outcome.is !== 'sent'
  }

  const newEmailOf = (value: string | undefined, userId: string): string | undefined =>
    value?.startsWith(`${userId}:`) ? value.slice(userId.length + 1) : undefined

  const lookAtEmail: PageHandler = async (c) => {
    const token = c.req.param('token') ?? ''
    const email = newEmailOf(await peekToken(db, 'email-change', token, wall.now()), c.get('user').id)
    const view = await desk.ownView(c)
    return email === undefined
      ? sendPage(c, <ClosedEmailPage view={view} />, 404)
      : sendPage(c, <ConfirmEmailPage view={view} email={email} action={`/account/email/${token}`} />)
  }

  const confirmEmail: PageHandler = async (c) => {
    const user = c.get('user')
    const now = wall.now()
    const isChanged = await db.transaction(async (tx) => {
      const email = newEmailOf(await redeemToken(tx, 'email-change', c.req.param('token') ?? '', now), user.id)
      if (email === undefined) return false
      const [taken] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email))
      if (taken) return false
      await tx.update(users).set({ email, emailVerified: true, updatedAt: now }).where(eq(users.id, user.id))
      await desk.record(tx, c, 'user.email_change')
      return true
    })
    if (!isChanged) return sendPage(c, <ClosedEmailPage view={await desk.ownView(c)} />, 404)
    await desk.renewSessions(c)
    return c.redirect('/account?said=email', 303)
  }

  const endOne: PageHandler = async (c) => {
    const { id } = c.get('user')
    await db.transaction(async (tx) => {
      if (!(await endSession(tx, id, idOf(c)))) throw new HTTPException(404)
      await desk.record(tx, c, 'session.revoke', { count: 1 })
    })
    return c.redirect('/account?said=ended', 303)
  }

  const endOthers: PageHandler = async (c) => {
    const { id, sessionId } = c.get('user')
    await db.transaction(async (tx) => {
      await desk.record(tx, c, 'session.revoke', { count: await endSessions(tx, id, sessionId) })
    })
    return c.redirect('/account?said=others', 303)
  }

  /** Signs out, to come back here with a session that has just begun. */
  const again: PageHandler = async (c) => {
    const to = ownPath(await formText(c, 'to')) ?? '/account'
    const ended = await auth.api.signOut({ headers: door.headersOf(c), returnHeaders: true })
    door.passOnCookies(c, ended.headers)
    rememberWanted(c, to)
    return c.redirect('/', 303)
  }

  app.get('/account', signedIn, (c) => page(c))
  app.post('/account', signedIn, save)
  app.post('/account/again', signedIn, again)
  app.get('/account/email/:token', signedIn, lookAtEmail)
  app.post('/account/email/:token', signedIn, desk.fresh(confirmEmail))
  passwordRoutes(house, desk)
  passkeyRoutes(house, desk, door)
  twoFactorRoutes(house, desk)
  app.post('/account/sessions/others', signedIn, endOthers)
  app.post('/account/sessions/:id/end', signedIn, endOne)
}
