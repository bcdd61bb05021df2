import { and, count, eq, inArray, sum } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { deliveries, exposures } from '../../../db/schema.ts'
import { factsOf, handedOver, inTrouble, measuresOf } from '../../../results/measures.ts'
import { type ChannelName, channelNames, type DeliveryStatus } from '../../../words.ts'

/** From planned to acted, for one step on one channel. */
export interface FunnelRow {
  messageId: string
  channel: ChannelName
  /** The copy kept on the intranet beside another channel; not a touch. */
  isCompanion: boolean
  planned: number
  byStatus: Partial<Record<DeliveryStatus, number>>
  waiting: number
  sent: number
  delivered: number
  trouble: number
  /** E-mails opened by a person, of those whose opens may be counted (`openable`); no other channel has opens. */
  opened: number
  openable: number
  /** Deliveries somebody acted on, of those where acting can be seen (`actable`); of all when none is measured. */
  acted: number
  actable: number
}

export interface Outcomes {
  channel: ChannelName
  acted: number
  missed: number
  pending: number
}

/** The funnel of each step and channel, counted as a campaign's results are, by one query whatever its size. */
export async function funnelOf(db: Db, networkId: string, messageIds: string[]): Promise<FunnelRow[]> {
  if (messageIds.length === 0) return []
  const facts = factsOf(db, networkId, messageIds)
  const { planned, sent, delivered, trouble, opened, openable, acted, actedMeasurably, measurable } = measuresOf(facts)
  const found = await db
    .select({
      ...{ messageId: facts.messageId, channel: facts.channel, isCompanion: facts.isCompanion, status: facts.status },
      ...{ planned, sent, delivered, trouble, opened, openable, acted, actedMeasurably, measurable },
    })
    .from(facts)
    .groupBy(facts.messageId, facts.channel, facts.isCompanion, facts.status)
  const rows = new Map<string, FunnelRow & { actedMeasurably: number }>()
  for (const { messageId, channel, isCompanion, status, measurable: actable, ...counted } of found) {
    const key = `${messageId} ${channel} ${isCompanion}`
    const row = rows.get(key) ?? {
      ...{ messageId, channel, isCompanion: Number(isCompanion) === 1, byStatus: {}, planned: 0, waiting: 0, sent: 0 },
      ...{ delivered: 0, trouble: 0, opened: 0, openable: 0, acted: 0, actable: 0, actedMeasurably: 0 },
    }
    rows.set(key, row)
    row.byStatus[status] = counted.planned
    for (const name of summed) row[name] += counted[name]
    row.actable += actable
    if (!handedOver.includes(status) && !inTrouble.includes(status) && status !== 'canceled')
      row.waiting += counted.planned
  }
  return [...rows.values()]
    .map(({ actedMeasurably: measured, ...row }) => ({ ...row, acted: row.actable > 0 ? measured : row.acted }))
    .sort(
      (a, b) =>
        Number(a.isCompanion) - Number(b.isCompanion) ||
        channelNames.indexOf(a.channel) - channelNames.indexOf(b.channel),
    )
}

const summed = ['planned', 'sent', 'delivered', 'trouble', 'opened', 'openable', 'acted', 'actedMeasurably'] as const

/** What came of the measurable chances to act, by channel. */
export async function outcomesOf(db: Db, networkId: string, messageIds: string[]): Promise<Outcomes[]> {
  if (messageIds.length === 0) return []
  const rows = await db
    .select({ channel: exposures.channel, outcome: exposures.outcome, count: count() })
    .from(exposures)
    .innerJoin(deliveries, and(eq(deliveries.networkId, exposures.networkId), eq(deliveries.id, exposures.deliveryId)))
    .where(
      and(
        eq(exposures.networkId, networkId),
        eq(exposures.isMeasurable, true),
        inArray(deliveries.messageId, messageIds),
      ),
    )
    .groupBy(exposures.channel, exposures.outcome)
  return channelNames
    .map((channel) => {
      const of = (outcome: string) => rows.find((row) => row.channel === channel && row.outcome === outcome)?.count ?? 0
      return { channel, acted: of('acted'), missed: of('missed'), pending: of('pending') }
    })
    .filter((row) => row.acted + row.missed + row.pending > 0)
}

/** What was committed for these steps, in thousandths of a minor unit, by currency. */
export async function costOf(
  db: Db,
  networkId: string,
  messageIds: string[],
): Promise<{ currency: string; millis: number }[]> {
  if (messageIds.length === 0) return []
  const rows = await db
    .select({ currency: deliveries.currency, millis: sum(deliveries.costMillis) })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), inArray(deliveries.messageId, messageIds)))
    .groupBy(deliveries.currency)
  return rows.map((row) => ({ currency: row.currency, millis: Number(row.millis ?? 0) }))
}
