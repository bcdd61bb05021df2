import { createHash } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { contentVersions } from '../db/schema.ts'
import type { ChannelName, Language } from '../words.ts'

export interface Words {
  template: string
  channel: ChannelName
  language: Language
  /** The words with their layout: whole, so that they render alike whatever becomes of the files. */
  source: string
}

/** The stored version of these words; the same source is the same version. */
export async function contentVersion(tx: Tx, networkId: string, words: Words, now: Date): Promise<string> {
  const hash = createHash('sha256').update(words.source).digest('hex')
  const same = and(
    eq(contentVersions.networkId, networkId),
    eq(contentVersions.template, words.template),
    eq(contentVersions.channel, words.channel),
    eq(contentVersions.language, words.language),
    eq(contentVersions.hash, hash),
  )
  const [known] = await tx.select({ id: contentVersions.id }).from(contentVersions).where(same)
  if (known) return known.id
  await tx.insertRows(contentVersions, [{ networkId, id: newId(), ...words, hash, createdAt: now }], 'ignore')
  return (await tx.select({ id: contentVersions.id }).from(contentVersions).where(same))[0]!.id
}

/** Words by their version's id. */
export async function wordsOf(tx: Tx, networkId: string, ids: string[]): Promise<Map<string, Words>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select()
    .from(contentVersions)
    .where(and(eq(contentVersions.networkId, networkId), inArray(contentVersions.id, ids)))
  return new Map(rows.map((row) => [row.id, row]))
}
