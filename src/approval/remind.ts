import { and, eq } from 'drizzle-orm'
import { localise } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { approvals, campaigns } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'
import type { Timer } from '../timer/timers.ts'
import { votesOf } from './approve.ts'
import { approversOf } from './approvers.ts'
import { launchRulesOf } from './rules.ts'

/**
 * The deadline of an approval is near, or reached: who has not said anything is told, and at the deadline whoever asked
 * as well. Nothing else happens: what nobody approved is not launched.
 */
export async function remindApprovers(tx: Tx, { wall }: Context, network: Network, timer: Timer): Promise<void> {
  const [row] = await tx
    .select({ approval: approvals, title: campaigns.title })
    .from(approvals)
    .innerJoin(campaigns, and(eq(campaigns.networkId, approvals.networkId), eq(campaigns.id, approvals.campaignId)))
    .where(and(eq(approvals.networkId, network.id), eq(approvals.id, timer.subject), eq(approvals.status, 'asked')))
  if (!row) return
  const { approval } = row
  const said = new Set((await votesOf(tx, network.id, approval.id)).map((one) => one.userId))
  const waiting = (await approversOf(tx, network.id, launchRulesOf(network.settings))).filter((id) => !said.has(id))
  const told = timer.occurrence === 'late' ? [...waiting, approval.askedBy] : waiting
  for (const userId of new Set(told))
    await notify(tx, {
      networkId: network.id,
      userId,
      kind: 'approval_due',
      params: { campaign: localise(row.title, network.language) },
      href: `/console/campaigns/${approval.campaignId}/approval`,
      dedupeKey: `approval_due:${approval.id}:${timer.occurrence}`,
      at: wall.now(),
    })
}
