import { allowCode } from '../../accounts/attempts.ts'
import { redeemToken } from '../../accounts/one-time.ts'
import { useSecondFactor } from '../../accounts/second-factor.ts'
import type { PageHandler } from '../../http/page-env.ts'
import type { House } from '../house.ts'
import { sendPage } from '../view.ts'
import type { Entrance } from './entrance.ts'
import { formText } from './form-text.ts'
import { SecondStepPage } from './second-step.tsx'
import { askToWait } from './wait.tsx'

/** The code after the first step. */
export function secondStepRoutes({ app, deps, view, guards: { open } }: House, door: Entrance): void {
  const { db, wall, secret } = deps

  const ask: PageHandler = async (c) =>
    (await door.halfWay(c)) ? sendPage(c, <SecondStepPage view={await view(c)} />) : c.redirect('/', 303)

  const answer: PageHandler = async (c) => {
    const half = await door.halfWay(c)
    if (!half) return c.redirect('/?sign-in=refused', 303)
    const now = wall.now()
    const waitMs = await allowCode(db, half.userId, now)
    if (waitMs !== undefined) return askToWait(c, await view(c), waitMs)
    const second = await useSecondFactor(db, half.userId, (await formText(c, 'code')).slice(0, 40), { now, secret })
    if (second === undefined) {
      await door.refused('code', half.userId)
      const page = await view(c)
      return sendPage(c, <SecondStepPage view={page} problems={{ code: page.t('signIn.codeWrong') }} />, 422)
    }
    // Whoever uses the half-way token up goes on; a second press at the same moment does not.
    if ((await redeemToken(db, 'second-step', half.token, now)) === undefined)
      return c.redirect('/?sign-in=refused', 303)
    return door.open(c, half.userId, half.by, { second })
  }

  app.get('/sign-in/code', open, ask)
  app.post('/sign-in/code', open, answer)
}
