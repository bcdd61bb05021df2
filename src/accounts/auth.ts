import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { type Db, dialect, newId } from '../db/index.ts'
import { accounts, sessions, users, verifications } from '../db/schema.ts'

export interface AuthOptions {
  db: Db
  /** Signs the session cookie. */
  secret: string
  publicUrl: string
}

/** The header our own server sets from the connection; whatever a client sends under this name is dropped. */
export const clientIpHeader = 'x-relais-ip'

const sessionDays = 7

/** Opens a session for a user whom something else has already proved; only our own code can call it. */
const startSession = createAuthEndpoint(
  '/relais/start-session',
  { method: 'POST', body: z.object({ userId: z.string() }), metadata: { SERVER_ONLY: true } },
  async (context) => {
    const user = await context.context.internalAdapter.findUserById(context.body.userId)
    if (!user) throw new APIError('UNAUTHORIZED', { message: 'This user is gone.' })
    const session = await context.context.internalAdapter.createSession(user.id)
    await setSessionCookie(context, { session, user })
    return context.json({ sessionId: session.id })
  },
)

/**
 * better-auth on our own tables, on either database. Its HTTP handler is not mounted: sessions are opened by a
 * one-time link, and what is not reachable needs no rate limit and enumerates no account. Session lifetimes are
 * better-auth's own and run on the machine's clock.
 */
export const createAuth = (options: AuthOptions) =>
  betterAuth({
    appName: 'Relais',
    baseURL: options.publicUrl,
    secret: options.secret,
    database: drizzleAdapter(options.db, {
      provider: dialect === 'postgres' ? 'pg' : 'sqlite',
      usePlural: true,
      schema: { users, sessions, accounts, verifications },
    }),
    emailAndPassword: { enabled: false, disableSignUp: true },
    user: {
      additionalFields: { language: { type: 'string', required: false, input: false, defaultValue: 'fr' } },
    },
    session: { expiresIn: sessionDays * 86_400, updateAge: 86_400 },
    advanced: {
      cookiePrefix: 'relais',
      useSecureCookies: options.publicUrl.startsWith('https://'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [clientIpHeader] },
      database: { generateId: () => newId() },
    },
    telemetry: { enabled: false },
    plugins: [{ id: 'relais', endpoints: { startSession } }],
  })

export type Auth = ReturnType<typeof createAuth>
