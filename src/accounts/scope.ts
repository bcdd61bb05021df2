import { and, eq, exists, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { contacts, conversations, deliveries, deliveryMembers, sites } from '../db/schema.ts'
import type { Scope } from './policy.ts'

const nothing = sql`1 = 0`

/** A condition on `sites` that keeps those a scope covers; undefined keeps all. */
export function sitesWithin(scope: Scope): SQL | undefined {
  if (scope.of === 'network') return undefined
  if (scope.of === 'shop') return nothing
  return (
    or(
      scope.areas.length > 0 ? inArray(sites.area, [...scope.areas]) : undefined,
      scope.siteIds.length > 0 ? inArray(sites.id, [...scope.siteIds]) : undefined,
    ) ?? nothing
  )
}

/** A condition on `contacts` alone, for queries that do not join their sites. */
export function contactsWithin(db: Db | Tx, scope: Scope): SQL | undefined {
  if (scope.of === 'network') return undefined
  return exists(
    db
      .select({ one: sql`1` })
      .from(sites)
      .where(and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId), sitesWithin(scope))),
  )
}

/**
 * A condition on `deliveries`: those that cover somebody in the scope. Lists give the network: a scope of a few sites
 * is then looked up from their people, instead of walking all deliveries to find theirs.
 */
export function deliveriesWithin(db: Db | Tx, scope: Scope, networkId?: string): SQL | undefined {
  if (scope.of === 'network') return undefined
  if (networkId !== undefined && scope.of === 'sites' && scope.areas.length === 0 && scope.siteIds.length > 0)
    return inArray(deliveries.id, deliveriesOfSites(db, networkId, scope.siteIds))
  return exists(
    db
      .select({ one: sql`1` })
      .from(deliveryMembers)
      .innerJoin(
        contacts,
        and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
      )
      .where(
        and(
          eq(deliveryMembers.networkId, deliveries.networkId),
          eq(deliveryMembers.deliveryId, deliveries.id),
          contactsWithin(db, scope),
        ),
      ),
  )
}

function deliveriesOfSites(db: Db | Tx, networkId: string, siteIds: readonly string[]) {
  const people = db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.siteId, [...siteIds])))
  return db
    .select({ id: deliveryMembers.deliveryId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), inArray(deliveryMembers.contactId, people)))
}

/**
 * A condition on `conversations`: those with somebody of the scope, or with a phone that several people of one of its
 * sites share. Who wrote from an address nobody knows is for those who see the whole network.
 */
export function conversationsWithin(db: Db | Tx, scope: Scope): SQL | undefined {
  if (scope.of === 'network') return undefined
  const ofPerson = exists(
    db
      .select({ one: sql`1` })
      .from(contacts)
      .where(
        and(
          eq(contacts.networkId, conversations.networkId),
          eq(contacts.id, conversations.contactId),
          contactsWithin(db, scope),
        ),
      ),
  )
  const ofSite = exists(
    db
      .select({ one: sql`1` })
      .from(sites)
      .where(and(eq(sites.networkId, conversations.networkId), eq(sites.id, conversations.siteId), sitesWithin(scope))),
  )
  return or(ofPerson, and(isNull(conversations.contactId), ofSite)) ?? nothing
}
