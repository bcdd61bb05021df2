import { createHash } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import type { WordsRef } from '../db/schema/approval.ts'
import { campaignWords, keptWords } from '../db/schema.ts'
import { withSubject } from '../experiment/subject.ts'
import { templatesOf, type VariantStep } from '../experiment/variant.ts'
import { type ChannelName, channelNames, type Language, languages } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { catalogFor } from './network-templates.ts'
import type { TemplateCatalog } from './templates.ts'

/** A template's words for a channel and a language, with the layout and the brand they wear. */
export interface FrozenText extends WordsRef {
  source: string
}

/** Tells one text from another. */
export const wordsHash = (source: string): string => createHash('sha256').update(source).digest('hex')

/** Everything a campaign can say, as its templates stand: each text once, in a fixed order. */
export function wordsOfCampaign(catalog: TemplateCatalog, { steps }: Pick<CampaignDefinition, 'steps'>): FrozenText[] {
  return [...new Set(steps.flatMap(templatesOf))].sort().flatMap((template) =>
    channelNames.flatMap((channel) =>
      languages.flatMap((language): FrozenText[] => {
        const found = catalog.find(template, channel, language)
        return found ? [{ template, channel, language, source: found.source, hash: wordsHash(found.source) }] : []
      }),
    ),
  )
}

/** Keeps texts by their hash; the same text is kept once. */
export async function keepWords(tx: Tx, networkId: string, words: readonly FrozenText[], now: Date): Promise<void> {
  const bySource = new Map(words.map(({ hash, source }) => [hash, source]))
  await tx.insertRows(
    keptWords,
    [...bySource].map(([hash, source]) => ({ networkId, hash, source, createdAt: now })),
    'ignore',
  )
}

/** Texts by their hash. */
export async function readKeptWords(
  tx: Tx,
  networkId: string,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await tx
    .select({ hash: keptWords.hash, source: keptWords.source })
    .from(keptWords)
    .where(and(eq(keptWords.networkId, networkId), inArray(keptWords.hash, [...new Set(hashes)])))
  return new Map(rows.map((row) => [row.hash, row.source]))
}

/** The steps as words are fixed for them: the variants of an experiment may each have a template. */
const saidBy = (step: StepDefinition): { name: string; template: string }[] =>
  templatesOf(step).map((template) => ({ name: wordsKey(step.name, { ...step, template }), template }))

/** Under which name the words of a step are fixed: its own, or one for each template that is tried. */
const wordsKey = (step: string, { experiment, template }: Pick<StepDefinition, 'experiment' | 'template'>): string =>
  experiment?.vary === 'template' ? `${step} ${template}` : step

/** A recurring step is written anew each time, as a newsletter is: its words are those of the day. */
const isFrozen = (step: StepDefinition): boolean => step.every === undefined

/**
 * Fixes what these steps of a campaign say, in the transaction that launches or changes it: what becomes of the
 * templates afterwards is nothing to them. Words fixed before are replaced.
 */
export async function freezeSteps(
  tx: Tx,
  networkId: string,
  campaignId: string,
  steps: readonly StepDefinition[],
  words: readonly FrozenText[],
  now: Date,
): Promise<void> {
  const frozen = steps.filter(isFrozen).flatMap(saidBy)
  if (frozen.length === 0) return
  await tx.delete(campaignWords).where(
    and(
      eq(campaignWords.networkId, networkId),
      eq(campaignWords.campaignId, campaignId),
      inArray(
        campaignWords.step,
        frozen.map((step) => step.name),
      ),
    ),
  )
  await keepWords(tx, networkId, words, now)
  await tx.insertRows(
    campaignWords,
    frozen.flatMap((step) =>
      words
        .filter((text) => text.template === step.template)
        .map(({ template, channel, language, hash }) => ({
          networkId,
          campaignId,
          step: step.name,
          template,
          channel,
          language,
          hash,
        })),
    ),
  )
}

/** What a step says by the words fixed for it; undefined where none were. */
export async function frozenOf(
  tx: Tx,
  networkId: string,
  { campaignId, step }: { campaignId: string; step: string },
): Promise<FrozenText[] | undefined> {
  const refs = await tx
    .select({
      template: campaignWords.template,
      channel: campaignWords.channel,
      language: campaignWords.language,
      hash: campaignWords.hash,
    })
    .from(campaignWords)
    .where(
      and(
        eq(campaignWords.networkId, networkId),
        eq(campaignWords.campaignId, campaignId),
        eq(campaignWords.step, step),
      ),
    )
  if (refs.length === 0) return undefined
  const sources = await sourcesOf(
    tx,
    networkId,
    refs.map((ref) => ref.hash),
  )
  return refs.map((ref) => ({ ...ref, source: sources.get(ref.hash) as string }))
}

/** Texts lately read: a batch after the other asks for the same. A hash never means another text. */
const lately = new Map<string, string>()
const mostLately = 400

async function sourcesOf(tx: Tx, networkId: string, hashes: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const hash of hashes) {
    const known = lately.get(hash)
    if (known === undefined) missing.push(hash)
    else found.set(hash, known)
  }
  for (const [hash, source] of await readKeptWords(tx, networkId, missing)) {
    found.set(hash, source)
    lately.set(hash, source)
    for (const oldest of lately.keys()) {
      if (lately.size <= mostLately) break
      lately.delete(oldest)
    }
  }
  return found
}

/** The words of one message: those fixed for its step, or else its template as the network has it now. */
export async function catalogOfMessage(
  tx: Tx,
  packaged: TemplateCatalog,
  networkId: string,
  message: { campaignId: string; step: string; template: string; definition: unknown },
): Promise<TemplateCatalog> {
  const { campaignId, template } = message
  const definition = message.definition as VariantStep
  const frozen = await frozenOf(tx, networkId, {
    campaignId,
    step: wordsKey(message.step, { ...definition, template }),
  })
  const catalog = frozen
    ? frozenCatalog(packaged, frozen)
    : await catalogFor(tx, packaged, networkId, [message.template])
  return definition.subject ? withSubject(catalog, definition.subject) : catalog
}

/** Fixed words as a catalogue: it has nothing else. */
export function frozenCatalog(packaged: TemplateCatalog, words: readonly FrozenText[]): TemplateCatalog {
  const key = (template: string, channel: ChannelName, language: Language) => `${template}\n${channel}\n${language}`
  const texts = new Map(words.map((text) => [key(text.template, text.channel, text.language), text]))
  return {
    layouts: packaged.layouts,
    unread: [],
    names: new Set(words.map((text) => text.template)),
    channels: (template) =>
      channelNames.filter((channel) => words.some((text) => text.template === template && text.channel === channel)),
    find: (template, channel, language) => {
      const text = texts.get(key(template, channel, language))
      return text && { source: text.source, path: `${template}.${language}.${channel}` }
    },
  }
}
