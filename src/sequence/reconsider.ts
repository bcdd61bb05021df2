import { and, eq } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { arrivals, messages } from '../db/schema.ts'
import { factsOf } from '../segment/facts.ts'
import { matches } from '../segment/matches.ts'
import type { SegmentRule } from '../segment/rule.ts'
import { roundsUnderWay } from './arrive.ts'
import { inAudience } from './audience.ts'
import { branchTo } from './branch.ts'
import { networkOf } from './calendar.ts'
import { catchUp } from './catch-up.ts'
import { keepDates } from './dates.ts'
import { personFacts } from './facts.ts'
import { type Heard, hear } from './hear.ts'
import { isMet } from './holds.ts'
import { leave, leftAmong } from './leave.ts'
import { type Listening, listeningFor } from './watch.ts'

/** Who joined and left which segment. */
export interface SegmentMove {
  segment: string
  contactId: string
  kind: 'enters' | 'leaves'
}

/**
 * What follows for campaigns when the standing of some people was looked at again, in that transaction: who entered or
 * left a segment is heard, who has reached a goal leaves, who did what was waited for goes on. At most a page of them;
 * where no campaign listens it costs four looks into an index.
 */
export async function reconsider(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  moves: readonly SegmentMove[],
  now: Date,
): Promise<void> {
  await keepDates(tx, networkId, contactIds)
  await endWaits(tx, networkId, contactIds, now)
  await letOut(tx, networkId, contactIds, now)
  await catchUp(tx, networkId, contactIds, now)
  const moment = now.toISOString()
  await hear(
    tx,
    networkId,
    moves.map(
      ({ segment, contactId, kind }): Heard => ({
        ...{ kind, contactId, name: segment, at: now, key: `${kind}:${segment}:${moment}` },
      }),
    ),
    now,
  )
}

/** Who has opened, acted or registered is waited for no longer: what they did is judged first, since machines open too. */
async function endWaits(tx: Tx, networkId: string, contactIds: readonly string[], now: Date): Promise<void> {
  const watches = await listeningFor(tx, networkId, ['opened', 'acted', 'registered'])
  for (const watch of watches.filter((one) => one.role === 'wait'))
    await endWaitsOf(tx, networkId, watch, contactIds, now)
}

async function endWaitsOf(tx: Tx, networkId: string, watch: Listening, ids: readonly string[], now: Date) {
  const { campaign, campaignId, messageId, launchedAt } = watch
  const waiting = await tx
    .select()
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        oneOf(arrivals.contactId, [...ids]),
        eq(arrivals.messageId, messageId),
        eq(arrivals.kind, 'wait'),
        eq(arrivals.state, 'waiting'),
      ),
    )
  if (waiting.length === 0) return
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const step = campaign.steps.find((one) => one.name === message?.step)
  const waitFor = step?.waitFor
  if (!step || !waitFor) return
  const asked = { campaignId, launchedAt, conditions: waitFor.registered ? [{ registered: true as const }] : [], now }
  const facts = await personFacts(
    tx,
    networkId,
    waiting.map((one) => one.contactId),
    asked,
  )
  const cause = { code: 'done_in_time', params: { step: step.name } }
  const met = waiting
    .filter((one) => isMet(waitFor, step.name, { facts: facts.get(one.contactId)!, since: one.causeAt }))
    .map((wait) => ({ wait, at: now, cause }))
  await branchTo(tx, networkId, { campaign, step, branch: 'then' }, met, now)
}

/** Who has reached a campaign’s goal gets nothing more of it. */
async function letOut(tx: Tx, networkId: string, contactIds: readonly string[], now: Date): Promise<void> {
  for (const { campaign, campaignId, role } of await listeningFor(tx, networkId, ['goal'])) {
    if (role !== 'exit' || !campaign.exit) continue
    const rule = campaign.exit.when as SegmentRule
    const within = await whoMayLeave(tx, networkId, campaign, campaignId, contactIds, now)
    if (within.length === 0) continue
    const facts = await factsOf(tx, networkId, within, { now, campaignId, rules: [rule] })
    const reached = within.filter((id) => facts.has(id) && matches(rule, facts.get(id)!))
    if (reached.length === 0) continue
    const isEntered = campaign.entry !== undefined
    const network = await networkOf(tx, networkId)
    await leave(tx, network, { campaignId, contactIds: reached, cause: { code: 'goal' }, isEntered }, now)
  }
}

async function whoMayLeave(
  tx: Tx,
  networkId: string,
  campaign: CampaignDefinition,
  campaignId: string,
  contactIds: readonly string[],
  now: Date,
): Promise<string[]> {
  if (campaign.entry !== undefined) return [...(await roundsUnderWay(tx, networkId, campaignId, contactIds)).keys()]
  const left = await leftAmong(tx, networkId, campaignId, contactIds)
  const staying = contactIds.filter((id) => !left.has(id))
  return inAudience(tx, { id: networkId }, campaign, staying, now)
}
