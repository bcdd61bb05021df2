import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Context } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { templates } from '../db/schema.ts'
import { templatesOf } from '../experiment/variant.ts'
import { dressedCatalog } from '../library/dress.ts'
import { withLayout } from '../render/layout.ts'
import { channelNames } from '../words.ts'
import type { CampaignDefinition } from './definition.ts'
import type { TemplateCatalog, TemplateWords } from './templates.ts'

/** What a network wrote itself under a template's name, for one channel and language. */
export type NetworkWords = Pick<typeof templates.$inferSelect, 'template' | 'channel' | 'language' | 'source'>

/**
 * The catalogue as one network has it: of the templates named, its own words stand before those that came with the
 * program, file by file; all of them wear the network's brand and find the pictures of its library. Only these are read, since a network that writes many messages has thousands of templates.
 */
export async function catalogFor(
  tx: Tx,
  packaged: TemplateCatalog,
  networkId: string,
  names: readonly string[],
  /** Words that are not kept yet, in place of those that are. */
  unkept: readonly NetworkWords[] = [],
): Promise<TemplateCatalog> {
  if (names.length === 0) return packaged
  const rows = await tx
    .select({
      template: templates.template,
      channel: templates.channel,
      language: templates.language,
      source: templates.source,
    })
    .from(templates)
    .where(and(eq(templates.networkId, networkId), inArray(templates.template, [...new Set(names)])))
  const own = [...rows, ...unkept]
  return dressedCatalog(tx, networkId, own.length === 0 ? packaged : layered(packaged, own), names)
}

/** The templates a network has words of its own for, by name; a name that begins with `message/` is one message's. */
export async function networkTemplateNames(tx: Tx, networkId: string, limit = 500): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ template: templates.template })
    .from(templates)
    .where(eq(templates.networkId, networkId))
    .orderBy(asc(templates.template))
    .limit(limit)
  return rows.map((row) => row.template)
}

/** A catalogue with some words laid over it; they take the catalogue's layouts. */
export function layered(packaged: TemplateCatalog, own: readonly NetworkWords[]): TemplateCatalog {
  const words = new Map<string, TemplateWords>()
  const channels = new Map<string, Set<string>>()
  for (const { template, channel, language, source } of own) {
    words.set(`${template}\n${channel}\n${language}`, {
      source: withLayout(source, channel, packaged.layouts),
      path: `${template}.${language}.${channel}.${channel === 'sms' || channel === 'screen' ? 'txt' : 'md'}`,
    })
    channels.set(template, (channels.get(template) ?? new Set()).add(channel))
  }
  return {
    ...packaged,
    names: new Set([...packaged.names, ...channels.keys()]),
    channels: (template) => {
      const mine = channels.get(template)
      const theirs = packaged.channels(template)
      return mine ? channelNames.filter((channel) => mine.has(channel) || theirs.includes(channel)) : theirs
    },
    find: (template, channel, language) =>
      words.get(`${template}\n${channel}\n${language}`) ?? packaged.find(template, channel, language),
  }
}

/** The words a campaign's steps take, as its network has them. */
export const catalogOf = (
  { db, templates: packaged }: Pick<Context, 'db' | 'templates'>,
  network: { id: string },
  campaign: CampaignDefinition,
  unkept: readonly NetworkWords[] = [],
): Promise<TemplateCatalog> => catalogFor(db, packaged, network.id, campaign.steps.flatMap(templatesOf), unkept)
