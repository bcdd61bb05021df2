import { can, type Principal, type Scope, scopeFor } from '../../../accounts/policy.ts'
import type { Db } from '../../../db/index.ts'
import type { Network } from '../../../http/page-env.ts'

/** Who looks at the home page: its parts show no more than their own rooms would. */
export interface Reader {
  db: Db
  network: Network
  user: Principal
  /** Business time. */
  now: Date
  /** How much of the outbox they see; undefined is nothing. */
  deliveries: Scope | undefined
  /** What holds for a network as a whole: campaigns, imports, duplicates. */
  mayRead: { campaigns: boolean; contacts: boolean; users: boolean; reviews: boolean }
}

export function readerOf(db: Db, network: Network, user: Principal, now: Date): Reader {
  return {
    db,
    network,
    user,
    now,
    deliveries: scopeFor(user, 'delivery.read', network.id),
    mayRead: {
      campaigns: can(user, 'campaign.read', network.id),
      contacts: scopeFor(user, 'contact.read', network.id)?.of === 'network',
      users: can(user, 'user.read', network.id),
      reviews: can(user, 'delivery.review', network.id),
    },
  }
}

/** A count that stops at a bound, so that it costs the same in a network of any size. */
export interface Bounded {
  count: number
  /** There are more than were counted. */
  isMore: boolean
}

export const mostCounted = 1_000

export const bounded = (counted: number): Bounded => ({
  count: Math.min(counted, mostCounted),
  isMore: counted > mostCounted,
})
