import { and, count, eq, inArray, isNull, ne, type SQL } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { AuditAction } from '../accounts/audit-actions.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { StopFigures } from '../db/schema/campaign.ts'
import { batches, campaigns, deliveries, messages, pieces, stepRuns, timers } from '../db/schema.ts'
import { enqueue } from '../job/enqueue.ts'
import { notify } from '../notification/notify.ts'
import { endSequence } from '../sequence/close.ts'
import type { CampaignStatus, DeliveryStatus } from '../words.ts'
import { cancelJobId } from './cancel-job.ts'
import { letPass } from './counts.ts'
import { localise } from './definition.ts'

/** What may be done to a campaign once it was launched. */
export const controls = ['pause', 'resume', 'cancel'] as const
export type Control = (typeof controls)[number]

/** The states in which it may be done. */
const from: Record<Control, readonly CampaignStatus[]> = {
  pause: ['scheduled', 'running'],
  resume: ['paused'],
  cancel: ['scheduled', 'running', 'paused'],
}
const to: Record<Control, CampaignStatus> = { pause: 'paused', resume: 'running', cancel: 'canceled' }
const actions: Record<Control, AuditAction> = {
  pause: 'campaign.pause',
  resume: 'campaign.resume',
  cancel: 'campaign.cancel',
}

/** The campaign is not in a state in which that can be done; the message says what is. */
export class ControlRefused extends Error {
  override name = 'ControlRefused'
  readonly status: CampaignStatus | undefined

  constructor(message: string, status?: CampaignStatus) {
    super(message)
    this.status = status
  }
}

export interface ControlRequest {
  campaignId: string
  /** As in the audit trail: a user's id, `operator`, or `relais` itself. */
  actor: string
  /** Kept with the campaign and shown to whoever asks why. */
  reason?: string
  /** Resuming what Relais stopped by itself: the figure that was seen, as `figureOf` writes it. */
  despite?: string
}

/** A stop's figure as it is confirmed: `12/180`. */
export const figureOf = ({ bad, sent }: StopFigures): string => `${bad}/${sent}`

/** Relais stopped the campaign by itself; whoever resumes it has to say that they have seen why. */
export class FigureNotSeen extends Error {
  override name = 'FigureNotSeen'
  readonly figures: StopFigures

  constructor(campaign: string, figures: StopFigures) {
    const { kind, channel, bad, sent, rate } = figures
    const share = (value: number) => `${Math.round(value * 10_000) / 100} %`
    super(
      `Relais paused ${campaign}: ${bad} of ${sent} on ${channel} ${kind} (${share(bad / sent)}, ${share(rate)} allowed). ` +
        `To resume it all the same, confirm the figure: --despite ${figureOf(figures)}`,
    )
    this.figures = figures
  }
}

export interface Controlled {
  campaignId: string
  name: string
  status: CampaignStatus
  /** False when it had been done before: a second press, a second tab. */
  isNew: boolean
  concerned: Concerned
}

/** What a change of state concerns, by what can still be done about it. */
export interface Concerned {
  /** Deliveries planned, held or queued: none has left. */
  waiting: number
  /** With a worker or a carrier at this moment: these leave. */
  leaving: number
  /** Handed over already, whatever came of it. */
  gone: number
  /** Steps nobody has been decided for yet. */
  stepsToCome: number
  /** Letters the print shop does not have yet: they can be pulled. */
  letters: number
  /** Letters that are with the print shop or beyond: nobody can stop them. */
  lettersGone: number
}

const notGone: readonly DeliveryStatus[] = ['planned', 'held', 'queued']
const underWay: readonly DeliveryStatus[] = ['sending', 'unknown']
const never: readonly DeliveryStatus[] = ['suppressed', 'expired', 'canceled', 'failed', 'needs_review']

/** A batch the print shop has not been given yet: calling it off stops every letter in it. */
const recallable = ['composing', 'composed', 'bat_pending', 'bat_approved'] as const
type BatchStatus = typeof batches.$inferSelect.status
const isRecallable = (status: BatchStatus): boolean => (recallable as readonly BatchStatus[]).includes(status)
const isGone = (status: BatchStatus): boolean => !isRecallable(status) && status !== 'canceled'

/** Counts what pausing, resuming or canceling a campaign, or one step of it, concerns now. */
export async function concernedBy(tx: Tx, networkId: string, campaignId: string, step?: string): Promise<Concerned> {
  const own = and(
    eq(messages.networkId, networkId),
    eq(messages.campaignId, campaignId),
    step === undefined ? undefined : eq(messages.step, step),
  )
  const steps = await tx
    .select({ id: messages.id, run: stepRuns.status })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(own)
  const ids = steps.map((step) => step.id)
  const byStatus =
    ids.length === 0
      ? []
      : await tx
          .select({ status: deliveries.status, total: count() })
          .from(deliveries)
          .where(and(eq(deliveries.networkId, networkId), inArray(deliveries.messageId, ids)))
          .groupBy(deliveries.status)
  const inHand =
    ids.length === 0
      ? []
      : await tx
          .select({ piece: pieces.status, batch: batches.status, total: count() })
          .from(pieces)
          .leftJoin(batches, and(eq(batches.networkId, pieces.networkId), eq(batches.id, pieces.batchId)))
          .where(and(eq(pieces.networkId, networkId), inArray(pieces.messageId, ids)))
          .groupBy(pieces.status, batches.status)
  const sumOf = (matches: (row: (typeof inHand)[number]) => boolean) =>
    inHand.reduce((sum, row) => sum + (matches(row) ? row.total : 0), 0)
  const letters = sumOf(
    ({ piece, batch }) =>
      (piece === 'queued' && batch === null) ||
      ((piece === 'queued' || piece === 'composed') && batch !== null && isRecallable(batch)),
  )
  const lettersGone = sumOf(({ piece, batch }) => piece !== 'excluded' && batch !== null && isGone(batch))
  const total = (matches: (status: DeliveryStatus) => boolean) =>
    byStatus.reduce((sum, row) => sum + (matches(row.status) ? row.total : 0), 0)
  return {
    waiting: total((status) => notGone.includes(status)),
    leaving: total((status) => underWay.includes(status)),
    gone: total((status) => ![...notGone, ...underWay, ...never].includes(status)),
    stepsToCome: steps.filter(({ run }) => run === null || run === 'waiting').length,
    letters,
    lettersGone,
  }
}

/**
 * Stops a campaign: from the commit on no step decides anybody and nothing more is claimed; what a worker had claimed
 * but not begun to hand over is put back. What waits is held, and leaves on resume. Its owner is told unless they did
 * it. Throws ControlRefused.
 */
export const pauseCampaign = (context: Context, network: Network, request: ControlRequest): Promise<Controlled> =>
  control(context, network, 'pause', request)

/**
 * Lets a paused campaign go on: what was held becomes due again in its order, each asked once more for consent and
 * hours; what has expired meanwhile stays. What Relais stopped by itself is judged by what comes from now on. Throws
 * ControlRefused, and FigureNotSeen unless the figure it was stopped for is confirmed.
 */
export const resumeCampaign = (context: Context, network: Network, request: ControlRequest): Promise<Controlled> =>
  control(context, network, 'resume', request, (tx) => letPass(tx, network.id, request.campaignId))

/**
 * Ends a campaign for good: its steps and their waits at once, in this transaction; its deliveries page by page,
 * by a job, while the check at claim already lets none of them leave. Throws ControlRefused.
 */
export const cancelCampaign = (
  context: Context,
  network: Network,
  request: ControlRequest,
  now: Date,
): Promise<Controlled> =>
  control(context, network, 'cancel', request, (tx) =>
    endSteps(tx, network, request.campaignId, now, context.wall.now()),
  )

async function control(
  { db, wall }: Context,
  network: Network,
  what: Control,
  { campaignId, actor, reason, despite }: ControlRequest,
  effect?: (tx: Tx) => Promise<void>,
): Promise<Controlled> {
  return db.transaction(async (tx) => {
    const isThis = and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId))
    const concerned = await concernedBy(tx, network.id, campaignId)
    if (what === 'resume') await seen(tx, isThis, despite)
    const [changed] = await tx
      .update(campaigns)
      .set({
        status: to[what],
        statusReason: what === 'resume' ? null : (reason ?? null),
        ...(what === 'resume' ? { statusFigures: null } : {}),
      })
      .where(and(isThis, inArray(campaigns.status, [...from[what]])))
      .returning()
    if (!changed) return already(tx, network, what, campaignId, concerned)
    await effect?.(tx)
    if (what === 'pause' && actor !== changed.ownerId && (changed.ownerId !== null || actor === 'relais'))
      await notify(tx, {
        networkId: network.id,
        userId: changed.ownerId,
        kind: 'campaign_paused',
        params: { campaign: localise(changed.title, network.language), reason: reason ?? '' },
        href: `/console/campaigns/${campaignId}`,
        dedupeKey: `campaign_paused:${campaignId}:${wall.now().toISOString()}`,
        at: wall.now(),
      })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: actions[what],
      subject: campaignId,
      data: { name: changed.name, reason, despite, waiting: concerned.waiting, stepsToCome: concerned.stepsToCome },
      at: wall.now(),
    })
    return { campaignId, name: changed.name, status: changed.status, isNew: true, concerned }
  })
}

/** Throws FigureNotSeen where the campaign was stopped for a figure that is not the one confirmed. */
async function seen(tx: Tx, isThis: SQL | undefined, despite: string | undefined): Promise<void> {
  const [campaign] = await tx
    .select({ name: campaigns.name, status: campaigns.status, figures: campaigns.statusFigures })
    .from(campaigns)
    .where(isThis)
  if (!campaign?.figures || campaign.status !== 'paused') return
  if (despite !== figureOf(campaign.figures)) throw new FigureNotSeen(campaign.name, campaign.figures)
}

async function already(
  tx: Tx,
  network: Network,
  what: Control,
  campaignId: string,
  concerned: Concerned,
): Promise<Controlled> {
  const [row] = await tx
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
  if (!row) throw new ControlRefused(`There is no campaign ${campaignId} in ${network.name}.`)
  if (row.status !== to[what]) throw new ControlRefused(refusal(what, row.name, row.status), row.status)
  return { campaignId, name: row.name, status: row.status, isNew: false, concerned }
}

const refusal = (what: Control, name: string, status: CampaignStatus): string =>
  `Campaign ${name} is ${status}: ${
    {
      pause: 'only a running one can be paused',
      resume: 'only a paused one can be resumed',
      cancel: 'it cannot be canceled',
    }[what]
  }.`

/** No step starts or goes on any more, and what has not left is worked through by the job. */
async function endSteps(tx: Tx, network: Network, campaignId: string, now: Date, wallNow: Date): Promise<void> {
  const own = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId)))
  const ids = own.map((row) => row.id)
  if (ids.length > 0) {
    await callOffBatches(tx, network.id, ids, now)
    await tx
      .update(stepRuns)
      .set({ status: 'canceled', finishedAt: now })
      .where(
        and(
          eq(stepRuns.networkId, network.id),
          inArray(stepRuns.messageId, ids),
          inArray(stepRuns.status, ['waiting', 'running', 'watching']),
        ),
      )
    await tx
      .update(timers)
      .set({ firedAt: now })
      .where(
        and(
          eq(timers.networkId, network.id),
          eq(timers.kind, 'step'),
          inArray(timers.subject, ids),
          isNull(timers.firedAt),
        ),
      )
  }
  await tx
    .update(campaigns)
    .set({ finishedAt: now })
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
  await endSequence(tx, network.id, campaignId, now)
  await enqueue(tx, {
    networkId: network.id,
    id: cancelJobId(campaignId),
    kind: 'campaign.cancel',
    payload: { campaignId },
    at: wallNow,
  })
}

/** Batches the print shop does not have yet are called off, as the one moment in which it is decided who was first. */
async function callOffBatches(tx: Tx, networkId: string, messageIds: readonly string[], now: Date): Promise<void> {
  await tx
    .update(batches)
    .set({ status: 'canceled', updatedAt: now })
    .where(
      and(
        eq(batches.networkId, networkId),
        inArray(batches.messageId, [...messageIds]),
        inArray(batches.status, [...recallable]),
      ),
    )
}

/**
 * Cancels one step of a launched campaign, and leaves the others: nobody is decided for it any more, and what it has
 * not sent is marked page by page, by a job, while the check at claim already lets none of it leave. Canceling twice is
 * canceling once. Throws ControlRefused.
 */
export async function cancelStep(
  { db, wall }: Context,
  network: Network,
  { campaignId, step, actor, reason }: { campaignId: string; step: string; actor: string; reason?: string },
  now: Date,
): Promise<{ isNew: boolean }> {
  return db.transaction(async (tx) => {
    const [going] = await tx
      .select({ name: campaigns.name, status: campaigns.status })
      .from(campaigns)
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
    const own = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId), eq(messages.step, step)))
    if (!going || own.length === 0)
      throw new ControlRefused(`There is no step ${step} to cancel in campaign ${campaignId}.`)
    if (!from.cancel.includes(going.status))
      throw new ControlRefused(refusal('cancel', going.name, going.status), going.status)
    const ids = own.map((row) => row.id)
    await tx
      .update(timers)
      .set({ firedAt: now })
      .where(
        and(
          eq(timers.networkId, network.id),
          eq(timers.kind, 'step'),
          inArray(timers.subject, ids),
          isNull(timers.firedAt),
        ),
      )
    const ended = await tx
      .update(stepRuns)
      .set({ status: 'canceled', finishedAt: now })
      .where(and(eq(stepRuns.networkId, network.id), inArray(stepRuns.messageId, ids), ne(stepRuns.status, 'canceled')))
      .returning({ id: stepRuns.messageId })
    if (ended.length === 0) return { isNew: false }
    await callOffBatches(tx, network.id, ids, now)
    await enqueue(tx, {
      networkId: network.id,
      id: cancelJobId(campaignId, step),
      kind: 'campaign.cancel',
      payload: { campaignId, step },
      at: wall.now(),
    })
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.cancel_step',
      subject: campaignId,
      data: { name: going.name, step, reason },
      at: wall.now(),
    })
    return { isNew: true }
  })
}
