import { and, asc, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { attempts, deliveries, messages } from '../db/schema.ts'
import { countSent, followUp } from '../tracking/late-hand-over.ts'
import { holdDeliveries, type Subject } from '../tracking/subjects.ts'

/** What a person knows of deliveries that Relais can say nothing more of. */
export const reviewVerdicts = ['left', 'not_left'] as const
export type ReviewVerdict = (typeof reviewVerdicts)[number]

/** Reasons of the engine to ask a person although nothing was ever handed over: that it left is no answer. */
const neverHandedOver: ReadonlySet<string> = new Set(['check_failed'])

/** Whether "it left" can be the answer. */
export const mayHaveLeft = ({ attempt, reason }: { attempt: number; reason: string | null }): boolean =>
  attempt > 0 && !(reason !== null && neverHandedOver.has(reason))

/** Deliveries that wait for a person: those named, or all of a campaign, of a step, of one call or of one reason. */
export interface ReviewScope {
  ids?: readonly string[]
  campaignId?: string
  messageId?: string
  reason?: string
  /** One call: what a worker began to hand over at one moment (business time). */
  call?: { worker: string; startedAt: Date }
}

/** Rows held and written in one transaction, each with its attempt, its chances to act and its waits. */
const pageSize = 100
/** As many as one press decides; what is left is there for the next. */
const mostAtOnce = 2_000

/**
 * Writes down what a person says became of deliveries in doubt. `left`: the attempt counts as accepted, with all that
 * follows a hand-over, and the provider's later word moves it on. `not_left`: owed once more as a new attempt, checked
 * again at its claim like any other; should that be in doubt too, it comes back here. What a webhook has settled
 * meanwhile stays as it was settled. Returns how many were decided, at most 2,000 at a time.
 */
export async function review(
  context: Context,
  network: Network,
  { scope, verdict, actor }: { scope: ReviewScope; verdict: ReviewVerdict; actor: string },
  now: Date,
): Promise<number> {
  let decided = 0
  let after = ''
  for (let seen = 0; seen < mostAtOnce; seen += pageSize) {
    const page = await context.db.transaction(async (tx) => {
      const ids = await waitingIds(tx, network.id, scope, after)
      const subjects = await holdDeliveries(tx, network.id, ids)
      const open = [...subjects.values()].filter(
        ({ delivery }) => delivery.status === 'needs_review' && (verdict === 'not_left' || mayHaveLeft(delivery)),
      )
      if (open.length > 0) {
        await (verdict === 'left' ? adopt(tx, network.id, open, now) : owe(tx, network.id, open, now))
        await audit(tx, {
          networkId: network.id,
          actor,
          action: 'delivery.review',
          subject: open.length === 1 ? open[0]!.delivery.id : (scope.campaignId ?? open[0]!.message.campaignId),
          data: { verdict, count: open.length, deliveries: open.map(({ delivery }) => delivery.id) },
          at: context.wall.now(),
        })
      }
      return { ids, open }
    })
    decided += page.open.length
    for (const { delivery } of page.open)
      if (verdict === 'left') context.metrics.adopted(delivery.channel)
      else context.metrics.resentAfterDoubt(delivery.channel)
    after = page.ids.at(-1) ?? ''
    if (page.ids.length < pageSize) break
  }
  return decided
}

/** What a scope means, said to the database. */
export function underReview(tx: Tx, networkId: string, scope: ReviewScope) {
  const { ids, campaignId, messageId, reason, call } = scope
  return and(
    eq(deliveries.networkId, networkId),
    eq(deliveries.status, 'needs_review'),
    ids && inArray(deliveries.id, [...ids]),
    campaignId === undefined
      ? undefined
      : inArray(
          deliveries.messageId,
          tx
            .select({ id: messages.id })
            .from(messages)
            .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId))),
        ),
    messageId === undefined ? undefined : eq(deliveries.messageId, messageId),
    reason === undefined ? undefined : eq(deliveries.reason, reason),
    call &&
      inArray(
        deliveries.id,
        tx
          .select({ id: attempts.deliveryId })
          .from(attempts)
          .where(
            and(
              eq(attempts.networkId, networkId),
              eq(attempts.deliveryId, deliveries.id),
              eq(attempts.number, deliveries.attempt),
              eq(attempts.worker, call.worker),
              eq(attempts.startedAt, call.startedAt),
            ),
          ),
      ),
  )
}

async function waitingIds(tx: Tx, networkId: string, scope: ReviewScope, after: string): Promise<string[]> {
  const rows = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(underReview(tx, networkId, scope), gt(deliveries.id, after)))
    .orderBy(asc(deliveries.id))
    .limit(pageSize)
  return rows.map((row) => row.id)
}

async function owe(tx: Tx, networkId: string, open: readonly Subject[], now: Date): Promise<void> {
  await tx
    .update(deliveries)
    .set({ status: 'queued', reason: 'resent_by_person', dueAt: now, updatedAt: now })
    .where(and(eq(deliveries.networkId, networkId), isAmong(open)))
}

async function adopt(tx: Tx, networkId: string, open: readonly Subject[], now: Date): Promise<void> {
  const tried = await tx
    .update(attempts)
    .set({ outcome: 'accepted', endedAt: now })
    .where(
      and(
        eq(attempts.networkId, networkId),
        or(
          ...open.map(({ delivery }) =>
            and(eq(attempts.deliveryId, delivery.id), eq(attempts.number, delivery.attempt)),
          ),
        ),
        or(isNull(attempts.outcome), eq(attempts.outcome, 'unknown')),
      ),
    )
    .returning({ deliveryId: attempts.deliveryId, startedAt: attempts.startedAt })
  const startedAt = new Map(tried.map((attempt) => [attempt.deliveryId, attempt.startedAt]))
  const left = open.map((subject) => ({ subject, sentAt: startedAt.get(subject.delivery.id) ?? now }))
  await tx.updateRows(
    deliveries,
    { set: ['status', 'reason', 'sentAt', 'updatedAt'], where: ['networkId', 'id'] },
    left.map(({ subject, sentAt }) => ({
      networkId,
      id: subject.delivery.id,
      status: 'accepted' as const,
      reason: 'adopted_by_person',
      sentAt,
      updatedAt: now,
    })),
  )
  for (const { subject, sentAt } of left) {
    await followUp(tx, { networkId, subject, recordedAt: now }, sentAt)
    await countSent(tx, { networkId, subject })
  }
}

const isAmong = (open: readonly Subject[]) =>
  inArray(
    deliveries.id,
    open.map(({ delivery }) => delivery.id),
  )
