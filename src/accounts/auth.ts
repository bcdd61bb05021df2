import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { WallClock } from '../clock.ts'
import { type Db, dialect, newId } from '../db/index.ts'
import { accounts, passkeys, sessions, users, verifications } from '../db/schema.ts'
import { joinByAddress } from './join-by-address.ts'

/** A head office's own sign-in, found by OpenID Connect Discovery. */
export interface OidcSettings {
  /** The issuer as its discovery document names it, without `/.well-known/…`. */
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button says, such as the company's name. */
  name: string
}

export interface AuthOptions {
  db: Db
  wall: WallClock
  /** Signs the session cookie. */
  secret: string
  publicUrl: string
  oidc?: OidcSettings
}

/** The header our own server sets from the connection; whatever a client sends under this name is dropped. */
export const clientIpHeader = 'x-relais-ip'

/** However busy it is, a session ends after this many days (OWASP ASVS 5.0, 7.3.2). */
export const sessionDays = 30

/** The one path that a head office's sign-in comes back to. */
export const oidcCallbackPath = '/sign-in/callback/oidc'

/** Opens a session for a user whom something else has already proved; only our own code can call it. */
const startSession = createAuthEndpoint(
  '/relais/start-session',
  { method: 'POST', body: z.object({ userId: z.string() }), metadata: { SERVER_ONLY: true } },
  async (context) => {
    const user = await context.context.internalAdapter.findUserById(context.body.userId)
    if (!user) throw new APIError('UNAUTHORIZED', { message: 'This user is gone.' })
    const session = await context.context.internalAdapter.createSession(user.id)
    if (!session) throw new APIError('FORBIDDEN', { message: 'This user is disabled.' })
    await setSessionCookie(context, { session, user })
    return context.json({ sessionId: session.id })
  },
)

/**
 * better-auth on our own tables, on either database. Its HTTP handler is not mounted: our own forms call it, so that
 * they work without script, nobody can sign up, and what is not reachable needs no limit and enumerates no account.
 * A session's beginning is written in our wall time, which `loadUser` measures it by; its cookie and outermost end
 * run on the machine's clock.
 */
export const createAuth = (options: AuthOptions) =>
  Object.assign(
    betterAuth({
      appName: 'Relais',
      baseURL: options.publicUrl,
      basePath: '/sign-in',
      secret: options.secret,
      database: drizzleAdapter(options.db, {
        provider: dialect === 'postgres' ? 'pg' : 'sqlite',
        usePlural: true,
        schema: { users, sessions, accounts, verifications, passkeys },
      }),
      emailAndPassword: { enabled: false, disableSignUp: true },
      user: {
        additionalFields: {
          language: { type: 'string', required: false, input: false, defaultValue: 'fr' },
          twoFactorEnabled: { type: 'boolean', required: false, input: false, defaultValue: false },
          disabledAt: { type: 'date', required: false, input: false },
        },
      },
      session: { expiresIn: sessionDays * 86_400, disableSessionRefresh: true, freshAge: 0 },
      account: { updateAccountOnSignIn: false, accountLinking: { enabled: true, updateUserInfoOnLink: false } },
      databaseHooks: {
        account: {
          create: {
            // We ask the head office who someone is, and nothing else: its tokens are not kept.
            before: async (account) => ({
              data: { ...account, accessToken: null, refreshToken: null, idToken: null },
            }),
          },
        },
        session: {
          create: {
            before: async (session) => {
              const [user] = await options.db
                .select({ disabledAt: users.disabledAt })
                .from(users)
                .where(eq(users.id, session.userId))
              if (!user || user.disabledAt) return false
              const now = options.wall.now()
              return { data: { ...session, createdAt: now, updatedAt: now } }
            },
          },
        },
      },
      onAPIError: { errorURL: `${options.publicUrl}/?sign-in=refused` },
      rateLimit: { enabled: false },
      advanced: {
        cookiePrefix: 'relais',
        useSecureCookies: options.publicUrl.startsWith('https://'),
        defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
        ipAddress: { ipAddressHeaders: [clientIpHeader], ipv6Subnet: 128 },
        database: { generateId: () => newId() },
      },
      // Its log names addresses, and what went wrong is told by our own answers and audit trail.
      logger: { disabled: true },
      telemetry: { enabled: false },
      plugins: [
        { id: 'relais', endpoints: { startSession } },
        passkey({
          rpName: 'Relais',
          origin: new URL(options.publicUrl).origin,
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          authentication: {
            // A passkey stands for two factors only where the device asked who holds it (OWASP ASVS 5.0, 6.3.3).
            afterVerification: async ({ verification }) => {
              if (!verification.authenticationInfo.userVerified)
                throw new APIError('UNAUTHORIZED', { message: 'The device did not verify its user.' })
            },
          },
        }),
        genericOAuth({ config: options.oidc ? [headOffice(options, options.oidc)] : [] }),
      ],
    }),
    { wall: options.wall },
  )

/** Whom the head office vouches for gets in if they exist or are invited; nobody is made otherwise. */
const headOffice = ({ db, wall }: AuthOptions, oidc: OidcSettings) => ({
  providerId: 'oidc',
  discoveryUrl: `${oidc.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
  clientId: oidc.clientId,
  clientSecret: oidc.clientSecret,
  scopes: ['openid', 'email', 'profile'],
  pkce: true,
  requireIdTokenVerification: true,
  disableSignUp: true,
  disableImplicitSignUp: true,
  mapProfileToUser: async (profile: Record<string, unknown>) => {
    const email = typeof profile.email === 'string' ? profile.email.trim().toLowerCase() : ''
    if (email !== '' && isVerified(profile.email_verified)) await joinByAddress(db, wall.now(), email)
    return { email }
  },
})

/** Some providers write the claim as a string (OpenID Connect Core 1.0 §5.1 says boolean). */
const isVerified = (claim: unknown): boolean => claim === true || claim === 'true'

export type Auth = ReturnType<typeof createAuth>
