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
  /** What the contents rendered from these words are packed against; see `dictionaryFor`. */
  dictionary?: Uint8Array | null
}

export interface Version {
  id: string
  /** The one it was stored with, whatever others would make of the same words today. */
  dictionary: Uint8Array | null
}

/** The stored version of these words; the same source is the same version. `makeDictionary` is asked for a new one. */
export async function contentVersion(
  tx: Tx,
  networkId: string,
  words: Omit<Words, 'dictionary'>,
  now: Date,
  makeDictionary?: () => Promise<Uint8Array | undefined>,
): Promise<Version> {
  const hash = createHash('sha256').update(words.source).digest('hex')
  const same = and(
    eq(contentVersions.networkId, networkId),
    eq(contentVersions.template, words.template),
    eq(contentVersions.channel, words.channel),
    eq(contentVersions.language, words.language),
    eq(contentVersions.hash, hash),
  )
  const find = () =>
    tx.select({ id: contentVersions.id, dictionary: contentVersions.dictionary }).from(contentVersions).where(same)
  const [known] = await find()
  if (known) return known
  const dictionary = (await makeDictionary?.()) ?? null
  await tx.insertRows(
    contentVersions,
    [{ networkId, id: newId(), ...words, dictionary, hash, createdAt: now }],
    'ignore',
  )
  return (await find())[0]!
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
