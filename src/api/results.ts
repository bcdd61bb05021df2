import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import type { Db } from '../db/index.ts'
import { campaignFunnel } from '../results/funnel.ts'
import type { Rate } from '../results/rate.ts'
import { actionRateOf, arrivalRateOf, openRateOf, totalsOf } from '../results/summary.ts'
import { findCampaign } from '../web/console/campaigns/queries.ts'
import { campaignOf } from '../web/console/locate.ts'
import { deliveryStatuses } from '../words.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { showing } from './operation.ts'
import { anId, channel, instant } from './shapes.ts'

const whole = z.number().int()
const share = z.number().min(0).max(1)

const rate = z
  .object({
    is: z.enum(['known', 'too few', 'unmeasured']).openapi({
      description: 'Of opens measured on fewer than 10 people nothing is told, and of what is not measured at all.',
    }),
    part: whole.nullable(),
    of: whole.nullable().openapi({ description: 'Those of whom it is known whether they did.' }),
    share: share.nullable(),
    low: share.nullable().openapi({ description: 'The lower end of the 95% interval by Wilson’s score.' }),
    high: share.nullable(),
    coverage: share.nullable().openapi({ description: 'Those measured as a share of all deliveries that left.' }),
  })
  .openapi('Rate')

const told = (found: Rate): z.infer<typeof rate> => {
  if (found.is !== 'known')
    return { is: found.is, part: null, of: null, share: null, low: null, high: null, coverage: null }
  const { is, part, whole: of, low, high, coverage } = found
  return { is, part, of, share: found.share, low, high, coverage }
}

const reason = z.object({ code: z.string(), count: whole })

const campaignResults = z
  .object({
    campaignId: anId,
    currency: z.string(),
    sent: whole,
    arrived: rate,
    opened: rate,
    acted: rate,
    cost: z.number().openapi({ description: 'In units of the currency.' }),
    steps: z.array(
      z.object({
        messageId: anId,
        step: z.string(),
        dueAt: instant,
        goal: z.enum(['acknowledge', 'reply']).nullable(),
        audience: whole,
        heldOut: whole,
        unreachable: z.array(reason),
        failures: z.array(reason.extend({ channel, status: z.enum(deliveryStatuses) })),
        channels: z.array(
          z.object({
            channel,
            isCompanion: z.boolean().openapi({ description: 'A copy beside another channel; in no sum.' }),
            decided: whole,
            sent: whole,
            arrived: rate,
            opened: rate,
            machineOpened: whole
              .nullable()
              .openapi({ description: 'Opened by machines only, and not counted; null where opens are not told.' }),
            acted: whole,
            actionRate: rate,
            clicked: whole,
            reachedGoal: whole.nullable(),
            failed: whole,
            cost: z.number(),
          }),
        ),
      }),
    ),
  })
  .openapi('CampaignResults')

/** The results of a campaign, by the same counting as the console's page. */
export function resultOperations(api: OpenAPIHono<ApiEnv>, mayCall: ReturnType<typeof apiGuard>, db: Db): void {
  api.openapi(
    showing('/api/v1/campaigns/{id}/results', mayCall('result.read', campaignOf(db)), {
      operationId: 'getCampaignResults',
      summary: 'What came of a campaign, by step and channel, within what the caller may see',
      answer: campaignResults,
    }),
    async (c) => {
      const { id: networkId, currency } = c.get('network')
      const campaign = await findCampaign(db, networkId, c.req.param('id') ?? '')
      if (!campaign) throw new HTTPException(404)
      const asked = { networkId, campaignId: campaign.id, currency, scope: c.get('scope') }
      const steps = await campaignFunnel(db, asked)
      const { all, arrival, opens, actions } = totalsOf(steps)
      return c.json(
        {
          ...{ campaignId: campaign.id, currency, sent: all.sent, cost: all.costMillis / 100_000 },
          ...{ arrived: told(arrival), opened: told(opens), acted: told(actions) },
          steps: steps.map(({ dueAt, goal = null, channels, together: _, ...step }) => ({
            ...step,
            goal,
            dueAt: dueAt.toISOString(),
            channels: channels.map((row) => {
              const opened = openRateOf(row)
              return {
                ...{ channel: row.channel, isCompanion: row.isCompanion, decided: row.decided, sent: row.sent },
                ...{ arrived: told(arrivalRateOf(row)), opened: told(opened), acted: row.acted, clicked: row.clicked },
                machineOpened: opened.is === 'known' ? row.machineOpened : null,
                actionRate: told(actionRateOf(row)),
                ...{ reachedGoal: row.reached ?? null, failed: row.trouble, cost: row.costMillis / 100_000 },
              }
            }),
          })),
        },
        200,
      )
    },
  )
}
