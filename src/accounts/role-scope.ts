import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import type { MembershipScope, Role } from '../db/schema/accounts.ts'
import { sites } from '../db/schema.ts'

/** Sites one membership names at most; beyond that, areas say it better. */
export const mostSites = 200

export interface AskedScope {
  role: Role
  areas: readonly string[]
  /** The sites' own codes, as the partner file has them. */
  codes: readonly string[]
  shop: string
}

export type ScopeFault =
  | { fault: 'needsSites' | 'needsSite' | 'needsShop' | 'tooMany' }
  | { fault: 'sites'; codes: readonly string[] }

/**
 * What a role covers, from what was asked for: only the roles that live inside a part of the network have a part, and
 * those must have one. A role for the whole network takes none, so that nothing seems narrower than it is.
 */
export async function scopeOfRole(db: Db, networkId: string, asked: AskedScope): Promise<MembershipScope | ScopeFault> {
  const { role, areas, codes, shop } = asked
  if (role === 'print_shop') return shop === '' ? { fault: 'needsShop' } : { shop }
  if (role !== 'region_manager' && role !== 'partner') return {}
  if (codes.length > mostSites) return { fault: 'tooMany' }
  const found =
    codes.length === 0
      ? []
      : await db
          .select({ id: sites.id, code: sites.externalId })
          .from(sites)
          .where(and(eq(sites.networkId, networkId), inArray(sites.externalId, [...codes])))
  const missing = codes.filter((code) => !found.some((site) => site.code === code))
  if (missing.length > 0) return { fault: 'sites', codes: missing }
  const ids = found.map(({ id }) => id)
  if (role === 'partner') return ids.length === 0 ? { fault: 'needsSite' } : { sites: ids }
  if (ids.length === 0 && areas.length === 0) return { fault: 'needsSites' }
  return { ...(areas.length > 0 && { areas: [...areas] }), ...(ids.length > 0 && { sites: ids }) }
}

/** The areas of a network, for choosing among them; at most 100. */
export async function areasOf(db: Db, networkId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ area: sites.area })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), ne(sites.area, '')))
    .orderBy(asc(sites.area))
    .limit(100)
  return rows.map(({ area }) => area)
}
