import { sql } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { spends } from '../db/schema.ts'
import { offsetAt } from '../routing/zone.ts'
import type { DeliveryRow } from './rows.ts'

/** Adds what is owed since now (business time) to the spending of the network's own calendar day, by channel. */
export async function addSpending(
  tx: Tx,
  { id: networkId, timezone }: Pick<Network, 'id' | 'timezone'>,
  rows: readonly DeliveryRow[],
  now: Date,
): Promise<void> {
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
}

/** The day of a network's own calendar, YYYY-MM-DD. */
export const localDay = (timezone: string, now: Date): string =>
  new Date(now.getTime() + (offsetAt(timezone, now.getTime()) ?? 0)).toISOString().slice(0, 10)
