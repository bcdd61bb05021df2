import { and, asc, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { parseNewPasskeyAnswer } from '../../accounts/passkey-answer.ts'
import { passkeys } from '../../db/schema.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { type House, idOf } from '../house.ts'
import type { Entrance } from '../public/entrance.ts'
import { formText } from '../public/form-text.ts'
import { sendPage } from '../view.ts'
import type { AccountDesk } from './desk.tsx'
import { deviceIn } from './devices.ts'
import { PasskeysPage } from './ways-in.tsx'

/** One's passkeys: adding one in this browser, and removing those of devices one no longer has. */
export function passkeyRoutes(
  { app, deps, auth, guards: { signedIn } }: House,
  desk: AccountDesk,
  door: Entrance,
): void {
  const { db } = deps

  const page = async (c: PageContext, isFailed = false) => {
    const { id } = c.get('user')
    const view = await desk.ownView(c)
    const { t } = view
    const kept = await db
      .select({ id: passkeys.id, name: passkeys.name, createdAt: passkeys.createdAt })
      .from(passkeys)
      .where(eq(passkeys.userId, id))
      .orderBy(asc(passkeys.id))
      .limit(50)
    const done = c.req.query('said')
    const said = isFailed
      ? ({ text: t('account.passkeyFailed'), tone: 'bad' } as const)
      : done === 'added'
        ? ({ text: t('account.passkeyAdded'), tone: 'good' } as const)
        : done === 'removed'
          ? ({ text: t('account.passkeyRemoved'), tone: 'good' } as const)
          : undefined
    const suggested = deviceIn(c.req.header('user-agent') ?? '').system ?? ''
    return sendPage(
      c,
      <PasskeysPage view={view} passkeys={kept} said={said} suggested={suggested} />,
      isFailed ? 422 : 200,
    )
  }

  const options: PageHandler = async (c) => {
    const made = await auth.api.generatePasskeyRegistrationOptions({ headers: door.headersOf(c), returnHeaders: true })
    door.passOnCookies(c, made.headers)
    c.header('cache-control', 'no-store')
    return c.json(made.response)
  }

  const add: PageHandler = async (c) => {
    const response = parseNewPasskeyAnswer(await formText(c, 'response'))
    const name = (await formText(c, 'name')).replace(/\s+/g, ' ').trim().slice(0, 60)
    const made =
      response &&
      (await auth.api
        .verifyPasskeyRegistration({ body: { response, name: name || undefined }, headers: door.headersOf(c) })
        .catch(() => undefined))
    if (!made) return page(c, true)
    await db.transaction((tx) => desk.record(tx, c, 'user.passkey_add'))
    await desk.renewSessions(c)
    return c.redirect('/account/passkeys?said=added', 303)
  }

  const remove: PageHandler = async (c) => {
    await db.transaction(async (tx) => {
      const gone = await tx
        .delete(passkeys)
        .where(and(eq(passkeys.userId, c.get('user').id), eq(passkeys.id, idOf(c))))
        .returning({ id: passkeys.id })
      if (gone.length === 0) throw new HTTPException(404)
      await desk.record(tx, c, 'user.passkey_remove')
    })
    await desk.renewSessions(c)
    return c.redirect('/account/passkeys?said=removed', 303)
  }

  app.get(
    '/account/passkeys',
    signedIn,
    desk.fresh((c) => page(c)),
  )
  app.post('/account/passkeys', signedIn, desk.fresh(add))
  app.post('/account/passkeys/options', signedIn, desk.fresh(options))
  app.post('/account/passkeys/:id/remove', signedIn, desk.fresh(remove))
}
