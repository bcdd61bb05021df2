/** A network's brand and pictures put on its words, before they are compiled and long before they are anyone's. */
import { and, eq, inArray } from 'drizzle-orm'
import type { TemplateCatalog } from '../campaign/templates.ts'
import type { Tx } from '../db/index.ts'
import { brands, networks } from '../db/schema.ts'
import { type Dress, type Look, picturesIn, withDress } from '../render/dress.ts'
import type { MergeValues } from '../render/values.ts'
import { channelNames, languages } from '../words.ts'
import { type Brand, ownSite, readBrand, storedOf } from './brand.ts'
import { type PictureRow, pictureOf, picturesById, picturesNamed } from './pictures.ts'

export type PartnerValues = NonNullable<MergeValues['partner']>

/** A brand as messages wear it. A logo that is gone is left out, since a broken picture would be worse. */
export function lookOf(brand: Brand, number: number, logo: PictureRow | undefined): Look {
  const { main, accent, address, signature, legal } = brand
  return {
    main,
    accent,
    ...(logo ? { logo: pictureOf(number, logo) } : {}),
    ...(address.length > 0 ? { address } : {}),
    ...(signature.length > 0 ? { signature } : {}),
    ...(legal ? { legal } : {}),
  }
}

async function numberOf(tx: Tx, networkId: string): Promise<number> {
  const [row] = await tx.select({ number: networks.number }).from(networks).where(eq(networks.id, networkId))
  if (!row) throw new Error(`There is no network ${networkId}.`)
  return row.number
}

/** What messages of a network wear now, with these pictures of its library; undefined when it has no brand and none is named. */
export async function dressOf(tx: Tx, networkId: string, names: readonly string[]): Promise<Dress | undefined> {
  const { published } = await readBrand(tx, networkId)
  if (!published && names.length === 0) return undefined
  const number = await numberOf(tx, networkId)
  const named = await picturesNamed(tx, networkId, names)
  const logos = published?.logo ? await picturesById(tx, networkId, [published.logo]) : new Map<string, PictureRow>()
  return {
    ...(published ? { look: lookOf(published, number, logos.get(published.logo ?? '')) } : {}),
    pictures: Object.fromEntries([...named].map(([name, row]) => [name, pictureOf(number, row)])),
  }
}

/** The catalogue with what its network wears put on the words of these templates. */
export async function dressedCatalog(
  tx: Tx,
  networkId: string,
  catalog: TemplateCatalog,
  templates: readonly string[],
): Promise<TemplateCatalog> {
  const sources = [...new Set(templates)].flatMap((template) =>
    channelNames.flatMap((channel) =>
      languages.flatMap((language) => catalog.find(template, channel, language)?.source ?? []),
    ),
  )
  const dress = await dressOf(tx, networkId, [...new Set(sources.flatMap(picturesIn))])
  if (!dress) return catalog
  const dressed = new Set(templates)
  return {
    ...catalog,
    find: (template, channel, language) => {
      const words = catalog.find(template, channel, language)
      return words && dressed.has(template) ? { ...words, source: withDress(words.source, channel, dress) } : words
    },
  }
}

/** The partners shown beside the network, by site: those of the sites asked for that have a brand. */
export async function partnersOf(
  tx: Tx,
  networkId: string,
  siteIds: readonly string[],
): Promise<Map<string, PartnerValues>> {
  const asked = [...new Set(siteIds)].filter((siteId) => siteId !== ownSite)
  if (asked.length === 0) return new Map()
  const rows = await tx
    .select({ siteId: brands.siteId, brand: brands.brand })
    .from(brands)
    .where(and(eq(brands.networkId, networkId), inArray(brands.siteId, asked)))
  const found = rows.flatMap(({ siteId, brand }) => {
    const { partner } = storedOf(brand)
    return partner ? [{ siteId, partner }] : []
  })
  if (found.length === 0) return new Map()
  const number = await numberOf(tx, networkId)
  const logos = await picturesById(
    tx,
    networkId,
    found.flatMap(({ partner }) => partner.logo ?? []),
  )
  return new Map(
    found.map(({ siteId, partner: { name, logo } }) => {
      const row = logo === undefined ? undefined : logos.get(logo)
      return [siteId, { name, ...(row ? { logo: pictureOf(number, row) } : {}) }]
    }),
  )
}

/** Who messages say they are from, where the brand says it: shown names, never addresses. */
export async function senderNamesOf(tx: Tx, networkId: string): Promise<Brand['senders']> {
  return (await readBrand(tx, networkId)).published?.senders ?? {}
}
