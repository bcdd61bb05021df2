/** How a network looks and signs: the draft its marketers work on, and what messages wear. */
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { brands } from '../db/schema.ts'
import { colourOf } from '../render/contrast.ts'
import { plainLook } from '../render/look.ts'

const line = z.string().trim().min(1).max(40)

/**
 * An alphanumeric sender: at most 11 characters, a letter among them, none outside GSM 03.38's basic Latin (3GPP
 * TS 23.040 §9.1.2.5 leaves 11 septets; Twilio, "Alphanumeric Sender ID": letters, digits and blanks).
 */
export const smsSenderPattern = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?$/

const colour = z.string().transform((text, context) => {
  const found = colourOf(text)
  if (found) return found
  context.addIssue({ code: 'custom', message: 'colour' })
  return z.NEVER
})

export const brandSchema = z.object({
  main: colour,
  accent: colour,
  logo: z.string().max(64).optional(),
  /** Under the name of the network, at the head of letters and at the foot of e-mails. */
  address: z.array(line).max(4).default([]),
  /** The first line is printed bold. */
  signature: z.array(line.max(60)).max(3).default([]),
  legal: z.string().trim().max(200).optional(),
  senders: z
    .object({
      email: z.string().trim().min(1).max(60).optional(),
      sms: z.string().regex(smsSenderPattern).optional(),
    })
    .default({}),
})
export type Brand = z.infer<typeof brandSchema>

export const emptyBrand: Brand = { ...plainLook, address: [], signature: [], senders: {} }

/** A partner beside the network. */
export const partnerBrandSchema = z.object({
  name: z.string().trim().min(1).max(60),
  logo: z.string().max(64).optional(),
})
export type PartnerBrand = z.infer<typeof partnerBrandSchema>

/** As stored: what messages wear, what is being worked on, and the logos that messages on their way may still show. */
const storedSchema = z.object({
  published: brandSchema.optional(),
  draft: brandSchema.optional(),
  partner: partnerBrandSchema.optional(),
  pastLogos: z.array(z.string()).default([]),
})
export type StoredBrand = z.infer<typeof storedSchema>

/** The network's own row. */
export const ownSite = ''

export async function readBrand(tx: Tx, networkId: string, siteId = ownSite): Promise<StoredBrand> {
  const [row] = await tx
    .select({ brand: brands.brand })
    .from(brands)
    .where(and(eq(brands.networkId, networkId), eq(brands.siteId, siteId)))
  return row ? storedOf(row.brand) : { pastLogos: [] }
}

export const storedOf = (json: unknown): StoredBrand => storedSchema.parse(json)

export interface BrandChange {
  networkId: string
  siteId?: string
  userId: string
  /** Wall time. */
  at: Date
}

async function write(
  tx: Tx,
  { networkId, siteId = ownSite, userId, at }: BrandChange,
  brand: StoredBrand,
): Promise<void> {
  const logoFileId = (siteId === ownSite ? brand.published?.logo : brand.partner?.logo) ?? null
  const values = { brand, logoFileId, updatedBy: userId, updatedAt: at }
  await tx
    .insert(brands)
    .values({ networkId, siteId, ...values })
    .onConflictDoUpdate({ target: [brands.networkId, brands.siteId], set: values })
}

const withPast = (past: readonly string[], before: string | undefined, now: string | undefined): string[] =>
  before === undefined || before === now ? [...past] : [...new Set([...past, before])]

/** Keeps what is being worked on; messages do not wear it yet. */
export async function saveDraft(tx: Tx, change: BrandChange, draft: Brand): Promise<void> {
  await write(tx, change, { ...(await readBrand(tx, change.networkId)), draft })
}

/** Forgets the draft; returns whether there was one. */
export async function discardDraft(tx: Tx, change: BrandChange): Promise<boolean> {
  const { draft, ...rest } = await readBrand(tx, change.networkId)
  if (draft) await write(tx, change, rest)
  return draft !== undefined
}

/** From now on every message whose words are not fixed yet wears the draft; returns whether there was one. */
export async function publishDraft(tx: Tx, change: BrandChange): Promise<boolean> {
  const { draft, published, ...rest } = await readBrand(tx, change.networkId)
  if (!draft) return false
  const pastLogos = withPast(rest.pastLogos, published?.logo, draft.logo)
  await write(tx, change, { ...rest, pastLogos, published: draft })
  const { networkId, userId, at } = change
  const data = { main: draft.main, accent: draft.accent, logo: draft.logo }
  await audit(tx, { networkId, actor: userId, action: 'brand.change', subject: networkId, data, at })
  return true
}

/** Puts a partner beside the network, or takes it away; its old logo stays for the letters and mailboxes that show it. */
export async function savePartner(
  tx: Tx,
  change: BrandChange & { siteId: string },
  partner: PartnerBrand | undefined,
): Promise<void> {
  const before = await readBrand(tx, change.networkId, change.siteId)
  const pastLogos = withPast(before.pastLogos, before.partner?.logo, partner?.logo)
  await write(tx, change, { pastLogos, ...(partner ? { partner } : {}) })
  const { networkId, siteId, userId, at } = change
  const data = { logo: partner?.logo ?? null }
  await audit(tx, { networkId, actor: userId, action: 'brand.change', subject: siteId, data, at })
}
