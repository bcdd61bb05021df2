import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../db/index.ts'
import { installation } from '../db/schema.ts'

const key = 'restored'
/** Clocks differ, and a back-up takes a while: a provider is asked for what it took from an hour before. */
const marginMs = 3_600_000
const spanSchema = z.object({ from: z.coerce.date(), to: z.coerce.date() })

/** What left between a back-up and its restoring is unknown to the database; wall time. */
export interface RestoredSpan {
  from: Date
  to: Date
}

/** Remembers, in what has just been restored, that it was: from an hour before the back-up to now. */
export async function rememberRestored(tx: Tx, backedUpAt: Date, now: Date): Promise<RestoredSpan> {
  const span = { from: new Date(backedUpAt.getTime() - marginMs), to: now }
  await tx.delete(installation).where(eq(installation.key, key))
  await tx.insert(installation).values({ key, value: JSON.stringify(span), updatedAt: now })
  return span
}

export async function restoredSpan(tx: Tx): Promise<RestoredSpan | undefined> {
  const [row] = await tx.select().from(installation).where(eq(installation.key, key))
  return row && spanSchema.parse(JSON.parse(row.value))
}
