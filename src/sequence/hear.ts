import { and, eq, inArray } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import type { Cause, WatchKind } from '../db/schema/sequence.ts'
import { arrivals, messages } from '../db/schema.ts'
import { branchTo } from './branch.ts'
import { bring } from './bring.ts'
import { networkOf } from './calendar.ts'
import { type Condition, causesOf, type EventCondition } from './condition.ts'
import { enter } from './enter.ts'
import { leave } from './leave.ts'
import { dataHolds, saysSo } from './said.ts'
import { type Listening, listeningFor } from './watch.ts'
import { personConditionOf } from './ways.ts'

/** Something that happened to one person, as conditions may wait for it. */
export interface Heard {
  kind: Extract<WatchKind, 'event' | 'registered' | 'replied' | 'returned' | 'enters' | 'leaves'>
  contactId: string
  /** Business time. */
  at: Date
  /** Tells it from everything else that happens: the same thing heard twice has its effect once. */
  key: string
  /** The event's name, or the segment's. */
  name?: string
  /** The message that was answered or came back. */
  messageId?: string
  /** What was said. */
  text?: string
  data?: Record<string, unknown>
}

const causeOf = ({ kind, name, text }: Heard): Cause => ({
  code: kind,
  params: {
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { text: text.slice(0, 160) }),
  },
})

/**
 * Has campaigns under way hear what happened, in the transaction that writes it down: it lets people in or out, brings
 * them to steps, or ends the wait for them. One look into an index where nothing listens.
 */
export async function hear(tx: Tx, networkId: string, heard: readonly Heard[], now: Date): Promise<void> {
  if (heard.length === 0) return
  const kinds = [...new Set(heard.map((one) => one.kind))]
  const listening = await listeningFor(tx, networkId, kinds)
  if (listening.length === 0) return
  const stepOf = await stepNames(
    tx,
    networkId,
    heard.flatMap(({ messageId }) => messageId ?? []),
  )
  // Who leaves by it does not come to a step by it; who is waited for is met before anything else.
  for (const role of ['wait', 'exit', 'entry', 'step'] as const)
    for (const watch of listening.filter((one) => one.role === role)) {
      const mine = heard.filter((one) => one.kind === watch.kind && concerns(watch, one, stepOf))
      if (mine.length > 0) await apply(tx, networkId, watch, mine, now)
    }
}

interface Answered {
  campaignId: string
  step: string
}

/** Whether what happened is what a watch listens for, by its key; conditions say the rest. */
function concerns(watch: Listening, heard: Heard, stepOf: ReadonlyMap<string, Answered>): boolean {
  if (watch.kind === 'event' || watch.kind === 'enters' || watch.kind === 'leaves') return watch.key === heard.name
  if (watch.kind !== 'replied' && watch.kind !== 'returned') return true
  const about = heard.messageId === undefined ? undefined : stepOf.get(heard.messageId)
  return about?.campaignId === watch.campaignId && (watch.key === '' || watch.key === about.step)
}

async function apply(tx: Tx, networkId: string, watch: Listening, heard: readonly Heard[], now: Date): Promise<void> {
  const { campaignId, campaign, role, messageId, launchedAt } = watch
  if (role === 'wait') return endWaits(tx, networkId, watch, heard, now)
  if (role === 'exit') {
    const goal = campaign.exit?.when as EventCondition
    const reached = heard.filter(({ data = {} }) => dataHolds(goal.with, data))
    if (reached.length === 0) return
    const contactIds = reached.map((one) => one.contactId)
    const cause: Cause = { code: 'goal', params: { name: goal.event } }
    await leave(
      tx,
      await networkOf(tx, networkId),
      { campaignId, contactIds, cause, isEntered: campaign.entry !== undefined },
      now,
    )
    return
  }
  if (role === 'entry') {
    const { entry } = campaign
    const meant = heard.filter((one) => entry !== undefined && isMeant(entry as Condition, one))
    // With a delay, the entry itself is later: steps are counted from there.
    await enter(
      tx,
      networkId,
      { campaignId, campaign, launchedAt },
      meant.map((one) => ({ ...brought(one), causeKey: one.key })),
      now,
    )
    return
  }
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const step = campaign.steps.find((one) => one.name === message?.step)
  const when = step && personConditionOf(step)
  if (!when) return
  for (const part of causesOf(when)) {
    const meant = heard.filter((one) => isMeant(part, one))
    const delay = 'after' in part ? part.after : undefined
    await bring(tx, networkId, { campaignId, messageId, campaign, launchedAt }, meant.map(brought), delay, now)
  }
}

const brought = (one: Heard) => ({ contactId: one.contactId, at: one.at, cause: causeOf(one), data: one.data })

/** Whether a condition means this very thing. */
function isMeant(part: Condition, { kind, name, data = {}, text = '' }: Heard): boolean {
  if ('event' in part) return kind === 'event' && part.event === name && dataHolds(part.with, data)
  if ('replied' in part) return kind === 'replied' && saysSo(part.replied, text)
  if ('enters' in part) return kind === 'enters' && part.enters === name
  if ('leaves' in part) return kind === 'leaves' && part.leaves === name
  if ('registered' in part || 'notStarted' in part) return kind === 'registered'
  return 'returned' in part && kind === 'returned'
}

/** Those who are waited for after a step, and did it: on to where that leads. */
async function endWaits(
  tx: Tx,
  networkId: string,
  watch: Listening,
  heard: readonly Heard[],
  now: Date,
): Promise<void> {
  const { messageId, campaign } = watch
  const byContact = new Map(heard.map((one) => [one.contactId, one]))
  const waiting = await tx
    .select()
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        oneOf(arrivals.contactId, [...byContact.keys()]),
        eq(arrivals.messageId, messageId),
        eq(arrivals.kind, 'wait'),
        eq(arrivals.state, 'waiting'),
      ),
    )
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const step = campaign.steps.find((one) => one.name === message?.step)
  const waitFor = step?.waitFor
  if (!step || !waitFor) return
  const met = waiting.flatMap((wait) => {
    const one = byContact.get(wait.contactId)!
    const isIt =
      one.kind === 'event'
        ? dataHolds(waitFor.with, one.data ?? {})
        : one.kind === 'replied'
          ? saysSo(waitFor.replied ?? '*', one.text ?? '')
          : true
    return isIt ? [{ wait, at: one.at, cause: causeOf(one), data: one.data }] : []
  })
  await branchTo(tx, networkId, { campaign, step, branch: 'then' }, met, now)
}

async function stepNames(tx: Tx, networkId: string, messageIds: readonly string[]): Promise<Map<string, Answered>> {
  if (messageIds.length === 0) return new Map()
  const rows = await tx
    .select({ id: messages.id, campaignId: messages.campaignId, step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), inArray(messages.id, [...new Set(messageIds)])))
  return new Map(rows.map(({ id, ...rest }) => [id, rest]))
}
