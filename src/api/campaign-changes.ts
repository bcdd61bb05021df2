import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { stringify } from 'yaml'
import { applyChange, discardChange, proposeChange, showChange } from '../campaign/changes.ts'
import { versionsWithDifferences } from '../campaign/version-snapshots.ts'
import type { Context, Network } from '../context.ts'
import { campaignGround, campaignPath, refusing } from './campaign-ground.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { doing, showing } from './operation.ts'
import { anId, instant } from './shapes.ts'

const changeShape = z
  .object({
    id: anId,
    baseVersion: z.number().int(),
    status: z.enum(['proposed', 'applied', 'discarded']),
    agreed: z.array(z.string()).openapi({ description: 'Who has agreed so far, where several have to.' }),
    steps: z
      .array(
        z.object({
          step: z.string(),
          effect: z.enum(['replaced', 'added', 'removed', 'begun', 'past']),
          at: instant.nullable(),
          wasAt: instant.nullable(),
          claimed: z.number().int(),
          unclaimed: z.number().int(),
          hasNewWords: z.boolean(),
          underWay: z
            .object({ people: z.number().int(), fate: z.enum(['moves', 'stays']) })
            .optional()
            .openapi({ description: 'People on their way to a step counted from their own entry.' }),
        }),
      )
      .nullable()
      .openapi({ description: 'What it would do; null once it was decided or the campaign has another version.' }),
  })
  .openapi('CampaignChange')

const versionsShape = z
  .object({
    versions: z.array(
      z.object({
        version: z.number().int(),
        createdAt: instant,
        by: z.string(),
        changedSteps: z.array(z.string()),
        changedTexts: z.array(z.string()),
      }),
    ),
  })
  .openapi('CampaignVersions')

/** Changes of a campaign that was launched, for what nobody has claimed yet, and the versions they make. */
export function campaignChangeOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  context: Context,
): void {
  const { db } = context
  const { afterGuard: then, place, now } = campaignGround(context)
  async function shown(network: Network, campaignId: string, changeId: string): Promise<z.infer<typeof changeShape>> {
    const found = await showChange(context, network, { campaignId, changeId }, now(network))
    if (!found) throw new HTTPException(404)
    const { change, edit } = found
    return {
      ...{ id: change.id, baseVersion: change.baseVersion, status: change.status },
      agreed: change.agreed?.by ?? [],
      steps:
        edit?.steps.map(({ at: when, wasAt, ...step }) => ({
          ...step,
          at: when?.toISOString() ?? null,
          wasAt: wasAt?.toISOString() ?? null,
        })) ?? null,
    }
  }

  api.openapi(
    showing(`${campaignPath}/versions`, mayCall('campaign.read', place), {
      operationId: 'listCampaignVersions',
      summary: 'The newest versions of a campaign, and what each says otherwise than the one before',
      answer: versionsShape,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const versions = await versionsWithDifferences(db, c.get('network').id, id, context.templates.layouts)
      return c.json(
        {
          versions: versions.map(({ version, createdAt, by, since }) => ({
            ...{ version, createdAt: createdAt.toISOString(), by },
            changedSteps: since?.steps.map(({ step }) => step) ?? [],
            changedTexts:
              since?.texts.map(({ template, channel, language }) => `${template}.${language}.${channel}`) ?? [],
          })),
        },
        200,
      )
    },
  )

  api.openapi(
    doing(`${campaignPath}/changes`, mayCall('campaign.write', place), then, {
      operationId: 'proposeCampaignChange',
      summary: 'Writes a change of a running campaign down and says what it would do; nothing changes yet',
      body: z
        .strictObject({
          version: z.number().int().openapi({ description: 'The version it was written from.' }),
          definition: z.record(z.string(), z.unknown()).openapi({ description: 'The whole campaign, as it shall be.' }),
        })
        .openapi('NewCampaignChange'),
      answer: changeShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id } = c.req.valid('param')
      const { version, definition } = c.req.valid('json')
      const text = stringify(definition)
      return c.json(
        await refusing(async () => {
          const asked = { campaignId: id, version, text }
          const { changeId } = await proposeChange(context, network, asked, c.get('caller'), now(network))
          return shown(network, id, changeId)
        }),
        200,
      )
    },
  )

  const params = { change: z.string().max(64) }
  api.openapi(
    doing(`${campaignPath}/changes/{change}/apply`, mayCall('campaign.launch', place), then, {
      operationId: 'applyCampaignChange',
      summary: 'Applies a change for what nobody has claimed yet',
      params,
      body: z
        .strictObject({
          takeOver: z
            .array(z.string().max(100))
            .max(200)
            .optional()
            .openapi({ description: 'Steps that take the words of their templates as they are now.' }),
        })
        .openapi('ApplyCampaignChange'),
      answer: changeShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id, change } = c.req.valid('param')
      const asked = { campaignId: id, changeId: change, takeOver: c.req.valid('json').takeOver }
      return c.json(
        await refusing(async () => {
          await applyChange(context, network, asked, c.get('caller'), now(network))
          return shown(network, id, change)
        }),
        200,
      )
    },
  )

  api.openapi(
    doing(`${campaignPath}/changes/{change}/discard`, mayCall('campaign.write', place), then, {
      operationId: 'discardCampaignChange',
      summary: 'Throws a change away',
      params,
      body: z.strictObject({}).openapi('NothingMore'),
      answer: changeShape,
    }),
    async (c) => {
      const network = c.get('network')
      const { id, change } = c.req.valid('param')
      const asked = { campaignId: id, changeId: change }
      await discardChange(context, network, asked, c.get('caller'), now(network))
      return c.json(await refusing(() => shown(network, id, change)), 200)
    },
  )
}
