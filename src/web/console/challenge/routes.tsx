import { and, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import type { AuditAction } from '../../../accounts/audit-actions.ts'
import { type Challenge, findChallenge } from '../../../challenge/challenge.ts'
import { importHistory } from '../../../challenge/csv/import-history.ts'
import { importParticipants } from '../../../challenge/csv/import-participants.ts'
import { importResults } from '../../../challenge/csv/import-results.ts'
import { type CsvSummary, largestFile } from '../../../challenge/csv/table.ts'
import { refuseResult, validateResult } from '../../../challenge/decide-result.ts'
import { findEvidence } from '../../../challenge/desk/evidence.ts'
import { objectivesOf, overrideObjective } from '../../../challenge/objectives.ts'
import { participantsById, type Subject } from '../../../challenge/participants.ts'
import { prepareJobId } from '../../../challenge/prepare-job.ts'
import { register } from '../../../challenge/register.ts'
import { withdraw } from '../../../challenge/withdraw.ts'
import { businessNow } from '../../../clock.ts'
import type { Tx } from '../../../db/index.ts'
import { contacts, sites } from '../../../db/schema.ts'
import { csvOf } from '../../../export/csv.ts'
import { streamOf } from '../../../export/table.ts'
import { attachment } from '../../../http/attachment.ts'
import { upload } from '../../../http/body.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { enqueue, findJob, isOpen } from '../../../job/enqueue.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { exportKinds, exportOf } from './exports.ts'
import { ChallengePage, type ChallengePageProps, importKinds } from './page.tsx'
import { headOf, participantPage, resultPage } from './queries.ts'

const pageSize = 50
const shownWaiting = 30
const shownCounted = 20

const pageQuery = z.object({
  cursor: optional(z.string().max(64)),
  counted: optional(z.string().max(64)),
  said: optional(z.enum(['done', 'gone', 'reasonMissing'])),
})
const verdictForm = z.object({
  verdict: z.enum(['validate', 'refuse']),
  reason: z.string().trim().max(300).optional(),
})
const objectiveForm = z.object({
  subject: z.string().max(80),
  criterion: z.string().max(40),
  target: optional(z.coerce.number().int().min(1).max(1_000_000_000)),
  reason: z.string().trim().max(300).default(''),
})

/** The challenge of a campaign: registrations, results to check, objectives, files in and out. */
export function challengeRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const challengeHere = async (c: PageContext): Promise<Challenge> => {
    const challenge = await findChallenge(db, c.get('network').id, idOf(c))
    if (!challenge) throw new HTTPException(404)
    return challenge
  }
  const nowIn = (c: PageContext) => businessNow(wall.now(), c.get('network'))
  const by = (c: PageContext) => `user:${c.get('user').id}`
  const note = (tx: Tx, c: PageContext, action: AuditAction, subject: string, data: Record<string, string | number>) =>
    audit(tx, { networkId: c.get('network').id, actor: c.get('user').id, action, subject, data, at: wall.now() })
  const back = (c: PageContext, said: 'done' | 'gone' | 'reasonMissing') =>
    c.redirect(`/console/campaigns/${idOf(c)}/challenge?said=${said}`, 303)

  const draw = async (
    c: PageContext,
    more: Pick<ChallengePageProps, 'summary' | 'refused'>,
    status: 200 | 422 = 200,
  ) => {
    const { cursor, counted: countedFrom, said } = c.req.method === 'GET' ? parsed(pageQuery, c.req.query()) : {}
    const challenge = await challengeHere(c)
    const rows = await participantPage(db, challenge, cursor, pageSize + 1)
    const participants = rows.slice(0, pageSize)
    const counting = { status: 'validated', after: countedFrom, limit: shownCounted + 1 } as const
    const counts = await resultPage(db, challenge, counting)
    const counted = counts.slice(0, shownCounted)
    const job = await findJob(db, challenge.networkId, prepareJobId(challenge.id))
    return sendPage(
      c,
      <ChallengePage
        view={await view(c)}
        challenge={challenge}
        head={await headOf(db, challenge)}
        waiting={await resultPage(db, challenge, { status: 'pending', limit: shownWaiting })}
        counted={counted}
        nextCounted={counts.length > shownCounted ? counted.at(-1)?.id : undefined}
        isCountedContinued={countedFrom !== undefined}
        participants={participants}
        objectives={
          await objectivesOf(
            db,
            challenge,
            participants.map(({ subjectKey }) => subjectKey),
          )
        }
        next={rows.length > pageSize ? participants.at(-1)?.id : undefined}
        cursor={cursor}
        isPreparing={isOpen(job)}
        said={said}
        {...more}
      />,
      status,
    )
  }

  const show: PageHandler = async (c) => draw(c, {})

  const decide: PageHandler = async (c) => {
    const { verdict, reason } = parsed(verdictForm, await c.req.parseBody())
    if (verdict === 'refuse' && !reason) return back(c, 'reasonMissing')
    const challenge = await challengeHere(c)
    const resultId = c.req.param('resultId') ?? ''
    const made = { by: by(c), at: nowIn(c) }
    const isDone = await db.transaction(async (tx) => {
      const done =
        verdict === 'validate'
          ? await validateResult(tx, challenge, resultId, made)
          : await refuseResult(tx, challenge, resultId, reason!, made)
      if (done) await note(tx, c, 'challenge.result', resultId, { verdict })
      return done
    })
    return back(c, isDone ? 'done' : 'gone')
  }

  const aim: PageHandler = async (c) => {
    const { subject: subjectKey, criterion, target, reason } = parsed(objectiveForm, await c.req.parseBody())
    if (target !== undefined && reason === '') return back(c, 'reasonMissing')
    const challenge = await challengeHere(c)
    const isDone = await db.transaction(async (tx) => {
      const set = { target: target ?? null, reason, by: by(c), at: nowIn(c) }
      const done = await overrideObjective(tx, challenge, { subjectKey, criterion }, set)
      if (done) await note(tx, c, 'challenge.objective', subjectKey, { criterion, target: target ?? 0 })
      return done
    })
    return back(c, isDone ? 'done' : 'gone')
  }

  const registerOne: PageHandler = async (c) => {
    const { who } = parsed(z.object({ who: z.string().trim().max(120) }), await c.req.parseBody())
    const page = await view(c)
    const challenge = await challengeHere(c)
    const subject = await subjectCalled(challenge.networkId, who)
    if (!subject) return draw(c, { refused: page.t('challenge.csv.unknown_person', { value: who }) }, 422)
    const done = await db.transaction(async (tx) => {
      const asked = { subject, way: 'console' as const, by: by(c), hasAgreed: false, at: nowIn(c) }
      const registered = await register(tx, challenge, asked)
      if (registered.outcome === 'registered')
        await note(tx, c, 'challenge.participant', registered.participant.id, { act: 'register' })
      return registered
    })
    if (done.outcome === 'refused') return draw(c, { refused: page.t(`challenge.refused.${done.code}`) }, 422)
    return back(c, done.outcome === 'registered' ? 'done' : 'gone')
  }
  const subjectCalled = async (networkId: string, who: string): Promise<Subject | undefined> => {
    const [person] = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), eq(contacts.externalId, who)))
      .limit(1)
    if (person) return { contactId: person.id }
    const [site] = await db
      .select({ id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.externalId, who)))
    return site && { siteId: site.id }
  }

  const leave: PageHandler = async (c) => {
    const challenge = await challengeHere(c)
    const [participant] = await participantsById(db, challenge.networkId, [c.req.param('participantId') ?? ''])
    if (participant?.challengeId !== challenge.id) return back(c, 'gone')
    const isDone = await db.transaction(async (tx) => {
      const done = await withdraw(tx, participant, by(c), nowIn(c))
      if (done) await note(tx, c, 'challenge.participant', participant.id, { act: 'withdraw' })
      return done
    })
    return back(c, isDone ? 'done' : 'gone')
  }

  const takeFile: PageHandler = async (c) => {
    const given = await c.req.parseBody()
    const { what } = parsed(z.object({ what: z.enum(importKinds) }), given)
    const challenge = await challengeHere(c)
    const bytes = given.file instanceof File ? new Uint8Array(await given.file.arrayBuffer()) : new Uint8Array()
    const made = { by: by(c), at: nowIn(c) }
    const summary: CsvSummary =
      what === 'participants'
        ? await importParticipants(db, challenge, bytes, made)
        : what === 'results'
          ? await importResults(db, challenge, bytes, made)
          : await importHistory(db, challenge.networkId, bytes, made)
    const { read, fresh, corrected } = summary
    await db.transaction((tx) => note(tx, c, 'challenge.import', challenge.id, { what, read, fresh, corrected }))
    return draw(c, { summary })
  }

  const prepare: PageHandler = async (c) => {
    const { networkId, id: challengeId } = await challengeHere(c)
    await enqueue(db, {
      ...{ networkId, id: prepareJobId(challengeId), kind: 'challenge.prepare', payload: { challengeId } },
      ...{ at: wall.now(), onRepeat: 'restart' },
    })
    return back(c, 'done')
  }

  const download: PageHandler = async (c) => {
    const { kind } = parsed(z.object({ kind: z.enum(exportKinds) }), { kind: c.req.param('kind') })
    const challenge = await challengeHere(c)
    const page = await view(c)
    c.header('content-type', 'text/csv; charset=utf-8')
    c.header('content-disposition', attachment(`${challenge.campaign.name}-${kind}.csv`))
    c.header('cache-control', 'no-store')
    return c.body(streamOf(csvOf(exportOf(db, challenge, kind), page.language)))
  }

  const evidence: PageHandler = async (c) => {
    const challenge = await challengeHere(c)
    const found = await findEvidence(db, challenge.networkId, challenge.id, c.req.param('evidenceId') ?? '')
    if (!found) throw new HTTPException(404)
    c.header('content-type', found.type)
    // Saved, never shown: what somebody uploaded has nothing to do in a page of ours.
    c.header('content-disposition', attachment(found.name))
    c.header('cache-control', 'no-store')
    return c.body(Uint8Array.from(found.content))
  }

  app.get('/console/campaigns/:id/challenge', may('campaign.control', campaignOf(db)), show)
  app.get('/console/campaigns/:id/challenge/export/:kind', may('campaign.control', campaignOf(db)), download)
  app.get('/console/campaigns/:id/challenge/evidence/:evidenceId', may('campaign.control', campaignOf(db)), evidence)
  app.post('/console/campaigns/:id/challenge/results/:resultId', may('campaign.control', campaignOf(db)), decide)
  app.post('/console/campaigns/:id/challenge/objectives', may('campaign.control', campaignOf(db)), aim)
  app.post('/console/campaigns/:id/challenge/register', may('campaign.control', campaignOf(db)), registerOne)
  app.post('/console/campaigns/:id/challenge/withdraw/:participantId', may('campaign.control', campaignOf(db)), leave)
  app.post('/console/campaigns/:id/challenge/prepare', may('campaign.control', campaignOf(db)), prepare)
  app.post(
    '/console/campaigns/:id/challenge/import',
    may('campaign.control', campaignOf(db)),
    upload(largestFile + 64 * 1024),
    takeFile,
  )
}
