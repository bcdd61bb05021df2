import { and, eq, gt, inArray, notExists, or } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { campaigns, challenges, messages, stepRuns } from '../db/schema.ts'
import { mayStillFallBack, owesAnything } from '../deliver/owed.ts'
import { notify } from '../notification/notify.ts'
import { mayStillRecall } from '../print-shop/recall.ts'
import { endSequence, mayStillArrive } from '../sequence/close.ts'

/**
 * A campaign is finished when every step has run, nothing is owed, no fallback can come any more, no letter of it can be
 * called back, and its challenge takes no more results: until then it can be canceled, and its participants are heard.
 */
export async function finishCampaigns({ db, wall }: Context, network: Network, now: Date): Promise<void> {
  const openRuns = db
    .select({ id: stepRuns.messageId })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .where(
      and(
        eq(stepRuns.networkId, network.id),
        eq(messages.campaignId, campaigns.id),
        or(inArray(stepRuns.status, ['waiting', 'running']), gt(stepRuns.awaiting, 0)),
      ),
    )
  const takingResults = db
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(challenges.networkId, network.id),
        eq(challenges.campaignId, campaigns.id),
        gt(challenges.resultsUntil, now),
      ),
    )
  const isRunning = and(eq(campaigns.networkId, network.id), eq(campaigns.status, 'running'))
  const candidates = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(isRunning, notExists(openRuns), notExists(takingResults)))
  for (const { id } of candidates) {
    if (await owesAnything(db, network.id, id)) continue
    if (await mayStillFallBack(db, network.id, id)) continue
    if (await mayStillArrive(db, network.id, id)) continue
    if (await mayStillRecall(db, network, id, now)) continue
    await db.transaction(async (tx) => {
      const [finished] = await tx
        .update(campaigns)
        .set({ status: 'finished', finishedAt: now })
        .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, id), eq(campaigns.status, 'running')))
        .returning({ title: campaigns.title, name: campaigns.name, ownerId: campaigns.ownerId })
      if (!finished) return
      await endSequence(tx, network.id, id, now)
      await notify(tx, {
        networkId: network.id,
        userId: finished.ownerId,
        kind: 'campaign_finished',
        params: { campaign: finished.title[network.language] ?? finished.name },
        href: `/console/campaigns/${id}`,
        dedupeKey: `finished:${id}`,
        at: wall.now(),
      })
    })
  }
}
