import { and, eq, gt, isNull } from 'drizzle-orm'
import { type Audience, audiencePage } from '../audience/page.ts'
import { type CampaignDefinition, holdoutShare } from '../campaign/definition.ts'
import type { Network } from '../context.ts'
import { type Db, oneOf, type Tx } from '../db/index.ts'
import { campaigns, contacts, holdouts, sites } from '../db/schema.ts'
import { classRules } from '../routing/classes.ts'
import { heldOutOf, type Outlet, sizeOf } from '../routing/holdout.ts'
import { audienceOf } from './step.ts'

const pageSize = 500

/** The control group of a campaign, as far as somebody asks: of one outlet, is it in? */
export interface Holdout {
  share: number
  has(siteId: string): boolean
}

/** The share a campaign leaves out; undefined where it asks for none, or where its class lets nobody be left out. */
export function shareHeldOut(campaign: CampaignDefinition): number | undefined {
  return classRules[campaign.class].isCapped ? holdoutShare(campaign) : undefined
}

/**
 * The control group a plan reckons with: as drawn when the campaign began, otherwise as it would be drawn now.
 * Holds the ids of the outlets left out, nothing else.
 */
export async function plannedHoldout(
  db: Db,
  network: Network,
  campaign: CampaignDefinition,
): Promise<Holdout | undefined> {
  const share = shareHeldOut(campaign)
  if (share === undefined) return undefined
  const [known] = await db
    .select({ id: campaigns.id, holdout: campaigns.holdout })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.name, campaign.name)))
  if (known?.holdout) {
    const rows = await db
      .select({ siteId: holdouts.siteId })
      .from(holdouts)
      .where(and(eq(holdouts.networkId, network.id), eq(holdouts.campaignId, known.id)))
    const ids = new Set(rows.map((row) => row.siteId))
    return { share: known.holdout.share, has: (siteId) => ids.has(siteId) }
  }
  const { heldOut } = await drawn(db, network, campaign, share)
  return { share, has: (siteId) => heldOut.has(siteId) }
}

/**
 * Draws the control group of a campaign that asks for one, once: before its first step decides anything. An outlet
 * that joins the network later is not in it. Killed in the middle, it is drawn again.
 */
export async function drawHoldout(
  db: Db,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
): Promise<void> {
  const share = shareHeldOut(campaign)
  if (share === undefined) return
  const own = and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId))
  const [row] = await db.select({ holdout: campaigns.holdout }).from(campaigns).where(own)
  if (!row || row.holdout) return
  const { heldOut, outlets } = await drawn(db, network, campaign, share)
  const ids = [...heldOut]
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize)
    await db.transaction((tx) =>
      tx.insertRows(
        holdouts,
        page.map((siteId) => ({ networkId: network.id, campaignId, siteId })),
        'ignore',
      ),
    )
  }
  await db
    .update(campaigns)
    .set({ holdout: { share, outlets, heldOut: ids.length } })
    .where(and(own, isNull(campaigns.holdout)))
}

/** Which of a page's outlets the campaign leaves out, as drawn. */
export async function holdoutAmong(
  tx: Tx,
  network: Network,
  campaignId: string,
  campaign: CampaignDefinition,
  siteIds: readonly string[],
): Promise<Holdout | undefined> {
  const share = shareHeldOut(campaign)
  if (share === undefined) return undefined
  const rows = await tx
    .select({ siteId: holdouts.siteId })
    .from(holdouts)
    .where(
      and(
        eq(holdouts.networkId, network.id),
        eq(holdouts.campaignId, campaignId),
        oneOf(holdouts.siteId, [...new Set(siteIds)]),
      ),
    )
  const ids = new Set(rows.map((row) => row.siteId))
  return { share, has: (siteId) => ids.has(siteId) }
}

async function drawn(db: Db, network: Network, campaign: CampaignDefinition, share: number) {
  const people = await peopleBySite(db, await audienceOf(db, network.id, campaign.audience))
  const outlets: Outlet[] = []
  for (let after = ''; ; ) {
    const page = await db
      .select({ id: sites.id, key: sites.externalId, tier: sites.tier })
      .from(sites)
      .where(and(eq(sites.networkId, network.id), gt(sites.id, after)))
      .orderBy(sites.id)
      .limit(pageSize)
    for (const { id, key, tier } of page) {
      const count = people.get(id)
      if (count !== undefined) outlets.push({ id, key, stratum: `${tier ?? ''}|${sizeOf(count)}` })
    }
    if (page.length < pageSize) break
    after = page.at(-1)!.id
  }
  return { heldOut: heldOutOf(outlets, share, `${network.name}|${campaign.name}`), outlets: outlets.length }
}

/** How many people of an audience each outlet has; a rule of the campaign's own is not judged, so that all count. */
async function peopleBySite(db: Db, audience: Audience): Promise<Map<string, number>> {
  const people = new Map<string, number>()
  for (let after = ''; ; ) {
    const ids = await audiencePage(db, audience, after, pageSize)
    const rows = await db
      .select({ siteId: contacts.siteId })
      .from(contacts)
      .where(and(eq(contacts.networkId, audience.networkId), oneOf(contacts.id, ids)))
    for (const { siteId } of rows) people.set(siteId, (people.get(siteId) ?? 0) + 1)
    if (ids.length < pageSize) return people
    after = ids.at(-1)!
  }
}
