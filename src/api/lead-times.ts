import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { eq } from 'drizzle-orm'
import { leadTimesOf, shopName, shopTimesSchema } from '../campaign/lead-times.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { ApiProblem } from '../http/problem.ts'
import { changeShopTimes, TooManyShops } from '../network/shop-times.ts'
import { networkOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { listing, making } from './operation.ts'
import { networkQuery } from './page.ts'

const days = z.number().int()
const leadTimesShape = z
  .object({
    usual: z.object({
      proofToFreeze: days,
      freezeToRouting: days,
      routingToPosted: days,
      postedToArrival: days,
      byPost: z.record(z.string(), days).optional(),
    }),
    shops: z
      .array(z.object({ shop: z.string(), days: z.record(z.string(), days) }))
      .openapi({ description: 'Print shops with days of their own; those left out are the usual ones.' }),
  })
  .openapi('PrintLeadTimes')

/** The working days printing and the post take, and those of each print shop. */
export function leadTimeOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: { db: Db; wall: WallClock },
): void {
  const then = [jsonBody(), idempotent({ db, wall })]
  const path = '/api/v1/print-lead-times' as const

  async function shown(networkId: string): Promise<z.infer<typeof leadTimesShape>> {
    const [network] = await db.select().from(networks).where(eq(networks.id, networkId))
    const { shops = {}, ...usual } = leadTimesOf(network ?? {})
    return { usual, shops: Object.entries(shops).map(([shop, own]) => ({ shop, days: { ...own } })) }
  }

  api.openapi(
    listing(path, mayCall('settings.read', networkOf(db)), {
      operationId: 'getPrintLeadTimes',
      summary: 'Working days from the proof to the letter box, as usual and by print shop',
      query: networkQuery,
      answer: leadTimesShape,
    }),
    async (c) => c.json(await shown(c.get('network').id), 200),
  )

  api.openapi(
    making(path, mayCall('settings.write', networkOf(db)), then, {
      operationId: 'setShopLeadTimes',
      summary: 'Sets the days one print shop takes; without days it has none of its own any more',
      body: z.strictObject({ shop: shopName, days: shopTimesSchema.optional() }).openapi('ShopLeadTimes'),
      answer: leadTimesShape,
    }),
    async (c) => {
      const { id: networkId } = c.get('network')
      const { shop, days: own } = c.req.valid('json')
      try {
        await db.transaction((tx) =>
          changeShopTimes(tx, { networkId, actor: c.get('caller'), at: wall.now() }, shop, own),
        )
      } catch (error) {
        if (!(error instanceof TooManyShops)) throw error
        throw new ApiProblem(409, { code: 'too-many-shops', title: 'Too many print shops', detail: error.message })
      }
      return c.json(await shown(networkId), 201)
    },
  )
}
