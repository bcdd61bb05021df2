import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { campaigns, contacts, deliveries, networks } from '../../db/schema.ts'
import type { Locate } from '../../http/guard.ts'

/** An object's id says enough: it is looked for in the networks the user may see, and nowhere else. */
const locateById =
  (db: Db, table: typeof campaigns | typeof deliveries | typeof contacts): Locate =>
  async (c, networkIds) => {
    if (networkIds.length === 0) return undefined
    const [row] = await db
      .select({ networkId: table.networkId })
      .from(table)
      .where(and(inArray(table.networkId, networkIds), eq(table.id, c.req.param('id') ?? '')))
    return row?.networkId
  }

export const campaignOf = (db: Db): Locate => locateById(db, campaigns)
export const deliveryOf = (db: Db): Locate => locateById(db, deliveries)
export const contactOf = (db: Db): Locate => locateById(db, contacts)

/** The network named in the address, else the first there is. */
export const networkOf =
  (db: Db): Locate =>
  async (c, networkIds) => {
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
