import { and, eq, inArray } from 'drizzle-orm'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import type { Tx } from '../db/index.ts'
import type { Cause } from '../db/schema/sequence.ts'
import { arrivals } from '../db/schema.ts'
import { type Arrival, arrive } from './arrive.ts'
import { watchingMessage } from './bring.ts'
import { networkOf } from './calendar.ts'
import { exitBranch } from './checks.ts'
import { leave } from './leave.ts'

interface Branching {
  campaign: CampaignDefinition
  step: StepDefinition
  branch: 'then' | 'else'
}

/** A wait that is over, by what was waited for or by its time. */
export interface EndedWait {
  wait: Pick<Arrival, 'id' | 'campaignId' | 'contactId' | 'occurrence' | 'data'>
  at: Date
  cause: Cause
  data?: Record<string, unknown>
}

/**
 * Ends waits, each once whoever comes first, and brings the people to where that leads: a step, the way out, or
 * nowhere. Throws PressureMoved where somebody goes out.
 */
export async function branchTo(
  tx: Tx,
  networkId: string,
  { campaign, step, branch }: Branching,
  ended: readonly EndedWait[],
  now: Date,
): Promise<void> {
  if (ended.length === 0) return
  const settled = await tx
    .update(arrivals)
    .set({ state: branch === 'then' ? 'met' : 'timed_out', settledAt: now })
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(
          arrivals.id,
          ended.map(({ wait }) => wait.id),
        ),
        eq(arrivals.state, 'waiting'),
      ),
    )
    .returning({ id: arrivals.id })
  const mine = new Set(settled.map((row) => row.id))
  const going = ended.filter(({ wait }) => mine.has(wait.id))
  const to = step.waitFor?.[branch]
  if (to === undefined || going.length === 0) return
  const { campaignId } = going[0]!.wait
  if (to === exitBranch) {
    const contactIds = going.map(({ wait }) => wait.contactId)
    const cause: Cause = { code: 'branch', params: { step: step.name } }
    const network = await networkOf(tx, networkId)
    await leave(tx, network, { campaignId, contactIds, cause, isEntered: campaign.entry !== undefined }, now)
    return
  }
  const messageId = (await watchingMessage(tx, networkId, campaignId, [to])).get(to)
  if (messageId === undefined) return
  await arrive(
    tx,
    networkId,
    going.map(({ wait, at, cause, data }) => ({
      ...{ campaignId, messageId, contactId: wait.contactId, kind: 'step', occurrence: wait.occurrence },
      ...{ dueAt: at, causeAt: at, cause, data: { ...wait.data, ...data } },
    })),
    now,
  )
}
