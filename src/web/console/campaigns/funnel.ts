import { and, count, countDistinct, eq, inArray, isNull, or, sum } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { deliveries, events, exposures } from '../../../db/schema.ts'
import { actionEvents, type ChannelName, channelNames, type DeliveryStatus, type EventType } from '../../../words.ts'

const handedOver: readonly DeliveryStatus[] = ['accepted', 'sent', 'delivered', 'returned', 'unknown']
const inTrouble: readonly DeliveryStatus[] = ['failed', 'returned', 'unknown', 'needs_review', 'expired', 'suppressed']

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

/** What is known not to be a machine; an unclassified event counts, a suspect one does not. */
const byPeople = or(isNull(events.verdict), inArray(events.verdict, ['unknown', 'human_likely', 'human_confirmed']))

/** The funnel of each step and channel. Five grouped queries, whatever the size of the campaign. */
export async function funnelOf(db: Db, networkId: string, messageIds: string[]): Promise<FunnelRow[]> {
  if (messageIds.length === 0) return []
  const key = { messageId: deliveries.messageId, channel: deliveries.channel, isCompanion: deliveries.isCompanion }
  const group = [deliveries.messageId, deliveries.channel, deliveries.isCompanion] as const
  const mine = and(eq(deliveries.networkId, networkId), inArray(deliveries.messageId, messageIds))
  const byStatus = await db
    .select({ ...key, status: deliveries.status, trackingMode: deliveries.trackingMode, count: count() })
    .from(deliveries)
    .where(mine)
    .groupBy(...group, deliveries.status, deliveries.trackingMode)
  const heard = (types: readonly EventType[], isMeasurable: boolean) => {
    const query = db
      .select({ ...key, count: countDistinct(events.deliveryId) })
      .from(events)
      .innerJoin(deliveries, and(eq(deliveries.networkId, events.networkId), eq(deliveries.id, events.deliveryId)))
      .$dynamic()
    if (isMeasurable)
      query.innerJoin(
        exposures,
        and(
          eq(exposures.networkId, events.networkId),
          eq(exposures.deliveryId, events.deliveryId),
          eq(exposures.isMeasurable, true),
        ),
      )
    return query
      .where(
        and(
          eq(events.networkId, networkId),
          inArray(events.messageId, messageIds),
          inArray(events.type, [...types]),
          types.includes('open') ? eq(deliveries.trackingMode, 'individual') : undefined,
          byPeople,
        ),
      )
      .groupBy(...group)
  }
  const opened = await heard(['open'], false)
  const acted = await heard(actionEvents, false)
  const actedMeasurably = await heard(actionEvents, true)
  const measurable = await db
    .select({ ...key, count: countDistinct(exposures.deliveryId) })
    .from(exposures)
    .innerJoin(deliveries, and(eq(deliveries.networkId, exposures.networkId), eq(deliveries.id, exposures.deliveryId)))
    .where(and(mine, eq(exposures.isMeasurable, true)))
    .groupBy(...group)

  type Keyed = { messageId: string; channel: ChannelName; isCompanion: boolean; count: number }
  const nameOf = (row: Omit<Keyed, 'count'>) => `${row.messageId} ${row.channel} ${row.isCompanion}`
  const index = (rows: Keyed[]) => new Map(rows.map((row) => [nameOf(row), row.count]))
  const openedBy = index(opened)
  const actedBy = index(acted)
  const actedMeasurablyBy = index(actedMeasurably)
  const measurableBy = index(measurable)
  const rows = new Map<string, FunnelRow>()
  for (const found of byStatus) {
    const name = nameOf(found)
    const row = rows.get(name) ?? {
      messageId: found.messageId,
      channel: found.channel,
      isCompanion: found.isCompanion,
      planned: 0,
      byStatus: {},
      waiting: 0,
      sent: 0,
      delivered: 0,
      trouble: 0,
      opened: openedBy.get(name) ?? 0,
      openable: 0,
      acted: (measurableBy.has(name) ? actedMeasurablyBy : actedBy).get(name) ?? 0,
      actable: measurableBy.get(name) ?? 0,
    }
    row.planned += found.count
    row.byStatus[found.status] = (row.byStatus[found.status] ?? 0) + found.count
    if (handedOver.includes(found.status)) {
      row.sent += found.count
      if (found.channel === 'email' && found.trackingMode === 'individual') row.openable += found.count
    } else if (!inTrouble.includes(found.status) && found.status !== 'canceled') row.waiting += found.count
    if (found.status === 'delivered') row.delivered += found.count
    if (inTrouble.includes(found.status)) row.trouble += found.count
    rows.set(name, row)
  }
  return [...rows.values()].sort(
    (a, b) =>
      Number(a.isCompanion) - Number(b.isCompanion) ||
      channelNames.indexOf(a.channel) - channelNames.indexOf(b.channel),
  )
}

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
