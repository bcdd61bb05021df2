import type { Permission } from '../../../src/accounts/policy.ts'
import type { Db } from '../../../src/db/index.ts'
import type { SmallNetwork } from '../small-network.ts'

/**
 * Who may ask. `open`: anyone; `signed in`: any user; `token`: whoever has a link we signed; `code`: whoever has the
 * code; `signature`: the provider, by its signature over the body; a permission: whoever the policy gives it to.
 */
export type Access = 'open' | 'signed in' | 'token' | 'code' | 'signature' | Permission

export interface RouteEntry {
  access: Access
  /**
   * The address of something that exists in the given network; left out where `:id` is a campaign's, a contact's or a
   * delivery's by the path, or where there is no `:id`. What the network does not have yet may be put into it.
   */
  path?: (demo: SmallNetwork, db: Db) => string | Promise<string>
  /** What a POST is sent with; left out where an empty form is enough to be let in. */
  form?: Record<string, string>
}

export type RouteTable = Record<`${'GET' | 'POST'} /${string}`, RouteEntry>
