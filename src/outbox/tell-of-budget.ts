import { and, eq, sum } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { spends } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'

/** From this part of the day's budget on, those in charge are told. */
const warnedFrom = 0.8

/**
 * Says once a day that most of the budget is spent, and once that all of it is: from then on nothing that costs is
 * decided that day. In the transaction of what was spent.
 */
export async function tellOfBudget(tx: Tx, network: Network, currency: string, day: string, now: Date): Promise<void> {
  const limit = network.settings.dailyBudget?.millis
  if (limit === undefined || limit === 0) return
  const [row] = await tx
    .select({ spent: sum(spends.costMillis) })
    .from(spends)
    .where(and(eq(spends.networkId, network.id), eq(spends.day, day), eq(spends.currency, currency)))
  const share = Number(row?.spent ?? 0) / limit
  if (share < warnedFrom) return
  const kind = share >= 1 ? ('budget_spent' as const) : ('budget_nearly_spent' as const)
  await notify(tx, {
    networkId: network.id,
    userId: null,
    kind,
    params: { share: Math.min(share, 1) },
    href: `/console/settings/caps?network=${encodeURIComponent(network.name)}`,
    dedupeKey: `${kind}:${day}`,
    at: now,
  })
}
