import { and, eq, inArray } from 'drizzle-orm'
import { callOff } from '../campaign/cancel-job.ts'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import type { Cause } from '../db/schema/sequence.ts'
import { arrivals, deliveries, journeys, messages, tasks } from '../db/schema.ts'

/** Why a delivery does not leave: its recipient has reached the goal of the campaign. */
export const leftReason = 'left_campaign'

/** Deliveries called off together. */
const pageSize = 100

interface Leaving {
  campaignId: string
  contactIds: readonly string[]
  cause: Cause
  /** Nobody enters the campaign: that they left is all that is kept of them. */
  isEntered?: boolean
}

/**
 * Takes people out of a campaign, in the transaction of what made them leave: they are on the way to no step any more,
 * their tasks are called off, and what has not left is called back. What covers colleagues as well leaves for these.
 * Returns who left now. Throws PressureMoved.
 */
export async function leave(
  tx: Tx,
  network: Network,
  { campaignId, contactIds, cause, isEntered = true }: Leaving,
  now: Date,
): Promise<string[]> {
  const networkId = network.id
  const ids = [...new Set(contactIds)].sort()
  if (ids.length === 0) return []
  const gone = { state: 'left' as const, leftAt: now, leftFor: cause }
  const left = isEntered
    ? await tx
        .update(journeys)
        .set(gone)
        .where(
          and(
            eq(journeys.networkId, networkId),
            eq(journeys.campaignId, campaignId),
            inArray(journeys.contactId, ids),
            eq(journeys.state, 'under_way'),
          ),
        )
        .returning({ id: journeys.contactId })
    : await tx
        .insert(journeys)
        .values(
          ids.map((contactId) => ({
            ...{ networkId, campaignId, contactId, round: 0, causeKey: 'left', cause, data: {} },
            ...{ ...gone, enteredAt: now, createdAt: now },
          })),
        )
        .onConflictDoNothing()
        .returning({ id: journeys.contactId })
  const who = [...new Set(left.map((row) => row.id))]
  if (who.length === 0) return []
  await tx
    .update(arrivals)
    .set({ state: 'left', reason: cause.code, settledAt: now })
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.contactId, who),
        eq(arrivals.campaignId, campaignId),
        eq(arrivals.state, 'waiting'),
      ),
    )
  await tx
    .update(tasks)
    .set({ status: 'canceled', doneAt: now })
    .where(
      and(
        eq(tasks.networkId, networkId),
        inArray(tasks.contactId, who),
        eq(tasks.campaignId, campaignId),
        eq(tasks.status, 'open'),
      ),
    )
  await callBack(tx, network, campaignId, who, now)
  return who
}

/** What is theirs alone and has not left does not leave any more. */
async function callBack(tx: Tx, network: Network, campaignId: string, contactIds: readonly string[], now: Date) {
  const rows = await tx
    .select({
      id: deliveries.id,
      messageId: deliveries.messageId,
      recipientKey: deliveries.recipientKey,
      channel: deliveries.channel,
      status: deliveries.status,
      isCompanion: deliveries.isCompanion,
    })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(deliveries.networkId, network.id),
        oneOf(
          deliveries.recipientKey,
          contactIds.map((id) => `contact:${id}`),
        ),
        eq(messages.campaignId, campaignId),
        // A letter handed to the print shop's queue is called back until a batch was made of it.
        inArray(deliveries.status, ['planned', 'held', 'queued', 'accepted']),
      ),
    )
  for (let start = 0; start < rows.length; start += pageSize)
    await callOff(tx, network, rows.slice(start, start + pageSize), now, leftReason)
}

/** Which of these contacts have left a campaign, and have not entered it again. */
export async function leftAmong(
  tx: Tx,
  networkId: string,
  campaignId: string,
  contactIds: readonly string[],
): Promise<Set<string>> {
  if (contactIds.length === 0) return new Set()
  const rows = await tx
    .select({ id: journeys.contactId, round: journeys.round, state: journeys.state })
    .from(journeys)
    .where(
      and(
        eq(journeys.networkId, networkId),
        eq(journeys.campaignId, campaignId),
        oneOf(journeys.contactId, [...new Set(contactIds)]),
      ),
    )
  const last = new Map<string, (typeof rows)[number]>()
  for (const row of rows) if ((last.get(row.id)?.round ?? -1) < row.round) last.set(row.id, row)
  return new Set([...last.values()].flatMap((row) => (row.state === 'left' ? [row.id] : [])))
}
