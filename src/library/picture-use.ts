/** Where a picture is shown: as long as it is somewhere, it stays. */
import { and, eq, inArray, like } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { brands, contentVersions, files, sites, templates } from '../db/schema.ts'
import { picturesIn } from '../render/dress.ts'
import { ownSite, type StoredBrand, storedOf } from './brand.ts'
import type { PictureRow } from './pictures.ts'

export type PictureUse =
  | { kind: 'brand' | 'draft' | 'pastBrand' }
  | { kind: 'partner' | 'pastPartner'; siteId: string; site: string }
  /** Words that name it, by their template. */
  | { kind: 'template'; template: string }
  /** Messages that were sent with it: mailboxes ask for it whenever they are opened. */
  | { kind: 'sent'; template: string }

/** Enough to say where; a picture in more places is in use all the same. */
const shown = 50

const ofBrand = (id: string, { published, draft, pastLogos }: StoredBrand): PictureUse[] => [
  ...(published?.logo === id ? [{ kind: 'brand' as const }] : []),
  ...(draft?.logo === id ? [{ kind: 'draft' as const }] : []),
  ...(pastLogos.includes(id) ? [{ kind: 'pastBrand' as const }] : []),
]

async function inBrands(tx: Tx, networkId: string, ids: readonly string[]): Promise<Map<string, PictureUse[]>> {
  const rows = await tx
    .select({ siteId: brands.siteId, brand: brands.brand })
    .from(brands)
    .where(eq(brands.networkId, networkId))
  const stored = rows.map(({ siteId, brand }) => ({ siteId, brand: storedOf(brand) }))
  const wanted = new Set(ids)
  const siteIds = stored.flatMap(({ siteId, brand: { partner, pastLogos } }) =>
    siteId !== ownSite && [partner?.logo, ...pastLogos].some((logo) => logo !== undefined && wanted.has(logo))
      ? siteId
      : [],
  )
  const names =
    siteIds.length === 0
      ? []
      : await tx
          .select({ id: sites.id, name: sites.name })
          .from(sites)
          .where(and(eq(sites.networkId, networkId), inArray(sites.id, siteIds.slice(0, 500))))
  const nameOf = new Map(names.map(({ id, name }) => [id, name]))
  return new Map(
    ids.map((id) => [
      id,
      stored.flatMap(({ siteId, brand }): PictureUse[] => {
        if (siteId === ownSite) return ofBrand(id, brand)
        const site = nameOf.get(siteId) ?? ''
        if (brand.partner?.logo === id) return [{ kind: 'partner', siteId, site }]
        return brand.pastLogos.includes(id) ? [{ kind: 'pastPartner', siteId, site }] : []
      }),
    ]),
  )
}

/** Where each of these pictures is shown. */
export async function usesOf(
  tx: Tx,
  networkId: string,
  pictures: readonly PictureRow[],
): Promise<Map<string, PictureUse[]>> {
  if (pictures.length === 0) return new Map()
  const uses = await inBrands(
    tx,
    networkId,
    pictures.map(({ id }) => id),
  )
  const mentioning = await tx
    .select({ template: templates.template, source: templates.source })
    .from(templates)
    .where(and(eq(templates.networkId, networkId), like(templates.source, '%](library:%')))
    .limit(500)
  for (const { template, source } of mentioning) {
    const names = new Set(picturesIn(source))
    for (const { id, name } of pictures) if (names.has(name)) add(uses, id, { kind: 'template', template })
  }
  return uses
}

/** Where one picture is shown, messages already sent among them. */
export async function everyUseOf(tx: Tx, networkId: string, picture: PictureRow): Promise<PictureUse[]> {
  const uses = await usesOf(tx, networkId, [picture])
  const sent = await tx
    .selectDistinct({ template: contentVersions.template })
    .from(contentVersions)
    .where(and(eq(contentVersions.networkId, networkId), like(contentVersions.source, `%-${picture.id}.%`)))
    .limit(shown)
  for (const { template } of sent) add(uses, picture.id, { kind: 'sent', template })
  return uses.get(picture.id) ?? []
}

function add(uses: Map<string, PictureUse[]>, id: string, use: PictureUse): void {
  const known = uses.get(id) ?? []
  const isKnown = known.some((other) => JSON.stringify(other) === JSON.stringify(use))
  if (!isKnown) uses.set(id, [...known, use])
}

/** Deletes a picture that is shown nowhere; otherwise leaves it and says where it is. */
export async function deletePicture(
  tx: Tx,
  picture: PictureRow,
  by: { userId: string; at: Date },
): Promise<PictureUse[]> {
  const { networkId, id, name } = picture
  const uses = await everyUseOf(tx, networkId, picture)
  if (uses.length > 0) return uses
  await tx.delete(files).where(and(eq(files.networkId, networkId), eq(files.id, id)))
  await audit(tx, { networkId, actor: by.userId, action: 'file.remove', subject: id, data: { name }, at: by.at })
  return []
}
