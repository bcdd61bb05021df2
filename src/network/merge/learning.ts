import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { engagementCheckpoints, engagements, exposures } from '../../db/schema.ts'
import { type LearningValues, learningOf } from '../../engagement/defaults.ts'
import { add } from '../../engagement/formula.ts'
import { rebuildContacts } from '../../engagement/rebuild.ts'
import type { Merging } from './consents.ts'

type Exposure = typeof exposures.$inferSelect
type Checkpoint = typeof engagementCheckpoints.$inferSelect

const worth: Record<Exposure['outcome'], number> = { acted: 3, missed: 2, pending: 1, void: 0 }

/** Chances to act are put together, and what they add up to is worked out anew. */
export async function mergeLearning(tx: Tx, merging: Merging): Promise<void> {
  const { networkId, keepId, otherId } = merging
  await mergeExposures(tx, merging)
  await mergeCheckpoints(tx, merging, await learningOf(tx, networkId))
  await tx.delete(engagements).where(and(eq(engagements.networkId, networkId), eq(engagements.contactId, otherId)))
  await rebuildContacts(tx, networkId, [keepId])
}

/** A site's letter that covered both was one chance: if either acted, the person did. */
async function mergeExposures(tx: Tx, { networkId, keepId, otherId }: Merging): Promise<void> {
  const rows = await tx
    .select()
    .from(exposures)
    .where(and(eq(exposures.networkId, networkId), inArray(exposures.contactId, [keepId, otherId])))
  const mine = new Map(rows.filter((row) => row.contactId === keepId).map((row) => [row.deliveryId, row]))
  for (const theirs of rows.filter((row) => row.contactId === otherId)) {
    const same = mine.get(theirs.deliveryId)
    if (!same) continue
    const weaker = worth[theirs.outcome] > worth[same.outcome] ? same : theirs
    await tx.delete(exposures).where(and(eq(exposures.networkId, networkId), eq(exposures.id, weaker.id)))
  }
  await tx
    .update(exposures)
    .set({ contactId: keepId })
    .where(and(eq(exposures.networkId, networkId), eq(exposures.contactId, otherId)))
}

async function mergeCheckpoints(
  tx: Tx,
  { networkId, keepId, otherId }: Merging,
  learning: LearningValues,
): Promise<void> {
  const rows = await tx
    .select()
    .from(engagementCheckpoints)
    .where(
      and(eq(engagementCheckpoints.networkId, networkId), inArray(engagementCheckpoints.contactId, [keepId, otherId])),
    )
  const theirs = rows.filter((row) => row.contactId === otherId)
  if (theirs.length === 0) return
  const merged = theirs.map((row) => {
    const same = rows.find((one) => one.contactId === keepId && one.channel === row.channel)
    return { ...(same ? together(same, row, learning) : row), contactId: keepId }
  })
  await tx.delete(engagementCheckpoints).where(
    and(
      eq(engagementCheckpoints.networkId, networkId),
      inArray(engagementCheckpoints.contactId, [keepId, otherId]),
      inArray(
        engagementCheckpoints.channel,
        theirs.map((row) => row.channel),
      ),
    ),
  )
  await tx.insertRows(engagementCheckpoints, merged)
}

/** Decayed sums add up once they are of the same time. Misses are counted since the last act of either. */
function together(a: Checkpoint, b: Checkpoint, learning: LearningValues): Checkpoint {
  const at = a.at > b.at ? a.at : b.at
  const sums = add(a, { sentAt: b.at, s: b.s, n: b.n }, at, learning.halfLifeDays[a.channel])
  const [actedA, actedB] = [a.lastActionAt?.getTime() ?? 0, b.lastActionAt?.getTime() ?? 0]
  const firsts = [a.firstExposureAt, b.firstExposureAt].filter((first) => first !== null)
  return {
    ...a,
    ...sums,
    exposures: a.exposures + b.exposures,
    actions: a.actions + b.actions,
    misses: actedA === actedB ? a.misses + b.misses : actedA > actedB ? a.misses : b.misses,
    firstExposureAt: firsts.length > 0 ? new Date(Math.min(...firsts.map((first) => first.getTime()))) : null,
    lastActionAt: actedA >= actedB ? a.lastActionAt : b.lastActionAt,
  }
}
