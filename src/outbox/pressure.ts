import { and, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { pressures } from '../db/schema.ts'
import type { Touch } from '../routing/types.ts'

/** Touches older than this no longer weigh on any cap (the longest window is 30 days). */
const keptMs = 31 * 24 * 3_600_000

const pressuresOf = prepared((tx) =>
  tx
    .select({ key: pressures.subjectKey, version: pressures.version, touches: pressures.touches })
    .from(pressures)
    .where(
      and(
        eq(pressures.networkId, sql.placeholder('networkId')),
        oneOf(pressures.subjectKey, sql.placeholder('subjectKeys')),
      ),
    ),
)

/** Another transaction touched the same people: the page is routed again on what it wrote. */
export class PressureMoved extends Error {
  override name = 'PressureMoved'
}

/** The recent touches of a page's people and outlets; what routing adds is seen by the next of the page. */
export interface PressureLedger {
  touches(subjectKey: string): readonly Touch[]
  add(subjectKey: string, touch: Touch): void
  /** Takes one touch of a message on a channel back: it never came about. */
  remove(subjectKey: string, touch: Required<Pick<Touch, 'message' | 'channel'>>): void
  /** Writes what was added. Throws PressureMoved when a row is no longer the version that was read. */
  flush(tx: Tx, now: Date): Promise<void>
}

export async function readPressures(tx: Tx, networkId: string, subjectKeys: string[]): Promise<PressureLedger> {
  const known = new Map<string, { version: number; touches: Touch[] }>()
  const changed = new Set<string>()
  if (subjectKeys.length > 0) {
    const rows = await pressuresOf(tx, { networkId, subjectKeys })
    for (const row of rows) known.set(row.key, { version: row.version, touches: row.touches })
  }
  return {
    touches: (key) => known.get(key)?.touches ?? [],
    add: (key, touch) => {
      const row = known.get(key) ?? { version: 0, touches: [] }
      row.touches = [...row.touches.filter((past) => past.at > touch.at - keptMs), touch]
      known.set(key, row)
      changed.add(key)
    },
    remove: (key, { message, channel }) => {
      const row = known.get(key)
      const index = row?.touches.findIndex((touch) => touch.message === message && touch.channel === channel) ?? -1
      if (!row || index < 0) return
      row.touches = row.touches.toSpliced(index, 1)
      changed.add(key)
    },
    flush: async (tx, now) => {
      const rows = [...changed].map((subjectKey) => ({
        networkId,
        subjectKey,
        ...known.get(subjectKey)!,
        updatedAt: now,
      }))
      const fresh = rows.filter((row) => row.version === 0).map((row) => ({ ...row, version: 1 }))
      if ((await tx.insertRows(pressures, fresh, 'ignore')) !== fresh.length) throw new PressureMoved()
      await updateGuarded(
        tx,
        rows.filter((row) => row.version > 0),
      )
    },
  }
}

async function updateGuarded(
  tx: Tx,
  rows: { networkId: string; subjectKey: string; version: number; touches: Touch[]; updatedAt: Date }[],
) {
  // One statement per version read: the guard and the new value cannot be the same column of one row.
  for (const version of new Set(rows.map((row) => row.version))) {
    const same = rows.filter((row) => row.version === version)
    const matched = await tx.updateRows(
      pressures,
      { set: ['touches', 'updatedAt'], where: ['networkId', 'subjectKey', 'version'] },
      same,
    )
    if (matched !== same.length) throw new PressureMoved()
    await tx
      .update(pressures)
      .set({ version: version + 1 })
      .where(
        and(
          eq(pressures.networkId, rows[0]!.networkId),
          oneOf(
            pressures.subjectKey,
            same.map((row) => row.subjectKey),
          ),
        ),
      )
  }
}
