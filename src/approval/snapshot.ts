import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { checkText } from '../campaign/drafts.ts'
import { type FrozenText, keepWords, readKeptWords, wordsOfCampaign } from '../campaign/frozen-words.ts'
import { catalogOf } from '../campaign/network-templates.ts'
import type { CampaignProblem } from '../campaign/problems.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaignSnapshots } from '../db/schema.ts'

/** A campaign’s file and all it can say, at one moment. */
export interface Snapshot {
  /** Of both together: what a proof shows and an approval is for. */
  hash: string
  source: string
  words: readonly FrozenText[]
}

/** Tells a campaign’s text and words from any others; the order of the words is theirs in the campaign. */
export const snapshotHash = (source: string, words: readonly Omit<FrozenText, 'source'>[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        source,
        words.map(({ template, channel, language, hash }) => `${template} ${channel} ${language} ${hash}`).sort(),
      ]),
    )
    .digest('hex')

/** A draft as it stands at `now` (business time), or everything that keeps it from being read. */
export async function snapshotOf(
  context: Context,
  network: Network,
  draft: { name: string; text: string },
  now: Date,
): Promise<
  { snapshot: Snapshot; campaign: CampaignDefinition; problems?: undefined } | { problems: CampaignProblem[] }
> {
  const read = await checkText(context, network, { file: `${draft.name}.yaml`, text: draft.text }, now)
  if (read.problems) return { problems: read.problems }
  const words = wordsOfCampaign(await catalogOf(context, network, read.campaign), read.campaign)
  return {
    campaign: read.campaign,
    snapshot: { hash: snapshotHash(draft.text, words), source: draft.text, words },
  }
}

/** Keeps a snapshot with its campaign; the same one is kept once. */
export async function keepSnapshot(
  tx: Tx,
  networkId: string,
  campaignId: string,
  { hash, source, words }: Snapshot,
  now: Date,
): Promise<void> {
  await keepWords(tx, networkId, words, now)
  const refs = words.map(({ template, channel, language, hash: of }) => ({ template, channel, language, hash: of }))
  await tx.insertRows(
    campaignSnapshots,
    [{ networkId, campaignId, hash, source, words: refs, createdAt: now }],
    'ignore',
  )
}

/** A snapshot as it was kept; undefined when there is none of that hash. */
export async function readSnapshot(
  tx: Tx,
  networkId: string,
  campaignId: string,
  hash: string,
): Promise<Snapshot | undefined> {
  const [row] = await tx
    .select()
    .from(campaignSnapshots)
    .where(
      and(
        eq(campaignSnapshots.networkId, networkId),
        eq(campaignSnapshots.campaignId, campaignId),
        eq(campaignSnapshots.hash, hash),
      ),
    )
  if (!row) return undefined
  const sources = await readKeptWords(
    tx,
    networkId,
    row.words.map((ref) => ref.hash),
  )
  return {
    hash,
    source: row.source,
    words: row.words.map((ref) => ({ ...ref, source: sources.get(ref.hash) ?? '' })),
  }
}
