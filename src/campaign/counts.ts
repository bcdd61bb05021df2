import { hash } from 'node:crypto'
import { and, eq, sql, sum } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { campaignCounts } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'
import { type StopKind, stopKinds } from './stop-thresholds.ts'

/** Rows a figure is split over: processes that write at the same moment seldom wait for one another. */
const shards = 16
/** Holds what somebody has looked at and let pass, as negative figures. */
const passedOver = -1

/** The row a process adds to. */
export const shardOf = (worker: string): number => Number.parseInt(hash('sha256', worker).slice(0, 6), 16) % shards

export interface Counted {
  campaignId: string
  channel: ChannelName
  sent?: number
  bounced?: number
  complained?: number
  filtered?: number
}

/** Adds to what campaigns count of themselves, in the transaction of what is counted; in one order, so that no two wait for each other. */
export async function addCounts(tx: Tx, networkId: string, counted: readonly Counted[], shard: number): Promise<void> {
  const sums = new Map<string, Required<Counted>>()
  for (const { campaignId, channel, sent = 0, bounced = 0, complained = 0, filtered = 0 } of counted) {
    const key = `${campaignId} ${channel}`
    const known = sums.get(key) ?? { campaignId, channel, sent: 0, bounced: 0, complained: 0, filtered: 0 }
    known.sent += sent
    known.bounced += bounced
    known.complained += complained
    known.filtered += filtered
    sums.set(key, known)
  }
  for (const [, row] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
    await tx
      .insert(campaignCounts)
      .values({ networkId, shard, ...row })
      .onConflictDoUpdate({
        target: [campaignCounts.networkId, campaignCounts.campaignId, campaignCounts.channel, campaignCounts.shard],
        set: {
          sent: sql`${campaignCounts.sent} + excluded.sent`,
          bounced: sql`${campaignCounts.bounced} + excluded.bounced`,
          complained: sql`${campaignCounts.complained} + excluded.complained`,
          filtered: sql`${campaignCounts.filtered} + excluded.filtered`,
        },
      })
}

export interface ChannelCounts extends Record<StopKind | 'sent', number> {
  channel: ChannelName
}

/** What a campaign has counted on each channel since somebody last let it pass. */
export async function countsOf(tx: Tx, networkId: string, campaignId: string): Promise<ChannelCounts[]> {
  const rows = await tx
    .select({
      channel: campaignCounts.channel,
      sent: sum(campaignCounts.sent),
      bounced: sum(campaignCounts.bounced),
      complained: sum(campaignCounts.complained),
      filtered: sum(campaignCounts.filtered),
    })
    .from(campaignCounts)
    .where(and(eq(campaignCounts.networkId, networkId), eq(campaignCounts.campaignId, campaignId)))
    .groupBy(campaignCounts.channel)
  return rows.map(({ channel, ...row }) => ({
    channel,
    sent: Number(row.sent ?? 0),
    ...(Object.fromEntries(stopKinds.map((kind) => [kind, Number(row[kind] ?? 0)])) as Record<StopKind, number>),
  }))
}

/** Lets pass what a campaign has counted so far: it is judged by what comes from now on. */
export async function letPass(tx: Tx, networkId: string, campaignId: string): Promise<void> {
  const counted = await countsOf(tx, networkId, campaignId)
  await addCounts(
    tx,
    networkId,
    counted.map(({ channel, ...row }) => ({
      campaignId,
      channel,
      sent: -row.sent,
      ...Object.fromEntries(stopKinds.map((kind) => [kind, -row[kind]])),
    })),
    passedOver,
  )
}
