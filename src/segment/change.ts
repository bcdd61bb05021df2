import { and, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { businessNow, type WallClock } from '../clock.ts'
import type { Network } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { segments } from '../db/schema.ts'
import { refreshSoon } from './refresh-job.ts'
import type { SegmentRule } from './rule.ts'
import { listSegments, type Segment, SegmentProblem, saveSegments } from './save.ts'
import { type Usage, usageOf } from './usage.ts'

export interface ChangeDeps {
  db: Db
  wall: WallClock
}

/** A segment that others stand on is not deleted; `usage` says who they are. */
export class SegmentInUse extends Error {
  override name = 'SegmentInUse'
  readonly usage: Usage

  constructor(name: string, usage: Usage) {
    const users = [...usage.campaigns, ...usage.segments].map((user) => user.name)
    super(`The segment "${name}" is used by ${users.join(', ')}: take it out there first.`)
    this.usage = usage
  }
}

const longestName = 60

/** A name no segment of the network has, from a title: clients-de-l-est, clients-de-l-est-2 … */
export function nameFor(title: string, taken: ReadonlySet<string>): string {
  const stem =
    title
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, longestName) || 'segment'
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem}-${number}`
    if (!taken.has(name)) return name
  }
}

/** One segment of a network, by its id. */
export async function findSegment(tx: Tx, networkId: string, id: string): Promise<Segment | undefined> {
  return (await listSegments(tx, networkId)).find((segment) => segment.id === id)
}

export interface SegmentEntry {
  title: Record<string, string>
  rule: SegmentRule
}

/**
 * Writes a segment, a new one where no name is given, and has everybody's membership worked out. Returns its name.
 * Throws SegmentProblem when its rule names what does not exist, or itself by way of others.
 */
export async function changeSegment(
  { db, wall }: ChangeDeps,
  network: Network,
  given: SegmentEntry & { name?: string },
  actor: string,
): Promise<string> {
  const at = wall.now()
  return db.transaction(async (tx) => {
    const taken = new Set((await listSegments(tx, network.id)).map((segment) => segment.name))
    const { title, rule } = given
    const name = given.name ?? nameFor(title[network.language] ?? title.fr ?? title.en ?? '', taken)
    const saved = await saveSegments(tx, network.id, { [name]: { title, rule } }, businessNow(at, network))
    if (saved.unchanged.length > 0) return name
    await refreshSoon(tx, network, at)
    await audit(tx, { networkId: network.id, actor, action: 'segment.change', subject: name, at })
    return name
  })
}

/** Deletes a segment that nothing uses. Throws SegmentInUse; SegmentProblem when it is gone already. */
export async function deleteSegment(
  { db, wall }: ChangeDeps,
  network: Network,
  id: string,
  actor: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const all = await listSegments(tx, network.id)
    const segment = all.find((one) => one.id === id)
    if (!segment) throw new SegmentProblem('This segment is not there any more.')
    const usage = (await usageOf(tx, network.id, all)).get(segment.name)!
    if (usage.campaigns.length + usage.segments.length > 0) throw new SegmentInUse(segment.name, usage)
    await tx.delete(segments).where(and(eq(segments.networkId, network.id), eq(segments.id, id)))
    await audit(tx, {
      networkId: network.id,
      actor,
      action: 'segment.delete',
      subject: segment.name,
      at: wall.now(),
    })
  })
}
