import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { type Challenge, findChallenge } from '../challenge/challenge.ts'
import { participantOf } from '../challenge/participants.ts'
import { largestQuantity, recordResult } from '../challenge/result.ts'
import { tierOf } from '../challenge/tiers.ts'
import { businessNow, type WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { entryWays, resultStatuses, suspicions } from '../db/schema/challenge.ts'
import { challenges, contacts, sites } from '../db/schema.ts'
import { challengeOf } from '../web/challenge/locate.ts'
import { participantPage, resultPage } from '../web/console/challenge/queries.ts'
import { networkOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { listing, making, showing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { invalid } from './problems.ts'
import { anId, inLanguages, instant } from './shapes.ts'

const whole = z.number().int()

const challengeShape = z
  .object({
    id: anId,
    campaignId: anId,
    name: z.string(),
    title: inLanguages,
    rulesVersion: whole,
    registrationOpensAt: instant,
    registrationClosesAt: instant,
    startsAt: instant,
    endsAt: instant,
    resultsUntil: instant,
  })
  .openapi('Challenge')

const participantShape = z
  .object({
    id: anId,
    kind: z.enum(['company', 'person']),
    contact: z.string().nullable().openapi({ description: 'The person’s identifier in the partner file.' }),
    site: z.string().openapi({ description: 'The code of the outlet.' }),
    role: z.string(),
    team: z.string(),
    league: whole.nullable(),
    status: z.enum(['registered', 'withdrawn']),
    way: z.enum(entryWays),
    registeredAt: instant,
    points: whole,
    tier: z.string().nullable().openapi({ description: 'The tier of the rules these points come to.' }),
  })
  .openapi('ChallengeParticipant')

const resultShape = z
  .object({
    id: anId,
    contact: z.string().nullable(),
    site: z.string(),
    criterion: z.string(),
    quantity: whole,
    doneOn: z.string(),
    way: z.enum(entryWays),
    reference: z.string().nullable(),
    status: z.enum(resultStatuses),
    suspicion: z.enum(suspicions).nullable(),
    reason: z.string().nullable(),
    recordedAt: instant,
  })
  .openapi('ChallengeResult')

const newResult = z
  .strictObject({
    contact: z.string().min(1).max(200).optional().openapi({ description: 'The person’s identifier, or' }),
    site: z.string().min(1).max(200).optional().openapi({ description: 'the code of the outlet.' }),
    criterion: z.string().min(1).max(40),
    quantity: whole.min(1).max(largestQuantity),
    doneOn: z.iso.date(),
    reference: z.string().trim().min(1).max(60).openapi({
      description: 'What your system calls it. Sent again it is the same result; sent otherwise, a correction of it.',
    }),
  })
  .refine(({ contact, site }) => (contact === undefined) !== (site === undefined), {
    message: 'Give contact or site, one of them.',
  })
  .openapi('NewChallengeResult')

const takenShape = z
  .object({ outcome: z.enum(['new', 'known', 'corrected']), result: resultShape })
  .openapi('TakenChallengeResult')

const shown = (challenge: Challenge): z.infer<typeof challengeShape> => ({
  ...{ id: challenge.id, campaignId: challenge.campaignId, name: challenge.campaign.name },
  ...{ title: challenge.campaign.title, rulesVersion: challenge.rulesVersion },
  registrationOpensAt: challenge.registrationOpensAt.toISOString(),
  registrationClosesAt: challenge.registrationClosesAt.toISOString(),
  startsAt: challenge.startsAt.toISOString(),
  endsAt: challenge.endsAt.toISOString(),
  resultsUntil: challenge.resultsUntil.toISOString(),
})

/** Challenges for programs: who is in, what was told, and a way to tell results from one’s own system. */
export function challengeOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: { db: Db; wall: WallClock },
): void {
  const here = async (networkId: string, id: string): Promise<Challenge> => {
    const challenge = await findChallenge(db, networkId, id)
    if (!challenge) throw new HTTPException(404)
    return challenge
  }

  api.openapi(
    listing('/api/v1/challenges', mayCall('campaign.read', networkOf(db)), {
      operationId: 'listChallenges',
      summary: 'The challenges of campaigns that were launched',
      query: pageQuery,
      answer: pageOf(challengeShape),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const networkId = c.get('network').id
      const rows = await db
        .select({ id: challenges.id })
        .from(challenges)
        .where(and(eq(challenges.networkId, networkId), asked.cursor ? gt(challenges.id, asked.cursor) : undefined))
        .orderBy(asc(challenges.id))
        .limit(limitOf(asked) + 1)
      const { page, next } = paged(rows, asked)
      return c.json(
        { data: await Promise.all(page.map(async ({ id }) => shown(await here(networkId, id)))), next },
        200,
      )
    },
  )

  api.openapi(
    showing('/api/v1/challenges/{id}', mayCall('campaign.read', challengeOf(db)), {
      operationId: 'getChallenge',
      summary: 'One challenge, with its dates',
      answer: challengeShape,
    }),
    async (c) => c.json(shown(await here(c.get('network').id, c.req.valid('param').id)), 200),
  )

  const listOf = <P extends string, A extends z.ZodType>(path: P, operationId: string, summary: string, item: A) =>
    createRoute({
      ...listing(path, mayCall('campaign.read', challengeOf(db)), {
        operationId,
        summary,
        query: pageQuery,
        answer: pageOf(item),
      }),
      request: { query: z.strictObject(pageQuery), params: z.object({ id: z.string().max(64) }) },
    })

  api.openapi(
    listOf(
      '/api/v1/challenges/{id}/participants',
      'listChallengeParticipants',
      'Who takes part, with their points',
      participantShape,
    ),
    async (c) => {
      const asked = c.req.valid('query')
      const challenge = await here(c.get('network').id, c.req.valid('param').id)
      const { page, next } = paged(await participantPage(db, challenge, asked.cursor, limitOf(asked) + 1), asked)
      const data = page.map((row) => ({
        ...{ id: row.id, kind: row.kind, contact: row.externalId, site: row.siteCode, role: row.role, team: row.team },
        ...{ league: row.league, status: row.status, way: row.way, points: row.points ?? 0 },
        tier: tierOf(challenge.rules, row.points ?? 0)?.tier?.name ?? null,
        registeredAt: row.registeredAt.toISOString(),
      }))
      return c.json({ data, next }, 200)
    },
  )

  const told = (row: Awaited<ReturnType<typeof resultPage>>[number]): z.infer<typeof resultShape> => ({
    ...{ id: row.id, contact: row.externalId, site: row.siteCode, criterion: row.criterion, quantity: row.quantity },
    ...{ doneOn: row.doneOn, way: row.way, reference: row.reference, status: row.status, suspicion: row.suspicion },
    ...{ reason: row.reason, recordedAt: row.recordedAt.toISOString() },
  })

  api.openapi(
    listOf('/api/v1/challenges/{id}/results', 'listChallengeResults', 'What was told, the latest first', resultShape),
    async (c) => {
      const asked = c.req.valid('query')
      const challenge = await here(c.get('network').id, c.req.valid('param').id)
      const rows = await resultPage(db, challenge, { after: asked.cursor, limit: limitOf(asked) + 1 })
      const { page, next } = paged(rows, asked)
      return c.json({ data: page.map(told), next }, 200)
    },
  )

  const telling = making(
    '/api/v1/challenges/{id}/results',
    mayCall('event.write', challengeOf(db)),
    [jsonBody(), idempotent({ db, wall })],
    {
      operationId: 'createChallengeResult',
      summary: 'Tells a result; it counts at once where its criterion is counted in units',
      body: newResult,
      answer: takenShape,
    },
  )
  api.openapi(
    createRoute({ ...telling, request: { ...telling.request, params: z.object({ id: z.string().max(64) }) } }),
    async (c) => {
      const network = c.get('network')
      const given = c.req.valid('json')
      const challenge = await here(network.id, c.req.valid('param').id)
      const subject = await subjectCalled(network.id, given)
      const fault = (pointer: string, detail: string) => invalid([{ in: 'body', pointer, detail }])
      if (!subject) throw fault(given.contact ? '/contact' : '/site', 'Nobody in this network has this identifier.')
      const at = businessNow(wall.now(), network)
      const recorded = await db.transaction(async (tx) => {
        const participant = await participantOf(tx, network.id, challenge.id, subject)
        if (!participant) throw fault(given.contact ? '/contact' : '/site', 'Not registered in this challenge.')
        const { criterion, quantity, doneOn, reference } = given
        const sourceKey = `api:${c.get('caller')}:${reference}`
        const told = { criterion, quantity, doneOn, reference, sourceKey, way: 'api' as const, by: c.get('caller'), at }
        return recordResult(tx, challenge, participant, told)
      })
      if (recorded.outcome === 'refused') throw fault(pointers[recorded.code] ?? '', whys[recorded.code])
      const { result, outcome } = recorded
      const people = 'contactId' in subject ? (given.contact ?? null) : null
      const told = {
        ...{ id: result.id, contact: people, site: await siteOf(network.id, subject), criterion: result.criterion },
        ...{ quantity: result.quantity, doneOn: result.doneOn, way: result.way, reference: result.reference },
        ...{ status: result.status, suspicion: result.suspicion, reason: result.reason },
        recordedAt: result.recordedAt.toISOString(),
      }
      return c.json({ outcome, result: told }, 201)
    },
  )

  const siteOf = async (networkId: string, subject: { siteId: string } | { contactId: string }): Promise<string> => {
    const [row] = await db
      .select({ code: sites.externalId })
      .from(sites)
      .leftJoin(contacts, and(eq(contacts.networkId, sites.networkId), eq(contacts.siteId, sites.id)))
      .where(
        and(
          eq(sites.networkId, networkId),
          'siteId' in subject ? eq(sites.id, subject.siteId) : eq(contacts.id, subject.contactId),
        ),
      )
      .limit(1)
    return row?.code ?? ''
  }
  const subjectCalled = async (networkId: string, { contact, site }: z.infer<typeof newResult>) => {
    if (contact !== undefined) {
      const [row] = await db
        .select({ id: contacts.id })
        .from(contacts)
        .where(and(eq(contacts.networkId, networkId), eq(contacts.externalId, contact)))
        .limit(1)
      return row && { contactId: row.id }
    }
    const [row] = await db
      .select({ id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.externalId, site ?? '')))
    return row && { siteId: row.id }
  }
}

const pointers: Partial<Record<string, string>> = {
  unknown_criterion: '/criterion',
  bad_quantity: '/quantity',
  bad_day: '/doneOn',
  outside_period: '/doneOn',
  in_future: '/doneOn',
}

const whys = {
  canceled: 'The campaign of this challenge was canceled.',
  way_closed: 'The rules of this challenge take no results from programs.',
  not_registered: 'They have left this challenge.',
  not_started: 'The challenge has not begun yet.',
  closed: 'The challenge takes no more results: it has ended.',
  unknown_criterion: 'This criterion does not count for their role.',
  bad_quantity: 'A quantity is a whole number from 1.',
  bad_day: 'This day does not exist.',
  outside_period: 'This day is outside the challenge.',
  in_future: 'This day is in the future.',
} as const
