import { and, countDistinct, eq, gte, inArray, sql } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import { launchRulesOf } from '../approval/rules.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, networks } from '../db/schema.ts'
import type { MessageClass } from '../words.ts'
import { LaunchRefused } from './launch-refused.ts'

/** The sender has launched as many urgent notices this month as the network allows one of them. */
export class UrgentQuotaReached extends LaunchRefused {
  override name = 'UrgentQuotaReached'
  readonly code = 'urgent.quota'
}

/**
 * What is urgent passes hours and caps, and is limited here instead: so many in a calendar month of the network’s zone
 * for each who launches. The network’s row is held, so that two presses count one after the other. In a sandbox nothing
 * reaches anybody, and rehearsing is free. Throws UrgentQuotaReached.
 */
export async function holdToUrgentQuota(
  tx: Tx,
  network: Network,
  campaign: { class: MessageClass },
  actor: string,
  now: Date,
): Promise<void> {
  if (campaign.class !== 'urgent_service' || network.mode === 'sandbox') return
  await tx
    .update(networks)
    .set({ name: sql`${networks.name}` })
    .where(eq(networks.id, network.id))
  const most = launchRulesOf(network.settings).urgentPerMonth
  const launched = await urgentLaunchedBy(tx, network, actor, now)
  if (launched >= most)
    throw new UrgentQuotaReached(
      `${launched} urgent notices were launched by the same sender in ${network.name} this month, and ${most} are allowed: send it as contractual or relational, have a colleague launch it, or raise the limit under Settings, Launching.`,
    )
}

const startOfMonth = (now: Date, timezone: string): Date =>
  new Date(
    Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).with({ day: 1 }).startOfDay()
      .epochMilliseconds,
  )

/** How many urgent notices somebody has launched this month, canceled ones among them. */
export async function urgentLaunchedBy(tx: Tx, network: Network, actor: string, now: Date): Promise<number> {
  const [row] = await tx
    .select({ launched: countDistinct(campaigns.id) })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        // The version a launch fixes is of the moment of the launch, by who launched; those of drafts and edits are not.
        eq(campaignVersions.createdAt, campaigns.launchedAt),
      ),
    )
    .where(
      and(
        eq(campaigns.networkId, network.id),
        eq(campaigns.class, 'urgent_service'),
        inArray(campaigns.status, ['scheduled', 'running', 'paused', 'finished', 'canceled']),
        gte(campaigns.launchedAt, startOfMonth(now, network.timezone)),
        eq(campaignVersions.createdBy, actor),
      ),
    )
  return row?.launched ?? 0
}
