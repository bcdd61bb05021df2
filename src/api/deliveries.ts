import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt, inArray, type SQL } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { deliveriesWithin } from '../accounts/scope.ts'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/index.ts'
import { deliveries, messages } from '../db/schema.ts'
import { review, reviewVerdicts } from '../deliver/review.ts'
import { ApiProblem } from '../http/problem.ts'
import { type DecidedBehind, decisionsBehind } from '../outbox/decided.ts'
import { explain } from '../routing/explain.ts'
import { deliveryOf, networkOf } from '../web/console/locate.ts'
import { deliveryStatuses } from '../words.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { doing, listing, showing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { anId, channel, instant } from './shapes.ts'

const delivery = z
  .object({
    id: anId,
    campaignId: anId,
    messageId: anId,
    step: z.string(),
    occurrence: z.string(),
    recipient: z.object({ kind: z.enum(['contact', 'site', 'station']), id: z.string() }),
    channel,
    status: z.enum(deliveryStatuses),
    reason: z.string().nullable().openapi({ description: 'Why it is in this status, as a code.' }),
    isCompanion: z.boolean().openapi({ description: 'True for the copy that only accompanies another.' }),
    isReceiptMissing: z.boolean(),
    cost: z.object({
      amount: z.number().openapi({ description: 'In thousandths of the smallest unit of the currency.' }),
      currency: z.string(),
    }),
    dueAt: instant,
    sentAt: instant.nullable(),
    deliveredAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Delivery')

const sentence = z.object({ fr: z.string(), en: z.string() }).openapi({
  description: 'Why this person, this channel and this moment, in words.',
  example: {
    fr: 'SMS : 3 réponses sur 4 envois récents, 0,07 €',
    en: 'SMS: 3 replies to 4 recent messages, €0.07',
  },
})

const listed = delivery
  .extend({
    sentence: sentence.nullable().openapi({
      description: 'As in `because` of the delivery itself; null where no decision about a person is behind it.',
    }),
  })
  .openapi('ListedDelivery')

const decided = delivery
  .extend({
    because: z
      .object({
        sentence,
        reasons: z
          .array(
            z.object({
              code: z.string(),
              params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
            }),
          )
          .openapi({ description: 'The same for programs: what was chosen, by which facts, what was passed over.' }),
        policyVersion: z.number().int(),
        isExplored: z.boolean().openapi({ description: 'The channel was drawn by lot, to learn.' }),
        decidedAt: instant,
      })
      .nullable()
      .openapi({ description: 'Null for what follows no decision about a person, and where it was erased.' }),
  })
  .openapi('DecidedDelivery')

const kinds = ['contact', 'site', 'station'] as const

function recipientOf(key: string): { kind: (typeof kinds)[number]; id: string } {
  const [named, id = ''] = key.split(':', 2)
  const kind = kinds.find((one) => one === named)
  if (!kind) throw new Error(`A delivery is for ${key}, which is neither a contact, a site nor a station.`)
  return { kind, id }
}

async function findDeliveries(db: Db, networkId: string, narrower: SQL | undefined, limit: number) {
  const rows = await db
    .select({
      id: deliveries.id,
      campaignId: messages.campaignId,
      messageId: deliveries.messageId,
      step: messages.step,
      occurrence: deliveries.occurrence,
      recipientKey: deliveries.recipientKey,
      channel: deliveries.channel,
      status: deliveries.status,
      reason: deliveries.reason,
      isCompanion: deliveries.isCompanion,
      isReceiptMissing: deliveries.isReceiptMissing,
      amount: deliveries.costMillis,
      currency: deliveries.currency,
      dueAt: deliveries.dueAt,
      sentAt: deliveries.sentAt,
      deliveredAt: deliveries.deliveredAt,
      createdAt: deliveries.createdAt,
      updatedAt: deliveries.updatedAt,
    })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(deliveries.networkId, networkId), narrower))
    .orderBy(asc(deliveries.id))
    .limit(limit)
  return rows.map(({ recipientKey, amount, currency, ...row }) => ({
    ...row,
    recipient: recipientOf(recipientKey),
    cost: { amount, currency },
    dueAt: row.dueAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
}

/** The decision behind one delivery, in words and in codes. */
function becauseOf(decided: DecidedBehind | undefined) {
  if (!decided) return null
  const { because, decidedAt, ...rest } = decided
  return { ...rest, sentence: sentenceOf(because), reasons: [...because], decidedAt: decidedAt.toISOString() }
}

const sentenceOf = (because: DecidedBehind['because']) => ({ fr: explain(because, 'fr'), en: explain(because, 'en') })

const decision = z
  .strictObject({
    verdict: z.enum(reviewVerdicts).openapi({
      description: 'left: it counts as handed over. not_left: it is owed once more, as a new attempt.',
    }),
  })
  .openapi('ReviewDecision')

const nothingToDecide = () =>
  new ApiProblem(409, {
    code: 'nothing-to-decide',
    title: 'Nothing to decide',
    detail:
      'This delivery does not wait for a person, or was never handed over, so that it cannot have left. Read it again.',
  })

export function deliveryOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  context: Context,
): void {
  const { db, wall } = context
  api.openapi(
    listing('/api/v1/deliveries', mayCall('delivery.read', networkOf(db)), {
      operationId: 'listDeliveries',
      summary: 'What was sent or is owed, in the order it was written',
      query: {
        ...pageQuery,
        campaign: anId.max(64).optional().openapi({ description: 'Only those of this campaign.' }),
        channel: channel.optional(),
        status: z.enum(deliveryStatuses).optional(),
      },
      answer: pageOf(listed),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const networkId = c.get('network').id
      const ofCampaign = (id: string) =>
        inArray(
          deliveries.messageId,
          db
            .select({ id: messages.id })
            .from(messages)
            .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, id))),
        )
      const narrower = and(
        deliveriesWithin(db, c.get('scope'), networkId),
        asked.campaign ? ofCampaign(asked.campaign) : undefined,
        asked.channel ? eq(deliveries.channel, asked.channel) : undefined,
        asked.status ? eq(deliveries.status, asked.status) : undefined,
        asked.cursor ? gt(deliveries.id, asked.cursor) : undefined,
      )
      const { page, next } = paged(await findDeliveries(db, networkId, narrower, limitOf(asked) + 1), asked)
      const behind = await decisionsBehind(
        db,
        networkId,
        page.map(({ id }) => id),
      )
      const data = page.map((row) => {
        const decided = behind.get(row.id)
        return { ...row, sentence: decided ? sentenceOf(decided.because) : null }
      })
      return c.json({ data, next }, 200)
    },
  )

  api.openapi(
    showing('/api/v1/deliveries/{id}', mayCall('delivery.read', deliveryOf(db)), {
      operationId: 'getDelivery',
      summary: 'One delivery',
      answer: decided,
    }),
    async (c) => {
      const networkId = c.get('network').id
      const [found] = await findDeliveries(db, networkId, eq(deliveries.id, c.req.param('id') ?? ''), 1)
      if (!found) throw new HTTPException(404)
      const behind = (await decisionsBehind(db, networkId, [found.id])).get(found.id)
      const sentence = behind ? sentenceOf(behind.because) : null
      return c.json({ ...found, sentence, because: becauseOf(behind) }, 200)
    },
  )

  api.openapi(
    doing(
      '/api/v1/deliveries/{id}/review',
      mayCall('delivery.review', deliveryOf(db)),
      [jsonBody(), idempotent({ db, wall })],
      {
        operationId: 'reviewDelivery',
        summary: 'Says what became of a delivery that waits for a person (status needs_review)',
        body: decision,
        answer: delivery,
      },
    ),
    async (c) => {
      const network = c.get('network')
      const id = c.req.param('id') ?? ''
      const given = { scope: { ids: [id] }, verdict: c.req.valid('json').verdict, actor: c.get('caller') }
      const decided = await review(context, network, given, businessNow(wall.now(), network))
      if (decided === 0) throw nothingToDecide()
      const [found] = await findDeliveries(db, network.id, eq(deliveries.id, id), 1)
      if (!found) throw new HTTPException(404)
      return c.json(found, 200)
    },
  )
}
