import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { invitations, memberships, networks } from '../../../db/schema.ts'
import type { Locate } from '../../../http/guard.ts'

/** The network of a member: the one in the address where they belong to it, since one may belong to several. */
export const memberOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const name = c.req.query('network')
    const [row] = await db
      .select({ networkId: memberships.networkId })
      .from(memberships)
      .innerJoin(networks, eq(networks.id, memberships.networkId))
      .where(
        and(
          inArray(memberships.networkId, networkIds),
          eq(memberships.userId, c.req.param('id') ?? ''),
          name ? eq(networks.name, name) : undefined,
        ),
      )
      .orderBy(networks.number)
      .limit(1)
    return row?.networkId
  }

export const invitationOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const [row] = await db
      .select({ networkId: invitations.networkId })
      .from(invitations)
      .where(and(inArray(invitations.networkId, networkIds), eq(invitations.id, c.req.param('id') ?? '')))
    return row?.networkId
  }
