import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { upliftOf } from '../engagement/uplift.ts'
import { campaignEffect, type Effect, type Sides } from '../results/effect.ts'
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

const side = z.object({ acted: whole, people: whole })

const outcome = z
  .object({
    treated: side,
    heldOut: side,
    difference: z
      .object({ value: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .openapi({ description: 'Of shares, with its 95% interval by Newcombe’s method; null where none may be told.' }),
    notMeasurable: z.enum(['no_holdout', 'nobody_treated', 'too_few_held_out']).nullable(),
    leastDetectable: z
      .number()
      .nullable()
      .openapi({ description: 'The least rise such numbers show with 80% power at the 5% level.' }),
  })
  .openapi('Outcome')

const effect = z
  .object({
    from: instant,
    until: instant,
    isOver: z.boolean(),
    acted: outcome.openapi({ description: 'Whoever did anything, answers to the campaign among them.' }),
    unprompted: outcome.openapi({ description: 'Whoever did what somebody left out could do as well.' }),
  })
  .openapi('Effect')

const toldOutcome = (sides: Sides): z.infer<typeof outcome> => {
  const uplift = upliftOf({ ...sides, campaigns: 1 })
  return {
    ...sides,
    difference: uplift.isMeasurable ? uplift.difference : null,
    notMeasurable: uplift.isMeasurable ? null : uplift.reason,
    leastDetectable: uplift.leastDetectable ?? null,
  }
}

const toldEffect = ({ from, until, isOver, acted, unprompted }: Effect): z.infer<typeof effect> => ({
  ...{ from: from.toISOString(), until: until.toISOString(), isOver },
  ...{ acted: toldOutcome(acted), unprompted: toldOutcome(unprompted) },
})

const campaignResults = z
  .object({
    campaignId: anId,
    currency: z.string(),
    sent: whole,
    arrived: rate,
    opened: rate,
    acted: rate,
    cost: z.number().openapi({ description: 'In units of the currency.' }),
    effect: effect.nullable().openapi({
      description:
        'What the campaign changed, beside the outlets a draw left out. Null before the first step, and where the caller sees a part of the network only.',
    }),
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
export function resultOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: Pick<Context, 'db' | 'wall'>,
): void {
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
      const now = businessNow(wall.now(), c.get('network'))
      const found = asked.scope.of === 'network' ? await campaignEffect(db, { ...asked, now }) : undefined
      return c.json(
        {
          ...{ campaignId: campaign.id, currency, sent: all.sent, cost: all.costMillis / 100_000 },
          ...{ arrived: told(arrival), opened: told(opens), acted: told(actions) },
          effect: found ? toldEffect(found) : null,
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
