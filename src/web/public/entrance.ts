import { eq } from 'drizzle-orm'
import { deleteCookie, getCookie, setCookie, setSignedCookie } from 'hono/cookie'
import { audit } from '../../accounts/audit.ts'
import { deviceCookie, deviceDays, newDevice } from '../../accounts/known-device.ts'
import { issueToken, peekToken } from '../../accounts/one-time.ts'
import { sessions, users } from '../../db/schema.ts'
import { withClientIp } from '../../http/client-ip.ts'
import type { PageContext, SignedIn } from '../../http/page-env.ts'
import { takeWanted } from '../../http/wanted.ts'
import type { House } from '../house.ts'

/** What somebody proved: a password, a mailed link, the operator's link, a passkey, or a head office's word. */
export type Proof = 'password' | 'mail' | 'operator' | 'passkey' | 'oidc'

const stepCookie = 'relais_second_step'
const stepMinutes = 10

/** Who is half way in: the first step is proved, the code is awaited. */
export interface HalfWay {
  token: string
  userId: string
  by: Proof
}

/** The one way in: every proof ends here, and nothing else opens a session. */
export function entrance({ deps, auth }: House) {
  const { db, wall, context, secret, publicUrl } = deps
  const secure = publicUrl.startsWith('https://')
  const attributes = { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const

  const headersOf = (c: PageContext) => withClientIp(c.req.raw.headers, c.env)
  const passOnCookies = (c: PageContext, headers: Headers) => {
    for (const cookie of headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
  }

  const startSession = async (c: PageContext, userId: string): Promise<string> => {
    const opened = await auth.api.startSession({ body: { userId }, headers: headersOf(c), returnHeaders: true })
    passOnCookies(c, opened.headers)
    return opened.response.sessionId
  }

  /** Writes down a try that failed; without a name, since what was typed may be anything. */
  const refused = (by: Proof | 'code', userId?: string): Promise<void> =>
    db.transaction((tx) =>
      audit(tx, {
        networkId: null,
        actor: 'relais',
        action: 'user.sign_in_refused',
        subject: userId ?? 'unknown',
        data: { by },
        at: wall.now(),
      }),
    )

  /** A fresh session in place of the one this browser had (OWASP ASVS 5.0, 7.2.4). */
  const open = async (
    c: PageContext,
    userId: string,
    by: Proof,
    { second, to }: { second?: 'app' | 'backup'; to?: string } = {},
  ): Promise<Response> => {
    const [user] = await db.select().from(users).where(eq(users.id, userId))
    if (!user || user.disabledAt) {
      await refused(by, user?.id)
      return c.redirect('/?sign-in=refused', 303)
    }
    const headers = headersOf(c)
    if (headers.has('cookie')) await auth.api.signOut({ headers }).catch(() => undefined)
    await startSession(c, userId)
    await db.transaction((tx) =>
      audit(tx, {
        networkId: null,
        actor: userId,
        action: 'user.sign_in',
        subject: userId,
        data: { by, second },
        at: wall.now(),
      }),
    )
    deleteCookie(c, stepCookie, attributes)
    await setSignedCookie(c, deviceCookie, newDevice(user.email, context.random), secret, {
      ...attributes,
      maxAge: deviceDays * 86_400,
    })
    const wanted = takeWanted(c)
    return c.redirect(to ?? wanted, 303)
  }

  /** The code is asked for, except where the proof already took two things or the operator answers for it. */
  const enter = async (c: PageContext, userId: string, by: Proof): Promise<Response> => {
    const [user] = await db
      .select({ hasSecondStep: users.twoFactorEnabled, disabledAt: users.disabledAt })
      .from(users)
      .where(eq(users.id, userId))
    if (!user?.hasSecondStep || user.disabledAt || by === 'passkey' || by === 'operator') return open(c, userId, by)
    const { random } = context
    const token = await issueToken(db, {
      kind: 'second-step',
      value: `${by}:${userId}`,
      minutes: stepMinutes,
      now: wall.now(),
      random,
    })
    setCookie(c, stepCookie, token, { ...attributes, maxAge: stepMinutes * 60 })
    return c.redirect('/sign-in/code', 303)
  }

  const halfWay = async (c: PageContext): Promise<HalfWay | undefined> => {
    const token = getCookie(c, stepCookie)
    if (token === undefined) return undefined
    const value = await peekToken(db, 'second-step', token, wall.now())
    const [, by, userId] = /^(password|mail|oidc):(.+)$/.exec(value ?? '') ?? []
    return userId === undefined ? undefined : { token, userId, by: by as Proof }
  }

  /** The same session under a new name: its age stays, the cookie that was there before opens nothing. */
  const rotate = async (c: PageContext, user: SignedIn): Promise<string> => {
    const id = await startSession(c, user.id)
    await db.update(sessions).set({ createdAt: user.signedInAt }).where(eq(sessions.id, id))
    await db.delete(sessions).where(eq(sessions.id, user.sessionId))
    return id
  }

  return { headersOf, passOnCookies, open, enter, halfWay, rotate, refused }
}

export type Entrance = ReturnType<typeof entrance>
