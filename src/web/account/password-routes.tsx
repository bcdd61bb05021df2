import { allowReproof } from '../../accounts/attempts.ts'
import { hashPassword, hasPassword, isOwnPassword, savePassword } from '../../accounts/passwords.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { formText } from '../public/form-text.ts'
import { passwordProblem } from '../public/password-faults.ts'
import { askToWait } from '../public/wait.tsx'
import type { Problems } from '../ui/form.tsx'
import { sendPage } from '../view.ts'
import type { AccountDesk } from './desk.tsx'
import { PasswordPage } from './ways-in.tsx'

/** Choosing a password, or changing it with the current one (OWASP ASVS 5.0, 6.2.2 and 6.2.3). */
export function passwordRoutes({ app, deps, auth, guards: { signedIn } }: House, desk: AccountDesk): void {
  const { db, wall } = deps

  const page = async (c: PageContext, problems?: Problems, status: 200 | 422 = 200) => {
    const { id, email } = c.get('user')
    const shown = { view: await desk.ownView(c), email, hasPassword: await hasPassword(db, id), problems }
    return sendPage(c, <PasswordPage {...shown} />, status)
  }

  const change: PageHandler = async (c) => {
    const { id, name, email } = c.get('user')
    const view = await desk.ownView(c)
    const current = (await formText(c, 'current')).slice(0, 1000)
    const password = await formText(c, 'password')
    const hasOne = await hasPassword(db, id)
    if (hasOne) {
      const waitMs = await allowReproof(db, id, wall.now())
      if (waitMs !== undefined) return askToWait(c, view, waitMs)
    }
    const isKnown = !hasOne || (await isOwnPassword(auth, db, id, current))
    const fault = passwordProblem(view.t, password, [name, email, view.network?.title ?? ''])
    const problems = {
      ...(!isKnown && { current: view.t('account.passwordWrong') }),
      ...(fault !== undefined && { password: fault }),
    }
    if (Object.keys(problems).length > 0) return page(c, problems, 422)
    const hash = await hashPassword(auth, password)
    await db.transaction(async (tx) => {
      await savePassword(tx, id, hash, wall.now())
      await desk.record(tx, c, 'user.password_change')
    })
    await desk.renewSessions(c)
    return c.redirect('/account?said=password', 303)
  }

  app.get(
    '/account/password',
    signedIn,
    desk.fresh((c) => page(c)),
  )
  app.post('/account/password', signedIn, desk.fresh(change))
}
