import { and, eq, sql } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { type deliveries, spends } from '../db/schema.ts'
import { offsetAt } from '../routing/zone.ts'
import type { DeliveryRow } from './rows.ts'
import { tellOfBudget } from './tell-of-budget.ts'

/** Adds what is owed since now (business time) to the spending of the network's own calendar day, by channel. */
export async function addSpending(tx: Tx, network: Network, rows: readonly DeliveryRow[], now: Date): Promise<void> {
  const { id: networkId, timezone } = network
  const day = localDay(timezone, now)
  const sums = new Map<
    string,
    { channel: DeliveryRow['channel']; currency: string; costMillis: number; count: number }
  >()
  for (const row of rows) {
    const key = `${row.channel} ${row.currency}`
    const sum = sums.get(key) ?? { channel: row.channel, currency: row.currency, costMillis: 0, count: 0 }
    sum.costMillis += row.costMillis ?? 0
    sum.count += 1
    sums.set(key, sum)
  }
  for (const sum of sums.values())
    await tx
      .insert(spends)
      .values({
        networkId,
        day,
        channel: sum.channel,
        currency: sum.currency,
        costMillis: sum.costMillis,
        deliveries: sum.count,
      })
      .onConflictDoUpdate({
        target: [spends.networkId, spends.day, spends.channel, spends.currency],
        set: {
          costMillis: sql`${spends.costMillis} + excluded.cost_millis`,
          deliveries: sql`${spends.deliveries} + excluded.deliveries`,
        },
      })
  for (const currency of new Set([...sums.values()].map((sum) => sum.currency)))
    await tellOfBudget(tx, network, currency, day, now)
}

/**
 * Takes out of the spending what was decided and never left, from the day it was decided on: what a canceled campaign
 * gives back can be spent on something else.
 */
export async function giveBack(
  tx: Tx,
  { id: networkId, timezone }: Pick<Network, 'id' | 'timezone'>,
  rows: readonly Unspent[],
): Promise<void> {
  const sums = new Map<string, Unspent & { day: string; count: number }>()
  for (const row of rows) {
    const day = localDay(timezone, row.createdAt)
    const key = `${day} ${row.channel} ${row.currency}`
    const sum = sums.get(key) ?? { ...row, day, costMillis: 0, count: 0 }
    sum.costMillis += row.costMillis
    sum.count += 1
    sums.set(key, sum)
  }
  for (const [, { day, channel, currency, costMillis, count }] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
    await tx
      .update(spends)
      .set({
        costMillis: sql`${spends.costMillis} - ${costMillis}`,
        deliveries: sql`${spends.deliveries} - ${count}`,
      })
      .where(
        and(
          eq(spends.networkId, networkId),
          eq(spends.day, day),
          eq(spends.channel, channel),
          eq(spends.currency, currency),
        ),
      )
}

/** What was counted of a delivery on the day it was decided (business time). */
export type Unspent = Pick<typeof deliveries.$inferSelect, 'channel' | 'currency' | 'costMillis' | 'createdAt'>

/** The day of a network's own calendar, YYYY-MM-DD. */
export const localDay = (timezone: string, now: Date): string =>
  new Date(now.getTime() + (offsetAt(timezone, now.getTime()) ?? 0)).toISOString().slice(0, 10)
