import { and, eq, inArray, isNull, lt } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, campaignWords, messages, timers } from '../db/schema.ts'
import { stopListening } from '../sequence/watch.ts'
import { schedule, type Timer } from '../timer/timers.ts'
import type { CampaignStatus } from '../words.ts'

/**
 * Holds a launch back until `until` (business time): none of its steps begins before, and the worker lets it run
 * then. In the transaction of the launch, after its steps were written.
 */
export async function holdLaunch(
  tx: Tx,
  networkId: string,
  campaignId: string,
  messageIds: readonly string[],
  until: Date,
  now: Date,
): Promise<void> {
  if (messageIds.length > 0)
    await tx
      .update(timers)
      .set({ dueAt: until })
      .where(
        and(
          eq(timers.networkId, networkId),
          eq(timers.kind, 'step'),
          inArray(timers.subject, [...messageIds]),
          isNull(timers.firedAt),
          lt(timers.dueAt, until),
        ),
      )
  // One for each launch: what was undone may be launched again.
  const occurrence = until.toISOString()
  await schedule(tx, networkId, [{ kind: 'launch', subject: campaignId, occurrence, dueAt: until }], now)
}

/** The time to undo is over: the campaign runs, unless somebody has taken it back or stopped it. */
export async function releaseLaunch(tx: Tx, network: Network, { subject }: Pick<Timer, 'subject'>): Promise<void> {
  await tx
    .update(campaigns)
    .set({ status: 'running', heldUntil: null })
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, subject), eq(campaigns.status, 'scheduled')))
}

/** It is too late: the campaign has begun, or it never was held. */
export class UndoRefused extends Error {
  override name = 'UndoRefused'
  readonly code: 'unknown' | 'begun'
  readonly status: CampaignStatus | undefined

  constructor(code: UndoRefused['code'], message: string, status?: CampaignStatus) {
    super(message)
    this.code = code
    this.status = status
  }
}

/**
 * Takes a launch back while it is held: the campaign is a draft again, with nothing decided and nothing sent. Whether
 * this or the worker comes first is settled by the campaign's own row: exactly one of them wins. Undoing twice is
 * undoing once. Throws UndoRefused.
 */
export async function undoLaunch(
  { db, wall }: Context,
  network: Network,
  { campaignId, actor }: { campaignId: string; actor: string },
  now: Date,
): Promise<{ isNew: boolean }> {
  return db.transaction(async (tx) => {
    const isThis = and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId))
    const own = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId)))
    // Waits before the campaign, as the worker takes them: on PostgreSQL neither then waits for the other in a circle.
    await tx
      .update(timers)
      .set({ firedAt: now })
      .where(
        and(
          eq(timers.networkId, network.id),
          inArray(timers.kind, ['launch', 'step']),
          inArray(timers.subject, [campaignId, ...own.map((row) => row.id)]),
          isNull(timers.firedAt),
        ),
      )
    const [undone] = await tx
      .update(campaigns)
      .set({ status: 'draft', heldUntil: null, launchedAt: null })
      .where(and(isThis, eq(campaigns.status, 'scheduled')))
      .returning({ name: campaigns.name })
    if (!undone) {
      const [row] = await tx.select({ status: campaigns.status, name: campaigns.name }).from(campaigns).where(isThis)
      // A throw undoes what was done to the waits.
      if (!row) throw new UndoRefused('unknown', `There is no campaign ${campaignId} in ${network.name}.`)
      if (row.status !== 'draft')
        throw new UndoRefused(
          'begun',
          `Campaign ${row.name} is ${row.status}: it can no longer be taken back. Pause or cancel it.`,
          row.status,
        )
      return { isNew: false }
    }
    await stopListening(tx, network.id, campaignId)
    await tx.delete(messages).where(and(eq(messages.networkId, network.id), eq(messages.campaignId, campaignId)))
    await tx
      .delete(campaignWords)
      .where(and(eq(campaignWords.networkId, network.id), eq(campaignWords.campaignId, campaignId)))
    await tx
      .update(campaignVersions)
      .set({ definition: {} })
      .where(and(eq(campaignVersions.networkId, network.id), eq(campaignVersions.campaignId, campaignId)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'campaign.undo',
      subject: campaignId,
      data: { name: undone.name },
      at: wall.now(),
    })
    return { isNew: true }
  })
}
