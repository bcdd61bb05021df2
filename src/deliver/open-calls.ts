import { and, eq, gte, inArray, isNotNull, isNull, lt, lte } from 'drizzle-orm'
import type { OutgoingCall } from '../channel.ts'
import type { Context } from '../context.ts'
import { newId, oneOf, type Tx } from '../db/index.ts'
import { deliveries, openCalls } from '../db/schema.ts'
import type { Ready } from './calls.ts'
import type { Outcome } from './outcome.ts'

/** A call nobody could clear up is of no more use: whoever decides about its deliveries has decided. */
const keptMs = 30 * 24 * 3_600_000
/** Business time may be set a little between a claim and its call. */
const aroundMs = 3_600_000

/**
 * Writes down, before they leave together, which deliveries one call carries. A provider takes a call whole or not at
 * all (https://www.twilio.com/docs/sendgrid/api-reference/mail-send: one 202 for all its personalizations), so that
 * after a crash its word on one of them ends the doubt about all. Undefined where one goes alone.
 */
export async function openCall(
  { db }: Context,
  some: readonly Ready[],
  startedAt: Date,
): Promise<OutgoingCall | undefined> {
  const [first] = some
  if (!first || some.length < 2) return undefined
  const { networkId } = first.claimed.delivery
  const id = newId()
  const members = some.map(({ claimed: { delivery } }) => ({ id: delivery.id, attempt: delivery.attempt }))
  await db.insertRows(openCalls, [{ networkId, id, members, startedAt }])
  return { id, size: some.length }
}

/** Forgets the calls of which everything is known, in the transaction that writes it down. */
export async function closeCalls(tx: Tx, networkId: string, settled: readonly Outcome[]): Promise<void> {
  const left = new Map<string, number>()
  for (const { outgoing, receipt } of settled) {
    const call = outgoing?.call
    if (call && (receipt.outcome === 'accepted' || receipt.outcome === 'refused'))
      left.set(call.id, (left.get(call.id) ?? call.size) - 1)
  }
  const known = [...left].flatMap(([id, open]) => (open === 0 ? [id] : []))
  if (known.length > 0)
    await tx.delete(openCalls).where(and(eq(openCalls.networkId, networkId), inArray(openCalls.id, known)))
}

/**
 * A provider speaks of deliveries it was given in these calls: it has taken them whole. Those still in doubt, and those
 * left to a person only because nobody could tell, are asked about at once. `now` is business time.
 */
export async function callsTaken(
  tx: Tx,
  networkId: string,
  calls: ReadonlyMap<string, string | undefined>,
  now: Date,
): Promise<void> {
  const open = await tx
    .select()
    .from(openCalls)
    .where(and(eq(openCalls.networkId, networkId), oneOf(openCalls.id, [...calls.keys()]), isNull(openCalls.takenAt)))
  for (const { id, members } of open) {
    await tx
      .update(openCalls)
      .set({ takenAt: now, providerRef: calls.get(id) ?? null })
      .where(and(eq(openCalls.networkId, networkId), eq(openCalls.id, id), isNull(openCalls.takenAt)))
    const attempts = new Map(members.map((member) => [member.id, member.attempt]))
    const doubtful = await tx
      .select({ id: deliveries.id, attempt: deliveries.attempt, status: deliveries.status, reason: deliveries.reason })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, networkId),
          oneOf(deliveries.id, [...attempts.keys()]),
          inArray(deliveries.status, ['unknown', 'needs_review']),
        ),
      )
    const asked = doubtful.filter(
      (one) => attempts.get(one.id) === one.attempt && (one.status === 'unknown' || one.reason === 'nobody_can_tell'),
    )
    for (const status of ['unknown', 'needs_review'] as const)
      await tx.updateRows(
        deliveries,
        { set: ['status', 'dueAt', 'updatedAt'], where: ['networkId', 'id', 'attempt'], is: { status } },
        asked
          .filter((one) => one.status === status)
          .map((one) => ({
            networkId,
            id: one.id,
            attempt: one.attempt,
            status: 'unknown' as const,
            dueAt: now,
            updatedAt: now,
          })),
      )
  }
}

/** What a provider calls the call that an attempt left in, where it has spoken of another delivery of that call. */
export async function takenWith(
  { db }: Context,
  { networkId, id, attempt }: { networkId: string; id: string; attempt: number },
  began: Date,
): Promise<{ ref: string } | undefined> {
  const taken = await db
    .select({ id: openCalls.id, members: openCalls.members, providerRef: openCalls.providerRef })
    .from(openCalls)
    .where(
      and(
        eq(openCalls.networkId, networkId),
        isNotNull(openCalls.takenAt),
        gte(openCalls.startedAt, new Date(began.getTime() - aroundMs)),
        lte(openCalls.startedAt, new Date(began.getTime() + aroundMs)),
      ),
    )
  const call = taken.find(({ members }) => members.some((member) => member.id === id && member.attempt === attempt))
  // One name for all of a call; its own delivery's behind it, so that a name never means two of them.
  return call && { ref: `${call.providerRef ?? call.id}.${id}` }
}

/** Forgets calls so old that nothing more is asked about them. `now` is business time. */
export const forgetCalls = async (tx: Tx, networkId: string, now: Date): Promise<void> =>
  void (await tx
    .delete(openCalls)
    .where(and(eq(openCalls.networkId, networkId), lt(openCalls.startedAt, new Date(now.getTime() - keptMs)))))
