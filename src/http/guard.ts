import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import type { Auth } from '../accounts/auth.ts'
import { loadUser } from '../accounts/load-user.ts'
import { can, networksWith, type Permission } from '../accounts/policy.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { withClientIp } from './client-ip.ts'
import type { PageContext, PageMiddleware } from './page-env.ts'

/** Finds the network of what is asked for, looking only in the networks given; undefined is a 404. */
export type Locate = (c: PageContext, networkIds: string[]) => Promise<string | undefined>

export interface Guards {
  /** Anyone may ask. */
  open: PageMiddleware
  /** Whoever is signed in. */
  signedIn: PageMiddleware
  /** Signed in, and allowed to do this in the network of the object. */
  may(permission: Permission, locate: Locate): PageMiddleware
}

/** The permission on a route's line. What one may not see does not exist: 404, never 403, for reading. */
export function createGuards(auth: Auth, db: Db): Guards {
  const signIn = async (c: PageContext): Promise<Response | undefined> => {
    const user = await loadUser(auth, db, withClientIp(c.req.raw.headers, c.env))
    if (!user) {
      if (c.req.header('hx-request')) c.header('hx-redirect', '/')
      return c.redirect('/', 303)
    }
    c.set('user', user)
    return undefined
  }

  return {
    open: async function open(_c, next) {
      await next()
    },
    signedIn: async function signedIn(c, next) {
      const refused = await signIn(c)
      if (refused) return refused
      await next()
    },
    may: (permission, locate) => {
      const may: PageMiddleware = async (c, next) => {
        const refused = await signIn(c)
        if (refused) return refused
        const user = c.get('user')
        const isReading = c.req.method === 'GET' || c.req.method === 'HEAD'
        const networkId = await locate(c, networksWith(user, isReading ? permission : 'campaign.read'))
        if (networkId === undefined) throw new HTTPException(404)
        if (!can(user, permission, networkId)) throw new HTTPException(isReading ? 404 : 403)
        const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
        if (!network) throw new HTTPException(404)
        c.set('network', network)
        await next()
      }
      Object.defineProperty(may, 'name', { value: `may ${permission}` })
      return may
    },
  }
}
