/** A recurring step goes on: each occurrence brings the next one with it, in the transaction that starts it. */
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, messages, stepRuns } from '../db/schema.ts'
import type { CampaignDefinition } from './definition.ts'
import { writeComing } from './message-rows.ts'
import { firstMoment, placesOf } from './moments.ts'
import { isRecurring, nextOccurrence, onlyOccurrence } from './occurrences.ts'

/** What is to become of an occurrence that is due. */
export type Turn = 'goes' | 'skipped' | 'canceled'

interface DueOccurrence {
  messageId: string
  campaignId: string
  step: string
  occurrence: string
}

/**
 * Writes down the occurrence after one that is due, so that a crash loses none and a repeat doubles none, by the
 * campaign's version of now. An occurrence that comes when the next is due as well (after a pause, or a machine that
 * was off) is skipped, as are earlier ones that nobody has been decided for: people get the latest only.
 */
export async function continueSeries(
  tx: Tx,
  network: Network,
  { messageId, campaignId, step: name, occurrence }: DueOccurrence,
  now: Date,
): Promise<Turn> {
  const current = await currentVersion(tx, network.id, campaignId)
  if (!current || current.status === 'canceled' || current.status === 'finished') return 'canceled'
  const { campaign, version, launchedAt } = current
  const position = campaign.steps.findIndex((step) => step.name === name)
  const step = campaign.steps[position]
  // An edit took the step out, or made it come once: the series ends with this one.
  if (!step || !isRecurring(step)) return 'goes'
  await skipUnbegun(tx, network.id, { messageId, campaignId, step: name }, now)
  const after = occurrence === onlyOccurrence ? undefined : occurrence
  const next = nextOccurrence(campaign, step, network, launchedAt ?? now, after)
  if (next === undefined) return 'goes'
  const dueAt = firstMoment(campaign, step, await placesOf(tx, network.id), network, launchedAt ?? now, next)
  if (!dueAt) return 'goes'
  await writeComing(tx, network, { campaignId, campaign, version }, [{ step, position, occurrence: next, dueAt }], now)
  return dueAt <= now ? 'skipped' : 'goes'
}

/** The campaign as it stands: its newest version. */
export async function currentVersion(tx: Tx, networkId: string, campaignId: string) {
  const [row] = await tx
    .select({ campaign: campaigns, definition: campaignVersions.definition })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
  return (
    row && {
      campaign: row.definition as CampaignDefinition,
      version: row.campaign.version,
      status: row.campaign.status,
      launchedAt: row.campaign.launchedAt,
    }
  )
}

/** Earlier occurrences that wait in a paused campaign give way; one that has begun is finished for everybody. */
async function skipUnbegun(
  tx: Tx,
  networkId: string,
  { messageId, campaignId, step }: Omit<DueOccurrence, 'occurrence'>,
  now: Date,
): Promise<void> {
  const earlier = await tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        eq(messages.step, step),
        ne(messages.id, messageId),
        eq(stepRuns.status, 'running'),
        eq(stepRuns.cursor, ''),
      ),
    )
  if (earlier.length === 0) return
  await tx
    .update(stepRuns)
    .set({ status: 'skipped', finishedAt: now })
    .where(
      and(
        eq(stepRuns.networkId, networkId),
        inArray(
          stepRuns.messageId,
          earlier.map((row) => row.id),
        ),
        eq(stepRuns.status, 'running'),
        eq(stepRuns.cursor, ''),
      ),
    )
}
