/** The sites whose partner is shown beside the network. */
import { and, asc, eq, gt, gte, lt, ne, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { brands, sites } from '../db/schema.ts'
import { fold } from '../network/folding.ts'
import { ownSite, type PartnerBrand, storedOf } from './brand.ts'

export interface PartnerRow {
  siteId: string
  site: string
  partner: PartnerBrand
}

const pageSize = 50

/** By site id; `next` is where the page after this one begins. */
export async function listPartners(
  tx: Tx,
  networkId: string,
  cursor = ownSite,
): Promise<{ rows: PartnerRow[]; next?: string }> {
  const found = await tx
    .select({ siteId: brands.siteId, site: sites.name, brand: brands.brand })
    .from(brands)
    .innerJoin(sites, and(eq(sites.networkId, brands.networkId), eq(sites.id, brands.siteId)))
    .where(and(eq(brands.networkId, networkId), gt(brands.siteId, cursor), ne(brands.siteId, ownSite)))
    .orderBy(asc(brands.siteId))
    .limit(pageSize + 1)
  const rows = found.slice(0, pageSize).flatMap(({ siteId, site, brand }) => {
    const { partner } = storedOf(brand)
    return partner ? [{ siteId, site, partner }] : []
  })
  return { rows, next: found.length > pageSize ? found[pageSize - 1]?.siteId : undefined }
}

export interface FoundSite {
  id: string
  name: string
  externalId: string
  city: string | null
}

const siteColumns = { id: sites.id, name: sites.name, externalId: sites.externalId, city: sites.city }

/** Sites by the beginning of their name, or by their whole code; the first twenty. */
export async function sitesBeginning(tx: Tx, networkId: string, typed: string): Promise<FoundSite[]> {
  const key = fold(typed)
  if (typed.trim() === '') return []
  const begins = key === '' ? undefined : and(gte(sites.nameKey, key), lt(sites.nameKey, `${key}\uffff`))
  return tx
    .select(siteColumns)
    .from(sites)
    .where(and(eq(sites.networkId, networkId), or(begins, eq(sites.externalId, typed.trim()))))
    .orderBy(asc(sites.nameKey), asc(sites.id))
    .limit(20)
}

export async function findSite(tx: Tx, networkId: string, id: string): Promise<FoundSite | undefined> {
  const [row] = await tx
    .select(siteColumns)
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.id, id)))
  return row
}
