import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import type { Auth } from '../accounts/auth.ts'
import { loadUser } from '../accounts/load-user.ts'
import { networksWith, type Permission, type Principal, permissions, type Scope, scopeFor } from '../accounts/policy.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { withClientIp } from './client-ip.ts'
import type { PageContext, PageMiddleware } from './page-env.ts'
import { rememberWanted } from './wanted.ts'

/** Where a user may look: the networks, and how much of each. */
export interface Reach {
  networkIds: string[]
  /** @throws when the network is not in reach. */
  scope(networkId: string): Scope
}

/** Finds the network of what is asked for, looking only where the user may; undefined is a 404. */
export type Locate = (c: PageContext, reach: Reach) => Promise<string | undefined>

export interface Guards {
  /** Anyone may ask. */
  open: PageMiddleware
  /** Whoever is signed in. */
  signedIn: PageMiddleware
  /** Signed in, and allowed to do this in the network of the object. */
  may(permission: Permission, locate: Locate): PageMiddleware
}

/** Who may not do a thing but may see what it is done to is told so (403); to everyone else it does not exist (404). */
const seenBy = (permission: Permission): Permission => {
  const twin = `${permission.split('.')[0]}.read`
  return permissions.find((candidate) => candidate === twin) ?? 'network.read'
}

/** Where a permission lets a user look. */
export function reachOf(user: Principal, permission: Permission): Reach {
  return {
    networkIds: networksWith(user, permission),
    scope: (networkId) => {
      const scope = scopeFor(user, permission, networkId)
      if (!scope) throw new Error('A route looked into a network that its user may not see.')
      return scope
    },
  }
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Finds what is asked for where the permission itself reaches, since reading may reach further than writing.
 * @throws HTTPException 404, or 403 for who may see it and may not do this to it.
 */
export async function placeOf(
  c: PageContext,
  user: Principal,
  permission: Permission,
  locate: Locate,
): Promise<{ networkId: string; scope: Scope }> {
  const networkId = await locate(c, reachOf(user, permission))
  const scope = networkId === undefined ? undefined : scopeFor(user, permission, networkId)
  if (networkId !== undefined && scope) return { networkId, scope }
  const isSeen = !isReading(c.req.method) && (await locate(c, reachOf(user, seenBy(permission)))) !== undefined
  throw new HTTPException(isSeen ? 403 : 404)
}

/** The permission on a route's line. What one may not see does not exist: 404, never 403, for reading. */
export function createGuards(auth: Auth, db: Db): Guards {
  const signIn = async (c: PageContext): Promise<Response | undefined> => {
    const user = await loadUser(auth, db, withClientIp(c.req.raw.headers, c.env))
    if (!user) {
      if (c.req.header('hx-request')) c.header('hx-redirect', '/')
      rememberWanted(c)
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
        const { networkId, scope } = await placeOf(c, c.get('user'), permission, locate)
        const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
        if (!network) throw new HTTPException(404)
        c.set('scope', scope)
        c.set('network', network)
        await next()
      }
      Object.defineProperty(may, 'name', { value: `may ${permission}` })
      return may
    },
  }
}
