import { eq } from 'drizzle-orm'
import QRCode from 'qrcode'
import { allowCode } from '../../accounts/attempts.ts'
import {
  backupCodesLeft,
  beginTwoFactor,
  confirmTwoFactor,
  endTwoFactor,
  pendingKey,
  renewBackupCodes,
} from '../../accounts/second-factor.ts'
import { base32, totpUri } from '../../accounts/totp.ts'
import { users } from '../../db/schema.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { ConsolePage } from '../layout.tsx'
import { formText } from '../public/form-text.ts'
import { askToWait } from '../public/wait.tsx'
import { Confirmation } from '../ui/notice.tsx'
import { sendPage } from '../view.ts'
import type { AccountDesk } from './desk.tsx'
import { CodesPage, EnrolPage, TwoFactorPage } from './ways-in.tsx'

/** The second step: turning it on with a first code, its backup codes, turning it off. */
export function twoFactorRoutes({ app, deps, guards: { signedIn } }: House, desk: AccountDesk): void {
  const { db, wall, secret, context } = deps
  const { random } = context

  const isOn = async (c: PageContext): Promise<boolean> => {
    const [user] = await db
      .select({ isOn: users.twoFactorEnabled })
      .from(users)
      .where(eq(users.id, c.get('user').id))
    return user?.isOn ?? false
  }

  const look: PageHandler = async (c) => {
    const view = await desk.ownView(c)
    const codesLeft = (await isOn(c)) ? await backupCodesLeft(db, c.get('user').id) : undefined
    const done = c.req.query('said')
    const said =
      done === 'ended'
        ? view.t('account.twoFactorEnded')
        : done === 'again'
          ? view.t('account.twoFactorAgain')
          : undefined
    return sendPage(c, <TwoFactorPage view={view} codesLeft={codesLeft} said={said} />)
  }

  const enrolPage = async (c: PageContext, key: Uint8Array, isWrong = false) => {
    const view = await desk.ownView(c)
    const qrSvg = await QRCode.toString(totpUri(key, c.get('user').email), { type: 'svg', margin: 2 })
    const keyText = base32(key).replace(/(.{4})(?=.)/g, '$1 ')
    const problems = isWrong ? { code: view.t('account.faults.code') } : undefined
    return sendPage(
      c,
      <EnrolPage view={view} qrSvg={qrSvg} keyText={keyText} problems={problems} />,
      isWrong ? 422 : 200,
    )
  }

  const begin: PageHandler = async (c) => {
    if (await isOn(c)) return c.redirect('/account/two-factor', 303)
    await beginTwoFactor(db, c.get('user').id, { secret, random })
    return c.redirect('/account/two-factor/confirm', 303)
  }

  const showKey: PageHandler = async (c) => {
    const key = await pendingKey(db, c.get('user').id, { secret })
    return key ? enrolPage(c, key) : c.redirect('/account/two-factor', 303)
  }

  const confirm: PageHandler = async (c) => {
    const { id } = c.get('user')
    const now = wall.now()
    const waitMs = await allowCode(db, id, now)
    if (waitMs !== undefined) return askToWait(c, await desk.ownView(c), waitMs)
    const code = (await formText(c, 'code')).replace(/\s/g, '').slice(0, 20)
    const record = (tx: Parameters<typeof desk.record>[0]) => desk.record(tx, c, 'user.two_factor_on')
    const enrolment = await confirmTwoFactor(db, id, code, { secret, random, now, record })
    if (enrolment.is === 'none') return c.redirect('/account/two-factor?said=again', 303)
    if (enrolment.is === 'wrong') {
      const key = await pendingKey(db, id, { secret })
      return key ? enrolPage(c, key, true) : c.redirect('/account/two-factor?said=again', 303)
    }
    await desk.renewSessions(c)
    return sendPage(c, <CodesPage view={await desk.ownView(c)} codes={enrolment.codes} />)
  }

  const askToRenew: PageHandler = async (c) => {
    const view = await desk.ownView(c)
    const { t } = view
    return sendPage(
      c,
      <ConsolePage view={view} title={t('account.codes')}>
        <Confirmation
          view={view}
          title={t('account.codesRenewTitle')}
          action="/account/two-factor/codes"
          confirm={t('account.codesRenew')}
          back="/account/two-factor"
        >
          <p>{t('account.codesRenewText')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const renew: PageHandler = async (c) => {
    const codes = await renewBackupCodes(db, c.get('user').id, random)
    if (!codes) return c.redirect('/account/two-factor', 303)
    await db.transaction((tx) => desk.record(tx, c, 'user.backup_codes'))
    return sendPage(c, <CodesPage view={await desk.ownView(c)} codes={codes} />)
  }

  const askToEnd: PageHandler = async (c) => {
    const view = await desk.ownView(c)
    const { t } = view
    return sendPage(
      c,
      <ConsolePage view={view} title={t('account.twoFactor')}>
        <Confirmation
          view={view}
          title={t('account.twoFactorEndTitle')}
          action="/account/two-factor/end"
          confirm={t('account.twoFactorEnd')}
          back="/account/two-factor"
          isDangerous
        >
          <p>{t('account.twoFactorEndText')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const end: PageHandler = async (c) => {
    await db.transaction(async (tx) => {
      await endTwoFactor(tx, c.get('user').id, wall.now())
      await desk.record(tx, c, 'user.two_factor_off')
    })
    await desk.renewSessions(c)
    return c.redirect('/account/two-factor?said=ended', 303)
  }

  app.get('/account/two-factor', signedIn, desk.fresh(look))
  app.post('/account/two-factor', signedIn, desk.fresh(begin))
  app.get('/account/two-factor/confirm', signedIn, desk.fresh(showKey))
  app.post('/account/two-factor/confirm', signedIn, desk.fresh(confirm))
  app.get('/account/two-factor/codes', signedIn, desk.fresh(askToRenew))
  app.post('/account/two-factor/codes', signedIn, desk.fresh(renew))
  app.get('/account/two-factor/end', signedIn, desk.fresh(askToEnd))
  app.post('/account/two-factor/end', signedIn, desk.fresh(end))
}
