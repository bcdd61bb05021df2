import { and, count, desc, eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import { campaigns, deliveries, events, messages } from '../db/schema.ts'
import { type ChannelName, channelNames, type DeliveryStatus, deliveryStatuses } from '../words.ts'

export interface Status {
  network: string
  mode: 'sandbox' | 'live'
  clock: string
  deliveries: Record<DeliveryStatus, number>
  byChannel: Record<ChannelName, Partial<Record<DeliveryStatus, number>>>
  events: Record<string, number>
}

/** The campaigns of a network, newest first. */
export const campaignsOf = ({ db }: Context, network: Network): Promise<{ id: string; name: string }[]> =>
  db
    .select({ id: campaigns.id, name: campaigns.name })
    .from(campaigns)
    .where(eq(campaigns.networkId, network.id))
    .orderBy(desc(campaigns.createdAt), desc(campaigns.id))

/** How deliveries and events of a network, or of one campaign, stand now. */
export async function statusOf(context: Context, network: Network, campaignId?: string): Promise<Status> {
  const { db } = context
  const ofCampaign = campaignId === undefined ? undefined : eq(messages.campaignId, campaignId)
  const counted = await db
    .select({ channel: deliveries.channel, status: deliveries.status, total: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(deliveries.networkId, network.id), ofCampaign))
    .groupBy(deliveries.channel, deliveries.status)
  const happened = await db
    .select({ type: events.type, total: count() })
    .from(events)
    .leftJoin(messages, and(eq(messages.networkId, events.networkId), eq(messages.id, events.messageId)))
    .where(and(eq(events.networkId, network.id), ofCampaign))
    .groupBy(events.type)
  const totals = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as Status['deliveries']
  const byChannel = Object.fromEntries(channelNames.map((name) => [name, {}])) as Status['byChannel']
  for (const { channel, status, total } of counted) {
    totals[status] += total
    byChannel[channel][status] = total
  }
  return {
    network: network.name,
    mode: network.mode,
    clock: businessNow(context.wall.now(), network).toISOString(),
    deliveries: totals,
    byChannel,
    events: Object.fromEntries(happened.map(({ type, total }) => [type, total])),
  }
}
