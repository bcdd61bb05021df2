import { and, eq, inArray, ne, notInArray, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, messages, stepRuns, watches } from '../db/schema.ts'
import { isAwaiting } from './facts.ts'
import { stopListening } from './watch.ts'

/** What brings people without end; silence follows a step that went to them, and late joiners come while steps are sent. */
const letsIn = or(
  inArray(watches.role, ['entry', 'group']),
  and(eq(watches.role, 'step'), notInArray(watches.kind, ['silent', 'late'])),
)

/** Whether anybody may still come to a campaign, however long nothing happens: it ends only by being closed. */
export async function isOpen(tx: Tx, networkId: string, campaignId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: watches.id })
    .from(watches)
    .where(and(eq(watches.networkId, networkId), eq(watches.campaignId, campaignId), letsIn))
    .limit(1)
  return rows.length > 0
}

/** Whether somebody may still come to a step of a campaign: it is open, or they are on the way. */
export async function mayStillArrive(tx: Tx, networkId: string, campaignId: string): Promise<boolean> {
  if (await isOpen(tx, networkId, campaignId)) return true
  const own = await tx
    .selectDistinct({ id: watches.messageId })
    .from(watches)
    .where(and(eq(watches.networkId, networkId), eq(watches.campaignId, campaignId), ne(watches.messageId, '')))
  return isAwaiting(
    tx,
    networkId,
    own.map((row) => row.id),
  )
}

/** The campaign is over, in the transaction that ends it: nothing is listened for, no step takes anybody. */
export async function endSequence(tx: Tx, networkId: string, campaignId: string, now: Date): Promise<void> {
  await stopListening(tx, networkId, campaignId)
  const own = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
  if (own.length === 0) return
  await tx
    .update(stepRuns)
    .set({ status: 'done', finishedAt: now })
    .where(
      and(
        eq(stepRuns.networkId, networkId),
        inArray(
          stepRuns.messageId,
          own.map((row) => row.id),
        ),
        eq(stepRuns.status, 'watching'),
      ),
    )
}

/**
 * Closes a campaign that is entered, or waits for what may happen for ever: nobody comes in any more, those under way
 * go on to their end, and then it is finished. Returns whether it was open.
 */
export async function closeCampaign(
  { db, wall }: Context,
  network: Network,
  { campaignId, actor }: { campaignId: string; actor: string },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [campaign] = await tx
      .select({ name: campaigns.name, status: campaigns.status })
      .from(campaigns)
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
    if (!campaign || !(await isOpen(tx, network.id, campaignId))) return false
    await tx.delete(watches).where(and(eq(watches.networkId, network.id), eq(watches.campaignId, campaignId), letsIn))
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'campaign.close', subject: campaignId },
      ...{ data: { name: campaign.name }, at: wall.now() },
    })
    return true
  })
}
