import { and, asc, eq, gte, inArray, isNotNull } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import {
  arrivals,
  challengeParticipants,
  challengeResults,
  challenges,
  contactDates,
  deliveries,
  deliveryMembers,
  events,
  messages,
} from '../db/schema.ts'
import { factsOf } from '../segment/facts.ts'
import type { ContactFacts } from '../segment/matches.ts'
import type { SegmentRule } from '../segment/rule.ts'
import { actionEvents, type DeliveryStatus, type EventType } from '../words.ts'
import { type Condition, conditionsWithin } from './condition.ts'
import { reportedName } from './reported.ts'

/** Something somebody did, of what conditions may ask again when a step is due. */
export interface Act {
  type: EventType
  at: Date
  /** The step of this campaign it is about. */
  step?: string
  /** The name of what a program told. */
  name?: string
  text?: string
  data: Record<string, unknown>
}

/** What became of a step for somebody: when it left, and whether it may yet. */
export interface Reach {
  leftAt?: Date
  mayLeave: boolean
}

/** What conditions ask about one person when they are due. */
export interface PersonFacts {
  acts: readonly Act[]
  /** By step. */
  reached: ReadonlyMap<string, Reach>
  isRegistered: boolean
  hasStarted: boolean
  /** Their day by attribute, as YYYY-MM-DD. */
  days: ReadonlyMap<string, string>
  contact: ContactFacts | undefined
}

interface Asked {
  campaignId: string
  launchedAt: Date
  conditions: readonly Condition[]
  now: Date
}

const people: readonly EventType[] = ['open', ...actionEvents, 'returned', 'reported']
const open: readonly DeliveryStatus[] = ['planned', 'held', 'queued', 'sending', 'unknown', 'needs_review']

/** All that conditions ask about some people, at most a page of them, in a fixed number of queries. */
export async function personFacts(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  { campaignId, launchedAt, conditions, now }: Asked,
): Promise<Map<string, PersonFacts>> {
  const ids = [...new Set(contactIds)]
  const parts = conditions.flatMap((one) => [...conditionsWithin(one)])
  const acts = await actsOf(tx, networkId, campaignId, ids, launchedAt)
  const steps = parts.flatMap((part) => {
    if ('notOpened' in part) return [part.notOpened]
    if ('notActed' in part) return [part.notActed]
    return 'notRegistered' in part ? [part.notRegistered] : []
  })
  const reached = await reachOf(tx, networkId, campaignId, ids, steps)
  const asksChallenge = parts.some((part) => 'registered' in part || 'notRegistered' in part || 'notStarted' in part)
  const { registered, withdrawn, started } = asksChallenge
    ? await participation(tx, networkId, campaignId, ids)
    : { registered: new Set<string>(), withdrawn: new Set<string>(), started: new Set<string>() }
  const days = parts.some((part) => 'date' in part) ? await daysOf(tx, networkId, ids) : undefined
  const rules = parts.flatMap((part): SegmentRule[] => {
    if ('enters' in part) return [{ segment: part.enters }]
    if ('leaves' in part) return [{ segment: part.leaves }]
    return 'all' in part ? part.all.flatMap((one) => ('rule' in one ? [one.rule] : [])) : []
  })
  const contacts = rules.length > 0 ? await factsOf(tx, networkId, ids, { now, campaignId, rules }) : undefined
  return new Map(
    ids.map((id) => {
      const own = acts.get(id) ?? []
      const hasRegistered = registered.has(id) || own.some((act) => act.type === 'register' && act.step !== undefined)
      return [
        id,
        {
          acts: own,
          reached: reached.get(id) ?? new Map(),
          isRegistered: hasRegistered && !withdrawn.has(id),
          hasStarted: started.has(id),
          days: days?.get(id) ?? new Map(),
          contact: contacts?.get(id),
        },
      ]
    }),
  )
}

const isTold = (verdict: string | null) =>
  verdict === null || verdict === 'human_likely' || verdict === 'human_confirmed'

/** What they did since the launch; what a machine did is left out, and what was told of other campaigns’ steps. */
async function actsOf(tx: Tx, networkId: string, campaignId: string, ids: readonly string[], since: Date) {
  const rows = await tx
    .select({
      contactId: events.contactId,
      type: events.type,
      verdict: events.verdict,
      at: events.occurredAt,
      data: events.data,
      step: messages.step,
      campaignId: messages.campaignId,
    })
    .from(events)
    .leftJoin(messages, and(eq(messages.networkId, events.networkId), eq(messages.id, events.messageId)))
    .where(
      and(
        eq(events.networkId, networkId),
        oneOf(events.contactId, [...ids]),
        gte(events.occurredAt, since),
        inArray(events.type, [...people]),
      ),
    )
    .orderBy(asc(events.occurredAt))
  const found = new Map<string, Act[]>()
  for (const row of rows) {
    if (row.contactId === null || !isTold(row.verdict) || row.data.hygiene === true) continue
    const isOurs = row.campaignId === campaignId
    if (!isOurs && row.type !== 'reported') continue
    const name = row.type === 'reported' ? reportedName(row.data) : undefined
    const act: Act = {
      type: row.type,
      at: row.at,
      ...(isOurs && row.step !== null ? { step: row.step } : {}),
      ...(name === undefined ? {} : { name }),
      ...(typeof row.data.text === 'string' ? { text: row.data.text } : {}),
      data: row.data,
    }
    found.set(row.contactId, [...(found.get(row.contactId) ?? []), act])
  }
  return found
}

async function reachOf(
  tx: Tx,
  networkId: string,
  campaignId: string,
  ids: readonly string[],
  steps: readonly string[],
): Promise<Map<string, Map<string, Reach>>> {
  const found = new Map<string, Map<string, Reach>>()
  if (steps.length === 0) return found
  const rows = await tx
    .select({
      contactId: deliveryMembers.contactId,
      step: messages.step,
      status: deliveries.status,
      sentAt: deliveries.sentAt,
    })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(deliveryMembers.networkId, networkId),
        oneOf(deliveryMembers.contactId, [...ids]),
        eq(messages.campaignId, campaignId),
        inArray(messages.step, [...new Set(steps)]),
        eq(deliveries.isCompanion, false),
      ),
    )
  for (const { contactId, step, status, sentAt } of rows) {
    const own = found.get(contactId) ?? new Map<string, Reach>()
    found.set(contactId, own)
    const known = own.get(step) ?? { mayLeave: false }
    const hasLeft = sentAt !== null && !['failed', 'suppressed', 'canceled', 'expired'].includes(status)
    own.set(step, {
      leftAt: hasLeft && (!known.leftAt || sentAt > known.leftAt) ? sentAt : known.leftAt,
      mayLeave: known.mayLeave || open.includes(status),
    })
  }
  return found
}

/** Who takes part in the campaign's challenge, who left it, and who has a result; nobody where there is none. */
export async function participation(tx: Tx, networkId: string, campaignId: string, ids: readonly string[]) {
  const registered = new Set<string>()
  const withdrawn = new Set<string>()
  const started = new Set<string>()
  if (ids.length === 0) return { registered, withdrawn, started }
  const rows = await tx
    .select({
      contactId: challengeParticipants.contactId,
      status: challengeParticipants.status,
      resultId: challengeResults.id,
      result: challengeResults.status,
    })
    .from(challengeParticipants)
    .innerJoin(
      challenges,
      and(
        eq(challenges.networkId, challengeParticipants.networkId),
        eq(challenges.id, challengeParticipants.challengeId),
      ),
    )
    .leftJoin(
      challengeResults,
      and(
        eq(challengeResults.networkId, challengeParticipants.networkId),
        eq(challengeResults.participantId, challengeParticipants.id),
      ),
    )
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        isNotNull(challengeParticipants.contactId),
        oneOf(challengeParticipants.contactId, [...ids]),
        eq(challenges.campaignId, campaignId),
      ),
    )
  for (const { contactId, status, resultId, result } of rows) {
    if (contactId === null) continue
    if (status === 'registered') registered.add(contactId)
    else withdrawn.add(contactId)
    if (resultId !== null && (result === 'validated' || result === 'pending')) started.add(contactId)
  }
  return { registered, withdrawn, started }
}

async function daysOf(tx: Tx, networkId: string, ids: readonly string[]) {
  const rows = await tx
    .select({ contactId: contactDates.contactId, attribute: contactDates.attribute, day: contactDates.day })
    .from(contactDates)
    .where(and(eq(contactDates.networkId, networkId), oneOf(contactDates.contactId, [...ids])))
  const found = new Map<string, Map<string, string>>()
  for (const { contactId, attribute, day } of rows)
    found.set(contactId, (found.get(contactId) ?? new Map()).set(attribute, day))
  return found
}

/** Whether anybody is still on the way to a step of a campaign, or waited for. */
export async function isAwaiting(tx: Tx, networkId: string, messageIds: readonly string[]): Promise<boolean> {
  if (messageIds.length === 0) return false
  const rows = await tx
    .select({ id: arrivals.id })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.messageId, [...messageIds]),
        eq(arrivals.state, 'waiting'),
      ),
    )
    .limit(1)
  return rows.length > 0
}
