import { and, eq, inArray, isNull, min } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { deliveries, timers } from '../../../db/schema.ts'

/** When something is next due in a network, in business time: a timer, or a delivery that waits to leave. */
export async function nextEventAt(db: Db, networkId: string): Promise<Date | undefined> {
  const [timer] = await db
    .select({ at: min(timers.dueAt) })
    .from(timers)
    .where(and(eq(timers.networkId, networkId), isNull(timers.firedAt)))
  const [delivery] = await db
    .select({ at: min(deliveries.dueAt) })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), inArray(deliveries.status, ['planned', 'held', 'queued'])))
  const times = [timer?.at, delivery?.at].filter((at) => at != null).map((at) => at.getTime())
  return times.length > 0 ? new Date(Math.min(...times)) : undefined
}
