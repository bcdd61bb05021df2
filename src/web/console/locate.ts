import { and, asc, eq, inArray, type SQL } from 'drizzle-orm'
import type { Scope } from '../../accounts/policy.ts'
import { contactsWithin, conversationsWithin, deliveriesWithin, sitesWithin } from '../../accounts/scope.ts'
import type { Db } from '../../db/index.ts'
import {
  articles,
  campaigns,
  contacts,
  conversations,
  deliveries,
  imports,
  networks,
  proposals,
  segments,
  sites,
  tasks,
} from '../../db/schema.ts'
import type { Locate } from '../../http/guard.ts'
import { tasksWithin } from '../../sequence/do-task.ts'

const nothingNarrower = (): undefined => undefined

/**
 * An object's id says enough: it is looked for in the networks the user may see and nowhere else, and within each
 * only in the part that is theirs.
 */
const locateById =
  (
    db: Db,
    table:
      | typeof articles
      | typeof campaigns
      | typeof conversations
      | typeof deliveries
      | typeof proposals
      | typeof tasks
      | typeof contacts
      | typeof sites
      | typeof imports
      | typeof segments,
    within: (scope: Scope) => SQL | undefined,
  ): Locate =>
  async (c, { networkIds, scope }) => {
    if (networkIds.length === 0) return undefined
    const isIt = (ids: string[]) => and(inArray(table.networkId, ids), eq(table.id, c.req.param('id') ?? ''))
    const [row] = await db.select({ networkId: table.networkId }).from(table).where(isIt(networkIds))
    if (!row) return undefined
    const narrower = within(scope(row.networkId))
    if (!narrower) return row.networkId
    const [mine] = await db
      .select({ networkId: table.networkId })
      .from(table)
      .where(and(isIt([row.networkId]), narrower))
    return mine?.networkId
  }

/** Campaigns are a whole network's: permissions on them are never narrower. */
export const campaignOf = (db: Db): Locate => locateById(db, campaigns, nothingNarrower)
/** Imports bring people into any site: permissions on them are never narrower. */
export const importOf = (db: Db): Locate => locateById(db, imports, nothingNarrower)
/** Everybody who may see segments sees all of a network's; how many belong to one is counted within their scope. */
export const segmentOf = (db: Db): Locate => locateById(db, segments, nothingNarrower)
export const deliveryOf = (db: Db): Locate => locateById(db, deliveries, (scope) => deliveriesWithin(db, scope))
export const conversationOf = (db: Db): Locate =>
  locateById(db, conversations, (scope) => conversationsWithin(db, scope))
/** What campaigns propose is a whole network's, as they are. */
export const proposalOf = (db: Db): Locate => locateById(db, proposals, nothingNarrower)
export const articleOf = (db: Db): Locate => locateById(db, articles, nothingNarrower)
export const taskOf = (db: Db): Locate => locateById(db, tasks, (scope) => tasksWithin(db, scope))
export const contactOf = (db: Db): Locate => locateById(db, contacts, (scope) => contactsWithin(db, scope))
export const siteOf = (db: Db): Locate => locateById(db, sites, sitesWithin)

/** The network named in the address, else the first there is. Lists narrow by `c.get('scope')` themselves. */
export const networkOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const name = c.req.query('network')
    const [row] = await db
      .select({ id: networks.id })
      .from(networks)
      .where(and(inArray(networks.id, networkIds), name ? eq(networks.name, name) : undefined))
      .orderBy(asc(networks.number))
      .limit(1)
    return row?.id
  }
