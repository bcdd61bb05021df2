import type { Context, Handler, MiddlewareHandler } from 'hono'
import type { Principal, Scope } from '../accounts/policy.ts'
import type { networks } from '../db/schema.ts'
import type { Language } from '../words.ts'
import type { Connection } from './client-ip.ts'

export type Network = typeof networks.$inferSelect

/** Who is signed in, with what they may do. */
export interface SignedIn extends Principal {
  sessionId: string
  /** When the session began, in wall time. */
  signedInAt: Date
  name: string
  email: string
  language: Language
}

export interface PageEnv {
  Bindings: Connection
  Variables: {
    secureHeadersNonce: string
    language: Language
    user: SignedIn
    /** The network of the object asked for: the guard found it among those the user may see. */
    network: Network
    /** How much of that network the route's permission covers for this user. */
    scope: Scope
  }
}

export type PageContext = Context<PageEnv>
export type PageHandler = Handler<PageEnv>
export type PageMiddleware = MiddlewareHandler<PageEnv>
