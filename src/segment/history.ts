import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { campaigns, deliveryMembers, events, messages } from '../db/schema.ts'
import { trackingOf } from '../network/consent.ts'
import { actionEvents, type EventType } from '../words.ts'
import type { EventFact } from './matches.ts'
import type { Needs } from './needs.ts'
import type { CampaignState } from './rule.ts'

const columns = {
  type: events.type,
  verdict: events.verdict,
  at: events.occurredAt,
  data: events.data,
  campaignId: messages.campaignId,
  campaign: campaigns.name,
  step: messages.step,
}

/**
 * What contacts did, and what reached them: told of them, or of a delivery that covers them without saying who
 * of them it was (a letter to the site, a counter's screen).
 */
export async function historyOf(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  needs: Needs,
  { now, campaignId }: { now: Date; campaignId?: string },
) {
  const ids = [...contactIds]
  const since = needs.withinMs === undefined ? undefined : new Date(now.getTime() - needs.withinMs)
  // A state of the campaign at hand has no window, an event test may have one.
  const recent =
    since &&
    (campaignId ? or(gt(events.occurredAt, since), eq(messages.campaignId, campaignId)) : gt(events.occurredAt, since))
  const wanted = and(eq(events.networkId, networkId), inArray(events.type, needs.types), recent)
  const ofMessage = and(eq(messages.networkId, events.networkId), eq(messages.id, events.messageId))
  const ofCampaign = and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId))
  const own = await tx
    .select({ ...columns, contactId: events.contactId })
    .from(events)
    .leftJoin(messages, ofMessage)
    .leftJoin(campaigns, ofCampaign)
    .where(and(wanted, oneOf(events.contactId, ids)))
  const shared = await tx
    .select({ ...columns, contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .innerJoin(
      events,
      and(eq(events.networkId, deliveryMembers.networkId), eq(events.deliveryId, deliveryMembers.deliveryId)),
    )
    .leftJoin(messages, ofMessage)
    .leftJoin(campaigns, ofCampaign)
    .where(
      and(
        wanted,
        eq(deliveryMembers.networkId, networkId),
        oneOf(deliveryMembers.contactId, ids),
        isNull(events.contactId),
      ),
    )
  const choices = await trackingOf(tx, networkId, ids)
  const byContact = new Map<string, EventFact[]>()
  const states = new Map<string, Set<CampaignState>>()
  for (const row of [...own, ...shared].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (row.contactId === null || !isTold(row.verdict) || row.data.hygiene === true) continue
    // A refusal of open tracking acts backwards: opens known from before no longer count (CNIL, deliberation 2026-042).
    if (row.type === 'open' && choices.get(row.contactId)?.opens === 'refused') continue
    const fact: EventFact = {
      type: row.type,
      at: row.at,
      campaign: row.campaign ?? undefined,
      step: row.step ?? undefined,
    }
    const theirs = byContact.get(row.contactId)
    if (theirs) theirs.push(fact)
    else byContact.set(row.contactId, [fact])
    if (campaignId && row.campaignId === campaignId) addStates(states, row.contactId, row.type)
  }
  return { events: byContact, states }
}

/** Rules listen to people: what a machine did, or may have done, is kept but not counted. */
const isTold = (verdict: string | null) =>
  verdict === null || verdict === 'human_likely' || verdict === 'human_confirmed'

const acts: readonly EventType[] = actionEvents

/** Acting implies having opened. Started means that more was done after registering: the events come in order of time. */
function addStates(states: Map<string, Set<CampaignState>>, contactId: string, type: EventType): void {
  const own = states.get(contactId) ?? new Set<CampaignState>()
  if (type === 'open') own.add('opened')
  if (acts.includes(type)) {
    if (own.has('registered') && type !== 'register') own.add('started')
    own.add('opened').add('acted')
  }
  if (type === 'register') own.add('registered')
  if (type === 'acknowledge') own.add('acknowledged')
  if (own.size > 0) states.set(contactId, own)
}
