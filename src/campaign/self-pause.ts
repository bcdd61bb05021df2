import { and, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import type { StopFigures } from '../db/schema/campaign.ts'
import { campaigns, networks } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'
import { countsOf } from './counts.ts'
import { localise } from './definition.ts'
import { passed, thresholdsOf } from './stop-thresholds.ts'

/** Why a campaign stands still, by the code kept with it. */
export const stopReason = (kind: StopFigures['kind']): string => `stopped_${kind}`

/**
 * Pauses a running campaign whose counts have passed a threshold of its network, in the transaction of the word that
 * passed it: its figures stay with it, whoever it belongs to is told, the trail says that Relais did it. Returns the
 * figures, or undefined while all is well. `at` is wall time.
 */
export async function pauseAbove(
  tx: Tx,
  networkId: string,
  campaignId: string,
  at: Date,
): Promise<StopFigures | undefined> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return undefined
  const thresholds = thresholdsOf(network.settings)
  const figures = (await countsOf(tx, networkId, campaignId))
    .map((counts): StopFigures | undefined => {
      const kind = passed(counts, thresholds)
      return (
        kind && {
          kind,
          channel: counts.channel,
          bad: counts[kind],
          sent: counts.sent,
          rate: thresholds[kind].rate,
        }
      )
    })
    .find((found) => found !== undefined)
  if (!figures) return undefined
  const { kind, channel, bad, sent, rate } = figures
  const [paused] = await tx
    .update(campaigns)
    .set({ status: 'paused', statusReason: stopReason(kind), statusFigures: figures })
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId), eq(campaigns.status, 'running')))
    .returning()
  if (!paused) return undefined
  await notify(tx, {
    networkId,
    userId: paused.ownerId,
    kind: `campaign_${kind}`,
    params: { campaign: localise(paused.title, network.language), bad, sent, share: bad / sent, limit: rate },
    href: `/console/campaigns/${campaignId}`,
    dedupeKey: `campaign_${kind}:${campaignId}:${at.toISOString()}`,
    at,
  })
  await audit(tx, {
    networkId,
    actor: 'relais',
    action: 'campaign.pause',
    subject: campaignId,
    data: { name: paused.name, reason: stopReason(kind), channel, bad, sent, limit: rate },
    at,
  })
  return figures
}
