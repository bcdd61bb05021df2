import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Difference, differenceOf, differenceOfFiles } from '../approval/difference.ts'
import { keepSnapshot, readSnapshot, type Snapshot, snapshotHash } from '../approval/snapshot.ts'
import type { Tx } from '../db/index.ts'
import { campaignVersions, users } from '../db/schema.ts'
import type { Layouts } from '../render/layout.ts'
import type { StepDefinition } from './definition.ts'
import { type FrozenText, frozenOf } from './frozen-words.ts'

/** The words fixed for steps of a launched campaign, each text under the name of its step. */
export async function wordsFixed(
  tx: Tx,
  networkId: string,
  campaignId: string,
  steps: readonly Pick<StepDefinition, 'name'>[],
): Promise<FrozenText[]> {
  const words: FrozenText[] = []
  for (const { name } of steps)
    for (const text of (await frozenOf(tx, networkId, { campaignId, step: name })) ?? [])
      words.push({ ...text, template: name })
  return words
}

/**
 * Keeps what a version of a launched campaign says as things stand, in the transaction that changes the campaign: once
 * before, for the version it leaves, and once after, for the one it makes. A version that has one keeps it.
 */
export async function keepVersionSnapshot(
  tx: Tx,
  networkId: string,
  campaignId: string,
  version: number,
  now: Date,
): Promise<void> {
  const isThis = and(
    eq(campaignVersions.networkId, networkId),
    eq(campaignVersions.campaignId, campaignId),
    eq(campaignVersions.version, version),
  )
  const [row] = await tx.select().from(campaignVersions).where(isThis)
  if (!row || row.snapshot !== null) return
  const { steps = [] } = row.definition as { steps?: readonly StepDefinition[] }
  const words = await wordsFixed(tx, networkId, campaignId, steps)
  const snapshot: Snapshot = { hash: snapshotHash(row.source, words), source: row.source, words }
  await keepSnapshot(tx, networkId, campaignId, snapshot, now)
  await tx
    .update(campaignVersions)
    .set({ snapshot: snapshot.hash })
    .where(and(isThis, isNull(campaignVersions.snapshot)))
}

export interface Version {
  version: number
  createdAt: Date
  /** A user’s name, or as in the audit trail. */
  by: string
  /** What it says otherwise than the one before; undefined of the first. */
  since?: Difference
}

/** The newest versions of a campaign, the newest first, each with what it changed. At most `limit`. */
export async function versionsWithDifferences(
  tx: Tx,
  networkId: string,
  campaignId: string,
  layouts: Layouts,
  limit = 20,
): Promise<Version[]> {
  const rows = await tx
    .select()
    .from(campaignVersions)
    .where(and(eq(campaignVersions.networkId, networkId), eq(campaignVersions.campaignId, campaignId)))
    .orderBy(campaignVersions.version)
  const newest = rows.slice(-limit)
  const people = await tx
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(newest.map((row) => row.createdBy))]))
  const nameOf = new Map(people.map(({ id, name }) => [id, name]))
  const saidIn = async ({ snapshot }: (typeof rows)[number]) =>
    snapshot === null ? undefined : readSnapshot(tx, networkId, campaignId, snapshot)
  const versions: Version[] = []
  for (const row of newest) {
    const before = rows.find((one) => one.version === row.version - 1)
    const [old, now] = before ? [await saidIn(before), await saidIn(row)] : []
    versions.unshift({
      version: row.version,
      createdAt: row.createdAt,
      by: nameOf.get(row.createdBy) ?? row.createdBy,
      since: !before
        ? undefined
        : old && now
          ? differenceOf(old, now, layouts)
          : { ...differenceOfFiles(before.source, row.source), texts: [] },
    })
  }
  return versions
}
