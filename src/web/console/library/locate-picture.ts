import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { files } from '../../../db/schema.ts'
import type { Locate } from '../../../http/guard.ts'

/** The network of a picture, among those where the user may see libraries. */
export const pictureNetworkOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const [row] = await db
      .select({ networkId: files.networkId })
      .from(files)
      .where(and(inArray(files.networkId, networkIds), eq(files.id, c.req.param('id') ?? '')))
    return row?.networkId
  }
