import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Scope } from '../accounts/policy.ts'
import { contactsWithin, deliveriesWithin } from '../accounts/scope.ts'
import type { Db } from '../db/index.ts'
import { contacts, decisions, deliveries, events, messages } from '../db/schema.ts'
import { asksOf } from '../tracking/late-hand-over.ts'
import { type ChannelName, channelNames, type DeliveryStatus } from '../words.ts'
import { factsOf, inTrouble, type Measures, measuresOf } from './measures.ts'

/** What a step asks of its readers, beside following a link. */
export type Goal = 'acknowledge' | 'reply'

export interface ChannelResult extends Measures {
  channel: ChannelName
  /** The copy beside another channel: no touch, and not in any sum. */
  isCompanion: boolean
  /** People the step gave this channel first. */
  decided: number
  /** Those who did what was asked; undefined where nothing was. */
  reached?: number
}

export interface Reason {
  code: string
  count: number
}

export interface StepResult {
  messageId: string
  step: string
  dueAt: Date
  goal?: Goal
  /** People looked at. */
  audience: number
  /** People the step had nothing for: the first reason of each. */
  unreachable: Reason[]
  /** People left without on purpose, to compare with. */
  heldOut: number
  channels: ChannelResult[]
  /** Deliveries that reached nobody, or of which nobody knows. */
  failures: (Reason & { channel: ChannelName; status: DeliveryStatus })[]
  /** Opens and clicks of those who are only counted together: how often, not how many people; machines are among them. */
  together: { opens: number; clicks: number }
}

export interface Asked {
  networkId: string
  campaignId: string
  currency: string
  /** How much of the network the reader may see. */
  scope: Scope
}

/** The steps of a campaign, in order. */
export const stepsOf = (db: Db, { networkId, campaignId }: Pick<Asked, 'networkId' | 'campaignId'>) =>
  db
    .select({
      id: messages.id,
      step: messages.step,
      occurrence: messages.occurrence,
      dueAt: messages.dueAt,
      definition: messages.definition,
    })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(asc(messages.position), asc(messages.dueAt))

/** The act a step asks for; acknowledging comes before answering, since an answer may acknowledge. */
function goalOf(definition: unknown): Goal | undefined {
  const { asksAcknowledgement, asksReply } = asksOf(definition)
  return asksAcknowledgement ? 'acknowledge' : asksReply ? 'reply' : undefined
}

/**
 * What came of each step of a campaign on each channel, within a scope. Six grouped queries whatever its size, each
 * served by an index that begins with the message; the cost grows with what the campaign sent, not with the network.
 */
export async function campaignFunnel(db: Db, asked: Asked): Promise<StepResult[]> {
  const steps = await stepsOf(db, asked)
  if (steps.length === 0) return []
  const ids = steps.map(({ id }) => id)
  const delivered = await channelResults(db, asked, ids)
  const decided = await decidedBy(db, asked, ids)
  const leftOut = await leftOutBy(db, asked, ids)
  const failures = await failuresOf(db, asked, ids)
  const together = asked.scope.of === 'network' ? await countedTogether(db, asked.networkId, ids) : new Map()
  return steps.map(({ id, step, dueAt, definition }) => {
    const goal = goalOf(definition)
    const mine = decided.filter((row) => row.messageId === id)
    const none = leftOut.filter((row) => row.messageId === id)
    const channels = delivered.filter((row) => row.messageId === id)
    return {
      messageId: id,
      step,
      dueAt,
      goal,
      audience: mine.reduce((sum, row) => sum + row.people, 0),
      unreachable: byReason(none.filter((row) => row.outcome === 'none')),
      heldOut: none.filter((row) => row.outcome === 'holdout').reduce((sum, row) => sum + row.people, 0),
      channels: channels
        .map(({ messageId: _, ...row }) => ({
          ...row,
          decided: row.isCompanion
            ? 0
            : mine
                .filter(
                  ({ outcome, channel }) => channel === row.channel && (outcome === 'send' || outcome === 'defer'),
                )
                .reduce((sum, { people }) => sum + people, 0),
          reached: goal === 'acknowledge' ? row.acknowledged : goal === 'reply' ? row.replied : undefined,
        }))
        .sort(
          (a, b) =>
            Number(a.isCompanion) - Number(b.isCompanion) ||
            channelNames.indexOf(a.channel) - channelNames.indexOf(b.channel),
        ),
      failures: failures
        .filter((row) => row.messageId === id)
        .map(({ messageId: _, ...row }) => row)
        .sort((a, b) => b.count - a.count),
      together: together.get(id) ?? { opens: 0, clicks: 0 },
    }
  })
}

async function channelResults(db: Db, { networkId, currency, scope }: Asked, ids: string[]) {
  const facts = factsOf(db, networkId, ids, deliveriesWithin(db, scope, networkId))
  const rows = await db
    .select({
      messageId: facts.messageId,
      channel: facts.channel,
      isCompanion: facts.isCompanion,
      ...measuresOf(facts, currency),
    })
    .from(facts)
    .groupBy(facts.messageId, facts.channel, facts.isCompanion)
  return rows.map((row) => ({ ...row, isCompanion: Number(row.isCompanion) === 1 }))
}

/** What the step decided of each first: another channel's turn afterwards makes nobody two people. */
const firstDecisions = (networkId: string, ids: string[]) =>
  and(
    eq(decisions.networkId, networkId),
    inArray(decisions.messageId, ids),
    eq(decisions.occurrence, messages.occurrence),
  )
const ofMessage = and(eq(messages.networkId, decisions.networkId), eq(messages.id, decisions.messageId))
const ofContact = and(eq(contacts.networkId, decisions.networkId), eq(contacts.id, decisions.contactId))

async function decidedBy(db: Db, { networkId, scope }: Asked, ids: string[]) {
  const query = db
    .select({
      messageId: decisions.messageId,
      outcome: decisions.outcome,
      channel: decisions.channel,
      people: count(),
    })
    .from(decisions)
    .innerJoin(messages, ofMessage)
    .$dynamic()
  const within = contactsWithin(db, scope)
  if (within) query.innerJoin(contacts, ofContact)
  return query
    .where(and(firstDecisions(networkId, ids), within))
    .groupBy(decisions.messageId, decisions.outcome, decisions.channel)
}

async function leftOutBy(db: Db, { networkId, scope }: Asked, ids: string[]) {
  const query = db
    .select({
      messageId: decisions.messageId,
      outcome: decisions.outcome,
      because: decisions.because,
      people: count(),
    })
    .from(decisions)
    .innerJoin(messages, ofMessage)
    .$dynamic()
  const within = contactsWithin(db, scope)
  if (within) query.innerJoin(contacts, ofContact)
  return query
    .where(and(firstDecisions(networkId, ids), inArray(decisions.outcome, ['none', 'holdout']), within))
    .groupBy(decisions.messageId, decisions.outcome, decisions.because)
}

/** That nobody could be reached is what all of these have in common: why comes after it. */
function byReason(rows: { because: { code: string }[]; people: number }[]): Reason[] {
  const reasons = new Map<string, number>()
  for (const { because, people } of rows) {
    const code = because.find((reason) => reason.code !== 'unreachable')?.code ?? because[0]?.code ?? 'unreachable'
    reasons.set(code, (reasons.get(code) ?? 0) + people)
  }
  return [...reasons].map(([code, times]) => ({ code, count: times })).sort((a, b) => b.count - a.count)
}

async function failuresOf(db: Db, { networkId, scope }: Asked, ids: string[]) {
  const rows = await db
    .select({
      messageId: deliveries.messageId,
      channel: deliveries.channel,
      status: deliveries.status,
      reason: deliveries.reason,
      count: count(),
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.messageId, ids),
        inArray(deliveries.status, [...inTrouble]),
        eq(deliveries.isCompanion, false),
        deliveriesWithin(db, scope, networkId),
      ),
    )
    .groupBy(deliveries.messageId, deliveries.channel, deliveries.status, deliveries.reason)
  return rows.map(({ reason, ...row }) => ({ ...row, code: reason ?? row.status }))
}

/** The counters of messages, which know nobody: a row a day and link. */
async function countedTogether(db: Db, networkId: string, ids: string[]) {
  const rows = await db
    .select({ messageId: events.messageId, type: events.type, data: events.data })
    .from(events)
    .where(
      and(
        eq(events.networkId, networkId),
        inArray(events.messageId, ids),
        inArray(events.type, ['open', 'click', 'scan']),
        isNull(events.deliveryId),
      ),
    )
  const sums = new Map<string, { opens: number; clicks: number }>()
  for (const { messageId, type, data } of rows) {
    if (messageId === null || typeof data.count !== 'number') continue
    const sum = sums.get(messageId) ?? { opens: 0, clicks: 0 }
    if (type === 'open') sum.opens += data.count
    else sum.clicks += data.count
    sums.set(messageId, sum)
  }
  return sums
}
