import { and, asc, count, desc, eq, inArray, lt, min } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { campaigns, campaignVersions, contacts, deliveries, messages, sites, stepRuns } from '../../../db/schema.ts'

const pageSize = 24

export interface CampaignCard {
  id: string
  name: string
  title: Record<string, string>
  status: (typeof campaigns.$inferSelect)['status']
  class: (typeof campaigns.$inferSelect)['class']
  steps: number
  stepsDone: number
  deliveries: number
  nextAt: Date | null
}

/** One page of a network's campaigns, the newest first; `next` is the cursor of the page after it. */
export async function listCampaigns(
  db: Db,
  networkId: string,
  cursor?: string,
): Promise<{ campaigns: CampaignCard[]; next?: string }> {
  const found = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), cursor ? lt(campaigns.id, cursor) : undefined))
    .orderBy(desc(campaigns.id))
    .limit(pageSize + 1)
  const page = found.slice(0, pageSize)
  const ids = page.map((campaign) => campaign.id)
  if (ids.length === 0) return { campaigns: [] }
  const mine = and(eq(messages.networkId, networkId), inArray(messages.campaignId, ids))
  const runs = and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id))
  const steps = await db
    .select({ campaignId: messages.campaignId, status: stepRuns.status, steps: count(), nextAt: min(messages.dueAt) })
    .from(messages)
    .leftJoin(stepRuns, runs)
    .where(mine)
    .groupBy(messages.campaignId, stepRuns.status)
  const sent = await db
    .select({ campaignId: messages.campaignId, deliveries: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(mine)
    .groupBy(messages.campaignId)
  const sum = (id: string, isDone: boolean) =>
    steps
      .filter((row) => row.campaignId === id && (!isDone || row.status === 'done'))
      .reduce((total, row) => total + row.steps, 0)
  return {
    campaigns: page.map((campaign) => ({
      id: campaign.id,
      name: campaign.name,
      title: campaign.title,
      status: campaign.status,
      class: campaign.class,
      steps: sum(campaign.id, false),
      stepsDone: sum(campaign.id, true),
      deliveries: sent.find((row) => row.campaignId === campaign.id)?.deliveries ?? 0,
      nextAt: steps
        .filter((row) => row.campaignId === campaign.id && (row.status === null || row.status === 'waiting'))
        .map((row) => row.nextAt)
        .reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null),
    })),
    next: found.length > pageSize ? page.at(-1)?.id : undefined,
  }
}

/** How large the network is. */
export async function networkSize(db: Db, networkId: string): Promise<{ sites: number; contacts: number }> {
  return {
    sites: await db.$count(sites, eq(sites.networkId, networkId)),
    contacts: await db.$count(contacts, and(eq(contacts.networkId, networkId), eq(contacts.isActive, true))),
  }
}

export async function findCampaign(db: Db, networkId: string, id: string) {
  const [campaign] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, id)))
  return campaign
}

export type CampaignRow = NonNullable<Awaited<ReturnType<typeof findCampaign>>>

/** A campaign's steps in the order of the sequence, each with how far it has come. */
export async function listSteps(db: Db, networkId: string, campaignId: string) {
  return db
    .select({
      id: messages.id,
      step: messages.step,
      position: messages.position,
      occurrence: messages.occurrence,
      urgency: messages.urgency,
      intent: messages.intent,
      dueAt: messages.dueAt,
      definition: messages.definition,
      runStatus: stepRuns.status,
      audience: stepRuns.audience,
      reached: stepRuns.reached,
    })
    .from(messages)
    .leftJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(asc(messages.position), asc(messages.dueAt))
}

/** Whether the author fixed the channels, so that routing had nothing to choose. */
export const isFixed = (step: { definition: unknown }): boolean =>
  typeof step.definition === 'object' &&
  step.definition !== null &&
  'channels' in step.definition &&
  Array.isArray(step.definition.channels)

export type StepRow = Awaited<ReturnType<typeof listSteps>>[number]

/** What a campaign's newest version says, as it is written, draft or not. */
export async function sourceOf(db: Db, networkId: string, campaignId: string) {
  const [row] = await db
    .select({
      name: campaigns.name,
      title: campaigns.title,
      status: campaigns.status,
      text: campaignVersions.source,
      hash: campaignVersions.hash,
      version: campaignVersions.version,
      definition: campaignVersions.definition,
    })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
  return row
}
