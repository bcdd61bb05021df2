import { and, count, eq, gte, sum } from 'drizzle-orm'
import { campaigns, spends } from '../../../db/schema.ts'
import { offsetAt } from '../../../routing/zone.ts'
import { type ChannelName, channelNames } from '../../../words.ts'
import type { Reader } from './reader.ts'

/** Days that count as recent. */
export const recentDays = 30
const dayMs = 86_400_000

export interface RecentFigures {
  byChannel: Record<ChannelName, number>
  deliveries: number
  costs: { currency: string; millis: number }[]
  running: number
}

/** What was decided to be sent lately and for how much, from the day's sums that are kept as it happens. */
export async function recentFigures({ db, network, now }: Reader): Promise<RecentFigures> {
  const offset = offsetAt(network.timezone, now.getTime()) ?? 0
  const firstDay = new Date(now.getTime() + offset - recentDays * dayMs).toISOString().slice(0, 10)
  const rows = await db
    .select({
      channel: spends.channel,
      currency: spends.currency,
      millis: sum(spends.costMillis),
      deliveries: sum(spends.deliveries),
    })
    .from(spends)
    .where(and(eq(spends.networkId, network.id), gte(spends.day, firstDay)))
    .groupBy(spends.channel, spends.currency)
  const byChannel = Object.fromEntries(channelNames.map((channel) => [channel, 0])) as Record<ChannelName, number>
  const costs = new Map<string, number>()
  for (const row of rows) {
    byChannel[row.channel] += Number(row.deliveries)
    costs.set(row.currency, (costs.get(row.currency) ?? 0) + Number(row.millis))
  }
  const [running] = await db
    .select({ count: count() })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.status, 'running')))
  return {
    byChannel,
    deliveries: Object.values(byChannel).reduce((total, each) => total + each, 0),
    costs: [...costs].map(([currency, millis]) => ({ currency, millis })),
    running: running?.count ?? 0,
  }
}
