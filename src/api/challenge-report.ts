import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { findChallenge } from '../challenge/challenge.ts'
import { type Counts, type GroupRow, outletPage, type ReportAsked } from '../challenge/report/groups.ts'
import { challengeReport, costOf, costPerActive } from '../challenge/report/report.ts'
import { businessNow, type WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { upliftOf } from '../engagement/uplift.ts'
import { challengeOf } from '../web/challenge/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { listing, showing } from './operation.ts'
import { limitOf, pageOf, pageQuery } from './page.ts'
import { anId, channel } from './shapes.ts'

const whole = z.number().int()
const money = z.number().openapi({ description: 'In units of the currency.' })

const counts = z.object({
  invited: whole.openapi({ description: 'People at least one message of the campaign left for.' }),
  registered: whole,
  active: whole.openapi({ description: 'Registered people with at least one validated result.' }),
  withdrawn: whole,
  invitedOutlets: whole,
  registeredOutlets: whole,
  activeOutlets: whole,
  points: whole,
  messages: money,
  prizes: money,
  cost: money,
  costPerActive: money.nullable().openapi({
    description: 'For each active person, or outlet where people do not take part; null where nobody is active.',
  }),
})
const group = counts.extend({ name: z.string() })
const outlet = counts.extend({ site: z.string(), name: z.string() }).openapi('ChallengeReportOutlet')

const reportShape = z
  .object({
    challengeId: anId,
    currency: z.string(),
    whole: counts,
    leagues: z.array(group),
    regions: z.array(group),
    tiers: z.array(group),
    steps: z.array(
      z.object({
        step: z.string(),
        channel,
        sent: whole,
        delivered: whole,
        acted: whole,
        registered: whole,
        cost: money,
      }),
    ),
    uplift: z
      .object({
        isMeasurable: z.boolean(),
        reason: z.enum(['no_holdout', 'nobody_treated', 'too_few_held_out']).nullable(),
        difference: z
          .object({ value: z.number(), low: z.number(), high: z.number() })
          .nullable()
          .openapi({ description: 'Of shares, 0 … 1, with its 95% interval.' }),
      })
      .nullable()
      .openapi({
        description:
          'Against the outlets left out by lot, in what those could do as well; null before the first step, and for a caller who sees a part of the network.',
      }),
    sales: z
      .array(
        z.object({
          measure: z.string().nullable(),
          isMeasurable: z.boolean(),
          reason: z
            .enum(['no_measure', 'no_holdout', 'too_early', 'no_sales', 'too_few_outlets', 'no_spread'])
            .nullable(),
          months: z.object({ from: z.string(), until: z.string() }).nullable(),
          treated: z.object({ outlets: whole, mean: z.number() }).nullable(),
          heldOut: z.object({ outlets: whole, mean: z.number() }).nullable(),
          difference: z
            .object({ value: z.number(), low: z.number(), high: z.number() })
            .nullable()
            .openapi({ description: 'Per outlet over these months, in units of the measure, with its 95% interval.' }),
        }),
      )
      .openapi({
        description:
          'What outlets sold while the challenge ran, by the sales imported for everybody, against the outlets left out by lot; empty for a caller who sees a part of the network.',
      }),
  })
  .openapi('ChallengeReport')

/** The report of a challenge for programs, by the same counting as the console’s page. */
export function challengeReportOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: { db: Db; wall: WallClock },
): void {
  const askedOf = async (
    network: { id: string; currency: string },
    scope: ReportAsked['scope'],
    id: string,
  ): Promise<ReportAsked> => {
    const challenge = await findChallenge(db, network.id, id)
    if (!challenge) throw new HTTPException(404)
    return { challenge, currency: network.currency, scope }
  }
  const told = ({ challenge: { rules } }: ReportAsked, row: Counts): z.infer<typeof counts> => {
    const each = costPerActive(rules, row)
    const { messagesMillis, prizesCents, otherCurrency: _, ...people } = row
    return {
      ...people,
      messages: messagesMillis / 100_000,
      prizes: prizesCents / 100,
      cost: costOf(row) / 100,
      costPerActive: each === undefined ? null : each / 100,
    }
  }
  const countsOf = ({ key: _k, name: _n, code: _c, ...row }: GroupRow): Counts => row

  api.openapi(
    showing('/api/v1/challenges/{id}/report', mayCall('result.read', challengeOf(db)), {
      operationId: 'getChallengeReport',
      summary: 'What a challenge came to: participation, costs, by group, by step and channel, and what it changed',
      answer: reportShape,
    }),
    async (c) => {
      const network = c.get('network')
      const asked = await askedOf(network, c.get('scope'), c.req.param('id') ?? '')
      const report = await challengeReport(db, asked, businessNow(wall.now(), network))
      const groups = (rows: readonly GroupRow[]) =>
        rows.map((row) => ({ name: row.name, ...told(asked, countsOf(row)) }))
      const uplift = report.effect && upliftOf({ ...report.effect.unprompted, campaigns: 1 })
      return c.json(
        {
          ...{ challengeId: asked.challenge.id, currency: asked.currency, whole: told(asked, report.whole) },
          leagues: groups(report.groups.league),
          regions: groups(report.groups.region),
          tiers: groups(report.groups.tier),
          steps: report.steps.flatMap(({ step, channels }) =>
            channels
              .filter(({ isCompanion }) => !isCompanion)
              .map((row) => ({
                ...{ step, channel: row.channel, sent: row.sent, delivered: row.delivered },
                ...{ acted: row.acted, registered: row.registered, cost: row.costMillis / 100_000 },
              })),
          ),
          uplift: uplift
            ? {
                isMeasurable: uplift.isMeasurable,
                reason: uplift.isMeasurable ? null : uplift.reason,
                difference: uplift.isMeasurable ? uplift.difference : null,
              }
            : null,
          sales: report.sales.map((sales) =>
            sales.isMeasurable
              ? { ...sales, reason: null }
              : {
                  ...{ measure: sales.measure ?? null, isMeasurable: false, reason: sales.reason },
                  ...{ months: null, treated: null, heldOut: null, difference: null },
                },
          ),
        },
        200,
      )
    },
  )

  api.openapi(
    {
      ...listing('/api/v1/challenges/{id}/report/outlets', mayCall('result.read', challengeOf(db)), {
        operationId: 'listChallengeReportOutlets',
        summary: 'The report of a challenge outlet by outlet',
        query: pageQuery,
        answer: pageOf(outlet),
      }),
      request: { query: z.strictObject(pageQuery), params: z.object({ id: z.string().max(64) }) },
    },
    async (c) => {
      const given = c.req.valid('query')
      const asked = await askedOf(c.get('network'), c.get('scope'), c.req.valid('param').id)
      const { rows, next } = await outletPage(db, asked, given.cursor, limitOf(given))
      const data = rows.map((row) => ({ site: row.code, name: row.name, ...told(asked, countsOf(row)) }))
      return c.json({ data, next: next ?? null }, 200)
    },
  )
}
