import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { segments } from '../db/schema.ts'
import { segmentSizes } from '../segment/sizes.ts'
import { networkOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { listing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { anId, inLanguages, instant } from './shapes.ts'

const segment = z
  .object({
    id: anId,
    name: z.string().openapi({ description: 'As campaigns name their audience.' }),
    title: inLanguages,
    rule: z.unknown().openapi({ description: 'As it is written in a campaign or segment file.' }),
    version: z.number().int(),
    size: z.number().int().openapi({ description: 'How many people belong to it, as last worked out.' }),
    isMore: z.boolean().openapi({ description: 'True where there are more people than were counted.' }),
    updatedAt: instant,
  })
  .openapi('Segment')

export function segmentOperations(api: OpenAPIHono<ApiEnv>, mayCall: ReturnType<typeof apiGuard>, db: Db): void {
  api.openapi(
    listing('/api/v1/segments', mayCall('campaign.read', networkOf(db)), {
      operationId: 'listSegments',
      summary: 'The named rules campaigns choose their audience by',
      query: pageQuery,
      answer: pageOf(segment),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const rows = await db
        .select({
          id: segments.id,
          name: segments.name,
          title: segments.title,
          rule: segments.rule,
          version: segments.version,
          updatedAt: segments.updatedAt,
        })
        .from(segments)
        .where(
          and(eq(segments.networkId, c.get('network').id), asked.cursor ? gt(segments.id, asked.cursor) : undefined),
        )
        .orderBy(asc(segments.id))
        .limit(limitOf(asked) + 1)
      const { page, next } = paged(rows, asked)
      const sizes = new Map((await segmentSizes(db, c.get('network').id)).map((one) => [one.name, one]))
      const data = page.map((row) => ({
        ...row,
        size: sizes.get(row.name)?.size ?? 0,
        isMore: sizes.get(row.name)?.isMore ?? false,
        updatedAt: row.updatedAt.toISOString(),
      }))
      return c.json({ data, next }, 200)
    },
  )
}
