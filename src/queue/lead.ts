import { and, eq } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { installation } from '../db/schema.ts'

/** Who leads says so again by then, or another takes over (wall time). */
const leadMs = 15_000
const renewBeforeMs = 10_000

const keyOf = (networkId: string): string => `lead ${networkId}`

/**
 * Whether this worker is the one that does in a network what is not handing over: timers, audiences, what came in.
 * One at a time is enough, and several would only get in each other's way: it is no lock, and every stage stands
 * being done by two. A worker alone with its database always leads.
 */
export async function leads({ db, wall, worker, sharesDatabase }: Context, networkId: string): Promise<boolean> {
  if (!sharesDatabase) return true
  const key = keyOf(networkId)
  const now = wall.now()
  const mine = { value: worker, updatedAt: new Date(now.getTime() + leadMs) }
  const [held] = await db.select().from(installation).where(eq(installation.key, key))
  if (!held) return (await db.insertRows(installation, [{ key, ...mine }], 'ignore')) === 1
  const leftMs = held.updatedAt.getTime() - now.getTime()
  // An end further away than any can be was written before the clock was set back: it says nothing.
  const isCredible = leftMs <= 2 * leadMs
  if (held.value === worker && leftMs > renewBeforeMs && isCredible) return true
  if (held.value !== worker && leftMs > 0 && isCredible) return false
  const taken = await db
    .update(installation)
    .set(mine)
    .where(
      and(eq(installation.key, key), eq(installation.value, held.value), eq(installation.updatedAt, held.updatedAt)),
    )
    .returning({ key: installation.key })
  return taken.length === 1
}

/** Gives back what this worker leads, so that nobody waits for it. For a process that ends. */
export async function stopLeading({ db, wall, worker, sharesDatabase }: Context): Promise<void> {
  if (!sharesDatabase) return
  await db.update(installation).set({ updatedAt: wall.now() }).where(eq(installation.value, worker))
}
