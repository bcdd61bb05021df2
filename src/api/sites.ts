import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt, type SQL } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { sitesWithin } from '../accounts/scope.ts'
import type { Db } from '../db/index.ts'
import { sites } from '../db/schema.ts'
import { networkOf, siteOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { listing, showing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { anId, instant } from './shapes.ts'

const site = z
  .object({
    id: anId,
    externalId: z.string().openapi({ description: 'As the partner file names it.' }),
    name: z.string(),
    area: z.string().openapi({ description: 'The commercial area; empty when none is known.' }),
    typology: z.string().nullable(),
    tier: z.string().nullable(),
    addressLine1: z.string().nullable(),
    addressLine2: z.string().nullable(),
    postcode: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string(),
    timezone: z.string(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    isActive: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Site')

async function findSites(db: Db, networkId: string, narrower: SQL | undefined, limit: number) {
  const rows = await db
    .select({
      id: sites.id,
      externalId: sites.externalId,
      name: sites.name,
      area: sites.area,
      typology: sites.typology,
      tier: sites.tier,
      addressLine1: sites.addressLine1,
      addressLine2: sites.addressLine2,
      postcode: sites.postcode,
      city: sites.city,
      country: sites.country,
      timezone: sites.timezone,
      attributes: sites.attributes,
      isActive: sites.isActive,
      createdAt: sites.createdAt,
      updatedAt: sites.updatedAt,
    })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), narrower))
    .orderBy(asc(sites.id))
    .limit(limit)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}

export function siteOperations(api: OpenAPIHono<ApiEnv>, mayCall: ReturnType<typeof apiGuard>, db: Db): void {
  api.openapi(
    listing('/api/v1/sites', mayCall('site.read', networkOf(db)), {
      operationId: 'listSites',
      summary: 'The places of the network, in the order they came',
      query: pageQuery,
      answer: pageOf(site),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const narrower = and(sitesWithin(c.get('scope')), asked.cursor ? gt(sites.id, asked.cursor) : undefined)
      const { page, next } = paged(await findSites(db, c.get('network').id, narrower, limitOf(asked) + 1), asked)
      return c.json({ data: page, next }, 200)
    },
  )

  api.openapi(
    showing('/api/v1/sites/{id}', mayCall('site.read', siteOf(db)), {
      operationId: 'getSite',
      summary: 'One place',
      answer: site,
    }),
    async (c) => {
      const [found] = await findSites(db, c.get('network').id, eq(sites.id, c.req.param('id') ?? ''), 1)
      if (!found) throw new HTTPException(404)
      return c.json(found, 200)
    },
  )
}
