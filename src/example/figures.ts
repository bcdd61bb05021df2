import { and, count, eq, gte, inArray, lt } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import type { Context, Network } from '../context.ts'
import { campaigns, deliveries, messages, stepRuns } from '../db/schema.ts'
import { type ChannelName, channelNames, type DeliveryStatus } from '../words.ts'

export type ByChannel = Record<ChannelName, number>

/** Handed over, whatever came of it after. */
const left: readonly DeliveryStatus[] = [
  'accepted',
  'sent',
  'delivered',
  'returned',
  'failed',
  'unknown',
  'needs_review',
]

const none = (): ByChannel => Object.fromEntries(channelNames.map((name) => [name, 0])) as ByChannel

/** What was handed over by channel, in a span of business time or in all; of some campaigns or of all. */
export async function sentByChannel(
  { db }: Context,
  network: Network,
  { from, until, named }: { from?: Date; until?: Date; named?: readonly string[] } = {},
): Promise<ByChannel> {
  const rows = await db
    .select({ channel: deliveries.channel, total: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(deliveries.status, [...left]),
        from && gte(deliveries.sentAt, from),
        until && lt(deliveries.sentAt, until),
        named && inArray(campaigns.name, [...named]),
      ),
    )
    .groupBy(deliveries.channel)
  return Object.assign(none(), Object.fromEntries(rows.map(({ channel, total }) => [channel, total])))
}

/** What was handed over in each month of a year, by the network's own calendar. */
export async function sentByMonth(
  context: Context,
  network: Network,
  year: number,
): Promise<({ month: string } & ByChannel)[]> {
  const months: ({ month: string } & ByChannel)[] = []
  for (let month = 1; month <= 12; month++) {
    const first = Temporal.PlainDate.from({ year, month, day: 1 })
    const at = (day: Temporal.PlainDate) =>
      new Date(day.toZonedDateTime(network.timezone).toInstant().epochMilliseconds)
    const sent = await sentByChannel(context, network, { from: at(first), until: at(first.add({ months: 1 })) })
    months.push({ month: first.toString().slice(0, 7), ...sent })
  }
  return months
}

/** What became of each step: whom it was for, whom it reached, what it handed over. */
export interface StepFigures {
  day: string
  campaign: string
  step: string
  audience: number
  /** Decided to be written to; the others have a reason of their own in their decision. */
  reached: number
  sent: Partial<ByChannel>
}

/** Every step that has begun, by its day. */
export async function stepFigures({ db }: Context, network: Network): Promise<StepFigures[]> {
  const begun = await db
    .select({
      id: messages.id,
      campaign: campaigns.name,
      step: messages.step,
      dueAt: messages.dueAt,
      audience: stepRuns.audience,
      reached: stepRuns.reached,
    })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.status, 'done')))
    .orderBy(messages.dueAt, campaigns.name, messages.step)
  const rows = await db
    .select({ id: deliveries.messageId, channel: deliveries.channel, total: count() })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), inArray(deliveries.status, [...left])))
    .groupBy(deliveries.messageId, deliveries.channel)
  const sent = new Map<string, Partial<ByChannel>>()
  for (const { id, channel, total } of rows) sent.set(id, { ...sent.get(id), [channel]: total })
  return begun.map(({ id, dueAt, ...step }) => ({
    day: dueAt.toISOString().slice(0, 10),
    ...step,
    sent: sorted(sent.get(id) ?? {}),
  }))
}

/** In the order channels are always named, so that the same figures are the same text. */
const sorted = (sent: Partial<ByChannel>): Partial<ByChannel> =>
  Object.fromEntries(channelNames.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])))

/** How many each step of each campaign handed over, whenever and to whomever. */
export const sentBySteps = ({ db }: Context, network: Network) =>
  db
    .select({ campaign: campaigns.name, step: messages.step, channel: deliveries.channel, total: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(deliveries.networkId, network.id), inArray(deliveries.status, [...left])))
    .groupBy(campaigns.name, messages.step, deliveries.channel)
    .orderBy(campaigns.name, messages.step, deliveries.channel)
