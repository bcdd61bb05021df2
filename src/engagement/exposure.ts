import { and, eq, sql } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { exposures } from '../db/schema.ts'

export type Exposure = typeof exposures.$inferSelect

/** When the person behind an exposure last acted on it; a plain miss holds the close of its window instead. */
export const actedAt = ({ outcome, outcomeAt, matureAt }: Exposure): Date | undefined => {
  if (outcomeAt === null || outcome === 'pending') return undefined
  return outcome === 'missed' && outcomeAt <= matureAt ? undefined : outcomeAt
}

/** The same test as `actedAt`, for the database. */
export const isAct = sql`(${exposures.outcome} = 'acted' or (${exposures.outcome} = 'void' and ${exposures.outcomeAt} is not null) or (${exposures.outcome} = 'missed' and ${exposures.outcomeAt} > ${exposures.matureAt}))`

/** Written to before they are read, so that PostgreSQL holds them for this transaction. */
export function lockExposures(tx: Tx, networkId: string, deliveryIds: readonly string[]) {
  return tx
    .update(exposures)
    .set({ outcome: sql`${exposures.outcome}` })
    .where(and(eq(exposures.networkId, networkId), oneOf(exposures.deliveryId, [...deliveryIds])))
    .returning()
}
