/**
 * A step that counts from when letters are posted or arrive waits for them, recipient by recipient: who was written to
 * on paper hears more only once the letter was really handed over. Who gets no letter goes by the planned date.
 */
import { and, count, eq, inArray, notInArray } from 'drizzle-orm'
import type { Person } from '../audience/people.ts'
import { leadTimesOf } from '../campaign/lead-times.ts'
import { expiryOf } from '../campaign/message-rows.ts'
import { stepMoment } from '../campaign/moments.ts'
import { fromFreeze, letterAwaitedBy, shiftedBy } from '../campaign/print-dates.ts'
import type { Tx } from '../db/index.ts'
import { deliveries, deliveryMembers, events, messages, stepRuns } from '../db/schema.ts'
import { schedule } from '../timer/timers.ts'
import type { DeliveryStatus } from '../words.ts'
import type { Step } from './step.ts'

/** The shop or the post has it. */
const handedOver: readonly DeliveryStatus[] = ['sent', 'delivered', 'returned']
/** It will never be: its reader goes by the planned date. */
const givenUp: readonly DeliveryStatus[] = ['failed', 'canceled', 'expired', 'suppressed']

/** How it stands with the letter of one person. */
export type LetterState = { isPending: true } | { isPending: false; postedAt: Date }

export interface AwaitedLetters {
  /** Of each person who gets a letter. */
  of(contactId: string): LetterState | undefined
}

/** The printed step a step waits for; undefined when it waits for none. */
export const awaitedStep = (step: Step) => letterAwaitedBy(step.definition, step.campaign.steps)

/** How the letters of a page of people stand; undefined for a step that waits for none. */
export async function lettersFor(tx: Tx, step: Step, people: readonly Person[]): Promise<AwaitedLetters | undefined> {
  const printed = awaitedStep(step)
  if (!printed || people.length === 0) return undefined
  const networkId = step.network.id
  const letter = await letterMessage(tx, networkId, step.campaignId, printed.name)
  if (!letter) return { of: () => undefined }
  // Who gets a letter is not decided yet: anybody may.
  if (letter.run === 'waiting' || letter.run === 'running') return { of: () => ({ isPending: true }) }
  const rows = await tx
    .select({
      contactId: deliveryMembers.contactId,
      deliveryId: deliveries.id,
      status: deliveries.status,
      sentAt: deliveries.sentAt,
    })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .where(
      and(
        eq(deliveryMembers.networkId, networkId),
        inArray(
          deliveryMembers.contactId,
          people.map((person) => person.contact.id),
        ),
        eq(deliveries.messageId, letter.id),
        eq(deliveries.channel, 'print'),
      ),
    )
  const posted = await postedAt(
    tx,
    networkId,
    rows.filter((row) => handedOver.includes(row.status)).map((row) => row.deliveryId),
  )
  const states = new Map<string, LetterState>()
  for (const { contactId, deliveryId, status, sentAt } of rows) {
    if (givenUp.includes(status)) continue
    const at = posted.get(deliveryId) ?? sentAt
    const isPosted = handedOver.includes(status) && at !== null
    states.set(contactId, isPosted ? { isPending: false, postedAt: at } : { isPending: true })
  }
  return { of: (contactId) => states.get(contactId) }
}

async function letterMessage(tx: Tx, networkId: string, campaignId: string, step: string) {
  const [row] = await tx
    .select({ id: messages.id, run: stepRuns.status })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId), eq(messages.step, step)))
    .limit(1)
  return row
}

async function postedAt(tx: Tx, networkId: string, deliveryIds: readonly string[]): Promise<Map<string, Date>> {
  if (deliveryIds.length === 0) return new Map()
  const rows = await tx
    .select({ deliveryId: events.deliveryId, at: events.occurredAt })
    .from(events)
    .where(
      and(eq(events.networkId, networkId), inArray(events.deliveryId, [...deliveryIds]), eq(events.type, 'posted')),
    )
  return new Map(rows.map((row) => [row.deliveryId as string, row.at]))
}

/** When a step may reach somebody whose letter was posted then: as far from it as the plan has them apart. */
export function afterLetter(step: Step, person: Person, postedAt: Date): Date {
  const printed = awaitedStep(step)
  const { campaign, definition, network, message } = step
  if (!printed) return message.dueAt
  const posted = `${postedAt.toISOString().slice(0, 16)}Z`
  const { posted: sent, arrival } = fromFreeze(printed, leadTimesOf(network))
  const known = {
    [`${printed.name}.posted`]: posted,
    [`${printed.name}.arrival`]: shiftedBy(posted, arrival - sent),
  }
  const launchedAt = step.launchedAt ?? message.dueAt
  return stepMoment(campaign, definition, person.site, network, launchedAt, message.occurrence, known) ?? message.dueAt
}

/** The step as it is for somebody whose letter was late: worth sending as long after as it would have been. */
export function delayedTo(step: Step, at: Date): Step {
  const { message, definition, routable } = step
  if (message.expiresAt === null || at <= message.dueAt) return step
  const expiresAt = expiryOf(definition, at)
  return { ...step, message: { ...message, expiresAt }, routable: { ...routable, expiresAt: expiresAt ?? undefined } }
}

/** Letters of the awaited step still on their way to the post; -1 while it is not decided who gets one. */
export async function lettersPending(tx: Tx, step: Step): Promise<number> {
  const printed = awaitedStep(step)
  if (!printed) return 0
  const networkId = step.network.id
  const letter = await letterMessage(tx, networkId, step.campaignId, printed.name)
  if (!letter) return 0
  if (letter.run === 'waiting' || letter.run === 'running') return -1
  const [row] = await tx
    .select({ total: count() })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(deliveries.messageId, letter.id),
        eq(deliveries.channel, 'print'),
        notInArray(deliveries.status, [...handedOver, ...givenUp]),
      ),
    )
  return row?.total ?? 0
}

const hourMs = 3_600_000

/** Asks again later whether letters have left: each hour for two days, then four times a day. */
export async function askAgain(tx: Tx, step: Step, pending: number, round: number, now: Date): Promise<void> {
  const dueAt = new Date(now.getTime() + (round < 48 ? hourMs : 6 * hourMs))
  const occurrence = `${now.getTime()}:${round}`
  const wait = { kind: 'letters' as const, subject: step.message.id, occurrence, dueAt, payload: { pending, round } }
  await schedule(tx, step.network.id, [wait], now)
}
