import { eq } from 'drizzle-orm'
import { newId } from '../../../src/db/index.ts'
import { segments } from '../../../src/db/schema.ts'
import type { Db } from '../../../src/db/types.ts'
import { type SmallNetwork, wallNow } from '../small-network.ts'
import type { RouteTable } from './types.ts'

/** A segment that nothing uses, made once. */
const segment =
  (then = '') =>
  async ({ networkId }: SmallNetwork, db: Db): Promise<string> => {
    const name = `from-the-route-table-${networkId}`
    const [known] = await db.select({ id: segments.id }).from(segments).where(eq(segments.name, name))
    const id = known?.id ?? newId()
    if (!known)
      await db.insert(segments).values({
        ...{ networkId, id, name, title: { fr: 'Agences', en: 'Branches' }, rule: { typology: 'Agence' } },
        updatedAt: wallNow,
      })
    return `/console/segments/${id}${then}`
  }

export const routes: RouteTable = {
  'GET /console/segments': { access: 'segment.read' },
  'GET /console/segments/new': { access: 'segment.write' },
  'POST /console/segments': { access: 'segment.write' },
  'GET /console/segments/:id': { access: 'segment.read', path: segment() },
  'GET /console/segments/:id/edit': { access: 'segment.write', path: segment('/edit') },
  'POST /console/segments/:id': { access: 'segment.write', path: segment() },
  'POST /console/segments/:id/duplicate': { access: 'segment.write', path: segment('/duplicate') },
  'GET /console/segments/:id/delete': { access: 'segment.write', path: segment('/delete') },
  'POST /console/segments/:id/delete': { access: 'segment.write', path: segment('/delete') },
}
