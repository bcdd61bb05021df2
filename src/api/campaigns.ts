import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt, ne, type SQL } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { stringify } from 'yaml'
import { createDraft } from '../campaign/drafts.ts'
import { readCampaign } from '../campaign/launch.ts'
import { CampaignProblems } from '../campaign/problems.ts'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/index.ts'
import { campaigns } from '../db/schema.ts'
import { answersCampaign } from '../inbox/answer-step.ts'
import { campaignOf, networkOf } from '../web/console/locate.ts'
import { campaignStatuses, messageClasses } from '../words.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { listing, making, showing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { invalid } from './problems.ts'
import { anId, inLanguages, instant } from './shapes.ts'

/** A campaign as programs see it. */
export const campaignShape = z
  .object({
    id: anId,
    name: z.string().openapi({ description: 'Unique in the network.' }),
    title: inLanguages,
    class: z.enum(messageClasses),
    status: z.enum(campaignStatuses),
    statusReason: z.string().nullable(),
    version: z.number().int(),
    createdAt: instant,
    launchedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  })
  .openapi('Campaign')

export const newCampaign = z
  .strictObject({
    definition: z.record(z.string(), z.unknown()).openapi({
      description: 'What a campaign file says, as JSON; campaigns/campaign.schema.json describes it.',
      example: {
        name: 'grand-nord',
        title: { fr: 'Challenge Grand Nord' },
        class: 'marketing',
        audience: { segment: 'tous' },
        anchor: { launch: '2027-01-11T08:30', timezone: 'recipient' },
        steps: [{ name: 'teaser', at: 'launch', intent: 'follow-up', template: 'challenge/teaser' }],
      },
    }),
  })
  .openapi('NewCampaign')

export async function findCampaigns(db: Db, networkId: string, narrower: SQL | undefined, limit: number) {
  const rows = await db
    .select({
      id: campaigns.id,
      name: campaigns.name,
      title: campaigns.title,
      class: campaigns.class,
      status: campaigns.status,
      statusReason: campaigns.statusReason,
      version: campaigns.version,
      createdAt: campaigns.createdAt,
      launchedAt: campaigns.launchedAt,
      finishedAt: campaigns.finishedAt,
    })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), ne(campaigns.name, answersCampaign), narrower))
    .orderBy(asc(campaigns.id))
    .limit(limit)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    launchedAt: row.launchedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }))
}

/** Every fault of a definition with its place in the body that was sent. */
export const faults = (error: CampaignProblems) =>
  invalid(
    error.problems.map(({ path, message, suggestion }) => ({
      in: 'body' as const,
      pointer: ['/definition', ...path.split('.').filter(Boolean)].join('/'),
      detail: suggestion === undefined ? message : `${message} Did you mean "${suggestion}"?`,
    })),
  )

export function campaignOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  context: Context,
): void {
  const { db, wall } = context
  api.openapi(
    listing('/api/v1/campaigns', mayCall('campaign.read', networkOf(db)), {
      operationId: 'listCampaigns',
      summary: 'The campaigns of the network, in the order they were made',
      query: { ...pageQuery, status: z.enum(campaignStatuses).optional() },
      answer: pageOf(campaignShape),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const narrower = and(
        asked.status ? eq(campaigns.status, asked.status) : undefined,
        asked.cursor ? gt(campaigns.id, asked.cursor) : undefined,
      )
      const { page, next } = paged(await findCampaigns(db, c.get('network').id, narrower, limitOf(asked) + 1), asked)
      return c.json({ data: page, next }, 200)
    },
  )

  api.openapi(
    showing('/api/v1/campaigns/{id}', mayCall('campaign.read', campaignOf(db)), {
      operationId: 'getCampaign',
      summary: 'One campaign',
      answer: campaignShape,
    }),
    async (c) => {
      const [found] = await findCampaigns(db, c.get('network').id, eq(campaigns.id, c.req.param('id') ?? ''), 1)
      if (!found) throw new HTTPException(404)
      return c.json(found, 200)
    },
  )

  api.openapi(
    making('/api/v1/campaigns', mayCall('campaign.write', networkOf(db)), [jsonBody(), idempotent({ db, wall })], {
      operationId: 'createCampaign',
      summary: 'Keeps a campaign as a draft, for a person to look at and launch',
      body: newCampaign,
      answer: campaignShape,
    }),
    async (c) => {
      const network = c.get('network')
      const text = stringify(c.req.valid('json').definition)
      const now = businessNow(wall.now(), network)
      await readCampaign(context, network, { text, file: 'definition' }, now).catch((error: unknown) => {
        throw error instanceof CampaignProblems ? faults(error) : error
      })
      const author = { actor: c.get('caller'), ownerId: c.get('callerUserId') }
      const { campaignId } = await createDraft(context, network, { text }, author, now)
      const [made] = await findCampaigns(db, network.id, eq(campaigns.id, campaignId), 1)
      if (!made) throw new HTTPException(404)
      return c.json(made, 201)
    },
  )
}
