import { and, eq, sql, sum } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { spends } from '../db/schema.ts'
import type { Decision } from '../routing/types.ts'
import { localDay } from './spend.ts'

/** What a network still lets be spent today, as far as this transaction knows. */
export interface Budget {
  isSpent(): boolean
  /** Counts what was just decided; an outlet's letter once, however many it covers. */
  count(decision: Pick<Decision, 'channel' | 'recipientKey' | 'costMillis'>): void
}

const unlimited: Budget = { isSpent: () => false, count: () => {} }

/**
 * The day's budget of a network (business time, its own calendar day, the day of the decision). Where there is one,
 * pages are decided one after another, whichever worker is at them: each sees what the last one spent, so that the
 * limit holds to within one message.
 */
export async function budgetOf(tx: Tx, network: Network, currency: string, now: Date): Promise<Budget> {
  const limit = network.settings.dailyBudget?.millis
  if (limit === undefined) return unlimited
  const day = localDay(network.timezone, now)
  // Held until the page is written: two that read the same sum would both spend what is left.
  await tx
    .insert(spends)
    .values({ networkId: network.id, day, channel: 'intranet', currency, costMillis: 0, deliveries: 0 })
    .onConflictDoUpdate({
      target: [spends.networkId, spends.day, spends.channel, spends.currency],
      set: { costMillis: sql`${spends.costMillis}` },
    })
  const [row] = await tx
    .select({ spent: sum(spends.costMillis) })
    .from(spends)
    .where(and(eq(spends.networkId, network.id), eq(spends.day, day), eq(spends.currency, currency)))
  let spent = Number(row?.spent ?? 0)
  const counted = new Set<string>()
  return {
    isSpent: () => spent >= limit,
    count: ({ channel, recipientKey, costMillis }) => {
      const key = `${channel} ${recipientKey}`
      if (channel === undefined || counted.has(key)) return
      counted.add(key)
      spent += costMillis
    },
  }
}
