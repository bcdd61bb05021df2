import { and, count, eq, gte, lte, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { messages, stepRuns } from '../db/schema.ts'

/** Days looked back on. */
export const urgentShareDays = 30
/**
 * The share of urgent messages above which the dashboard speaks. What is urgent passes consent, hours and caps (see
 * `src/routing/classes.ts`), so that calling everything urgent is the way round all of them; a rule of the house.
 */
const worrying = 0.1
const dayMs = 86_400_000

export interface UrgentShare {
  urgent: number
  all: number
  /** More than a tenth of what was launched was urgent. */
  isWorrying: boolean
}

/** How many of the messages a network began to send in the last 30 days were urgent, by class or by urgency. */
export async function urgentShare(tx: Tx, networkId: string, now: Date): Promise<UrgentShare> {
  const begun = (isUrgentOnly: boolean) =>
    tx
      .select({ count: count() })
      .from(stepRuns)
      .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
      .where(
        and(
          eq(stepRuns.networkId, networkId),
          gte(stepRuns.startedAt, new Date(now.getTime() - urgentShareDays * dayMs)),
          lte(stepRuns.startedAt, now),
          isUrgentOnly ? or(eq(messages.class, 'urgent_service'), eq(messages.urgency, 'immediate')) : undefined,
        ),
      )
  const [every] = await begun(false)
  const [some] = await begun(true)
  const all = every?.count ?? 0
  const urgent = some?.count ?? 0
  return { urgent, all, isWorrying: urgent > all * worrying }
}
