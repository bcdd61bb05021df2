import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { challenges } from '../../db/schema.ts'
import type { Locate } from '../../http/guard.ts'

/** A challenge by its id, in the networks one may look into. */
export const challengeOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const [row] = await db
      .select({ networkId: challenges.networkId })
      .from(challenges)
      .where(and(inArray(challenges.networkId, networkIds), eq(challenges.id, c.req.param('id') ?? '')))
    return row?.networkId
  }
