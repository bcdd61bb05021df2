/** What campaigns do and when, over a span of time: steps that were, steps to come, and the dates of their printing. */
import { and, asc, count, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions, contacts, messages, sites, stepRuns } from '../db/schema.ts'
import { type CampaignStatus, type ChannelName, channelNames } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { firstMoment, placesOf } from './moments.ts'
import { isRecurring, occurrencesOf } from './occurrences.ts'
import { isPrinted, printDates } from './print-dates.ts'
import { printMoments } from './print-moments.ts'
import type { RegionShare } from './slack.ts'

export interface AgendaEntry {
  /** The same for ever: campaign, step, occurrence and which of its dates. */
  key: string
  campaignId: string
  title: Record<string, string>
  status: CampaignStatus
  class: string
  version: number
  segment?: string
  messageId?: string
  step: string
  position: number
  occurrence: string
  what: 'step' | (typeof printDates)[number]
  at: Date
  /** Fixed by the author; empty where the policy decides. */
  channels: ChannelName[]
  run: 'waiting' | 'running' | 'done' | 'skipped' | 'canceled' | 'planned' | 'watching'
  audience: number
  reached: number
  /** People whose letter it waits for. */
  awaiting: number
  template?: string
}

export interface AgendaSpan {
  from: Date
  /** Exclusive. */
  until: Date
  campaignId?: string
}

const shownStatuses: readonly CampaignStatus[] = ['scheduled', 'running', 'paused', 'finished']
/** A calendar page or a feed shows no more. */
const mostEntries = 2_000
const mostCampaigns = 300

/** The entries of a span, earliest first; canceled campaigns are left out unless one is asked for by name. */
export async function agendaOf(
  tx: Tx,
  network: Network,
  { from, until, campaignId }: AgendaSpan,
): Promise<AgendaEntry[]> {
  const known = await campaignsIn(tx, network.id, campaignId)
  if (known.length === 0) return []
  const rows = await tx
    .select({
      id: messages.id,
      campaignId: messages.campaignId,
      step: messages.step,
      position: messages.position,
      occurrence: messages.occurrence,
      dueAt: messages.dueAt,
      definition: messages.definition,
      run: stepRuns.status,
      audience: stepRuns.audience,
      reached: stepRuns.reached,
      awaiting: stepRuns.awaiting,
    })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(
      and(
        eq(messages.networkId, network.id),
        inArray(
          messages.campaignId,
          known.map((one) => one.id),
        ),
        gte(messages.dueAt, from),
        lt(messages.dueAt, until),
      ),
    )
    .orderBy(asc(messages.dueAt), asc(messages.id))
    .limit(mostEntries)
  const places = await placesOf(tx, network.id)
  const entries: AgendaEntry[] = []
  for (const campaign of known) {
    // A draft's version is kept before anybody has validated it, and may hold nothing yet.
    const definition = campaign.definition as CampaignDefinition
    if (!Array.isArray(definition.steps)) continue
    const launchedAt = campaign.launchedAt ?? from
    const common = commonOf(campaign, definition)
    const own = rows.filter((row) => row.campaignId === campaign.id)
    for (const row of own) {
      const step = row.definition as StepDefinition
      // An answer to somebody, or what people come to one by one, has no date of its own.
      if (step.at === undefined) continue
      entries.push({
        ...common,
        ...stepEntry(common.campaignId, step, row.position, row.occurrence, row.dueAt),
        ...{ messageId: row.id, run: row.run, audience: row.audience, reached: row.reached, awaiting: row.awaiting },
      })
    }
    if (campaign.status === 'finished' || campaign.status === 'canceled') continue
    for (const [position, step] of definition.steps.entries()) {
      if (isRecurring(step)) {
        const last = await lastOccurrence(tx, network.id, campaign.id, step.name)
        for (const occurrence of occurrencesOf(definition, step, network, launchedAt)) {
          if (last !== undefined && occurrence <= last) continue
          const at = firstMoment(definition, step, places, network, launchedAt, occurrence)
          if (!at || at >= until || entries.length >= mostEntries) break
          if (at < from) continue
          entries.push({ ...common, ...stepEntry(campaign.id, step, position, occurrence, at), ...toCome })
        }
      } else if (isPrinted(step)) {
        const moments = printMoments(definition, step, network, launchedAt)
        for (const what of printDates) {
          if (what === 'freeze' || moments[what] < from || moments[what] >= until) continue
          entries.push({ ...common, ...stepEntry(campaign.id, step, position, '1', moments[what], what), ...toCome })
        }
      }
    }
  }
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime() || a.position - b.position).slice(0, mostEntries)
}

const toCome = { run: 'planned' as const, audience: 0, reached: 0, awaiting: 0 }

async function campaignsIn(tx: Tx, networkId: string, campaignId: string | undefined) {
  return tx
    .select({
      id: campaigns.id,
      title: campaigns.title,
      status: campaigns.status,
      class: campaigns.class,
      version: campaigns.version,
      launchedAt: campaigns.launchedAt,
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
    .where(
      and(
        eq(campaigns.networkId, networkId),
        campaignId === undefined ? inArray(campaigns.status, [...shownStatuses]) : eq(campaigns.id, campaignId),
      ),
    )
    .orderBy(asc(campaigns.createdAt))
    .limit(mostCampaigns)
}

type KnownCampaign = Awaited<ReturnType<typeof campaignsIn>>[number]

const commonOf = (campaign: KnownCampaign, definition: CampaignDefinition) => ({
  campaignId: campaign.id,
  title: campaign.title,
  status: campaign.status,
  class: campaign.class,
  version: campaign.version,
  ...('segment' in definition.audience ? { segment: definition.audience.segment } : {}),
})

function stepEntry(
  campaignId: string,
  step: StepDefinition,
  position: number,
  occurrence: string,
  at: Date,
  what: AgendaEntry['what'] = 'step',
) {
  return {
    key: `${campaignId}/${step.name}/${occurrence}/${what}`,
    ...{ step: step.name, position, occurrence, what, at },
    channels: channelNames.filter((channel) => step.channels?.includes(channel)),
    template: step.template,
  }
}

async function lastOccurrence(tx: Tx, networkId: string, campaignId: string, step: string) {
  const rows = await tx
    .select({ occurrence: messages.occurrence })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId), eq(messages.step, step)))
  return rows
    .map((row) => row.occurrence)
    .sort()
    .at(-1)
}

/** How many people live by each region's calendar. */
export const regionShares = (tx: Tx, networkId: string): Promise<RegionShare[]> =>
  tx
    .select({ region: sites.region, people: count() })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(eq(contacts.networkId, networkId))
    .groupBy(sites.region)
