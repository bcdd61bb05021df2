import { eq } from 'drizzle-orm'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { useKey } from '../accounts/api-keys.ts'
import type { Auth } from '../accounts/auth.ts'
import { loadUser } from '../accounts/load-user.ts'
import type { Permission, Scope } from '../accounts/policy.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { isFromOurPages } from '../http/body.ts'
import { withClientIp } from '../http/client-ip.ts'
import { type Locate, placeOf } from '../http/guard.ts'
import type { PageContext, PageEnv } from '../http/page-env.ts'
import { fromAnotherSite, noCredentials, notGiven, refusedKey, tooManyCalls } from './problems.ts'

export interface ApiEnv extends PageEnv {
  Variables: PageEnv['Variables'] & {
    /** As in the audit trail: a user's id, or `key:` and a key's. */
    caller: string
    /** The user, when it is one. */
    callerUserId: string | undefined
  }
}
export type ApiMiddleware = MiddlewareHandler<ApiEnv>

const wholeNetwork: Scope = { of: 'network' }

interface Caller {
  caller: string
  userId?: string
  networkId: string
  scope: Scope
}

/**
 * The permission on an API route's line, for a key or for whoever is signed in. A key reaches its own network and no
 * other; what lies outside does not exist, 404, as for people.
 */
export function apiGuard({ auth, db, wall, publicUrl }: { auth: Auth; db: Db; wall: WallClock; publicUrl: string }) {
  async function byKey(c: PageContext, text: string, permission: Permission, locate: Locate): Promise<Caller> {
    const answer = await useKey(db, text, wall.now())
    if (answer.is === 'too many') throw tooManyCalls(answer.waitMs, answer.perMinute)
    if (answer.is !== 'let in') throw refusedKey(answer.is)
    const { key, network } = answer
    if (!key.scopes.includes(permission)) throw notGiven(permission)
    const networkId = await locate(c, { networkIds: [network.id], scope: () => wholeNetwork })
    if (networkId !== network.id) throw new HTTPException(404)
    return { caller: `key:${key.id}`, networkId, scope: wholeNetwork }
  }

  async function bySession(c: PageContext, permission: Permission, locate: Locate): Promise<Caller> {
    const user = await loadUser(auth, db, withClientIp(c.req.raw.headers, c.env))
    if (!user) throw noCredentials()
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isFromOurPages(c, publicUrl)) throw fromAnotherSite()
    return { caller: user.id, userId: user.id, ...(await placeOf(c, user, permission, locate)) }
  }

  return function mayCall(permission: Permission, locate: Locate): ApiMiddleware {
    const may: ApiMiddleware = async (c, next) => {
      const page = c as unknown as PageContext
      c.header('cache-control', 'no-store')
      const given = c.req.header('authorization')
      const key = /^Bearer +(\S+) *$/i.exec(given ?? '')?.[1] ?? ''
      const { caller, userId, networkId, scope } =
        given === undefined ? await bySession(page, permission, locate) : await byKey(page, key, permission, locate)
      const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
      if (!network) throw new HTTPException(404)
      c.set('caller', caller)
      c.set('callerUserId', userId)
      c.set('network', network)
      c.set('scope', scope)
      await next()
    }
    Object.defineProperty(may, 'name', { value: `may ${permission}` })
    return may
  }
}
