import { and, desc, eq, ne } from 'drizzle-orm'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { writeComing } from '../campaign/message-rows.ts'
import type { Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, messages } from '../db/schema.ts'
import { calendarFor, networkOf } from './calendar.ts'
import type { GroupCondition } from './condition.ts'
import { after } from './delay.ts'
import { dataHolds } from './said.ts'
import { type Listening, listeningFor, watchingOccurrence } from './watch.ts'
import { groupConditionOf } from './ways.ts'

/** Something that concerns a network as a whole. */
export interface NetworkEvent {
  kind: 'event' | 'posted'
  /** The event's name, or the topic of the article. */
  name: string
  data: Record<string, unknown>
  /** Tells it from everything else that happens. */
  key: string
  at: Date
}

/** The topic that stands for all of them. */
const anyTopic = 'any'

/** Starts the steps that wait for something of the network, each once for its whole audience. */
export async function startGroups(tx: Tx, networkId: string, event: NetworkEvent, now: Date): Promise<void> {
  const keys = event.kind === 'posted' ? [event.name, anyTopic] : [event.name]
  const listening = (await listeningFor(tx, networkId, [event.kind], keys)).filter((watch) => watch.role === 'group')
  if (listening.length === 0) return
  const network = await networkOf(tx, networkId)
  for (const watch of listening) {
    if (event.at < watch.launchedAt) continue
    const found = await stepOf(tx, networkId, watch)
    const when = found && groupConditionOf(found.step)
    if (!found || !when || !isMeant(when, event)) continue
    await startOnce(tx, network, watch, found, when, event, now)
  }
}

interface Found {
  step: StepDefinition
  position: number
}

/** The step a watch is for, as the campaign has it now. */
export async function stepOf(
  tx: Tx,
  networkId: string,
  { messageId, campaign }: { messageId: string; campaign: CampaignDefinition },
): Promise<Found | undefined> {
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const position = campaign.steps.findIndex((one) => one.name === message?.step)
  const step = campaign.steps[position]
  return step && { step, position }
}

const isMeant = (when: GroupCondition, { kind, name, data }: NetworkEvent): boolean => {
  if ('posted' in when) return kind === 'posted' && (when.posted === anyTopic || when.posted === name)
  return 'event' in when && kind === 'event' && when.event === name && dataHolds(when.with, data)
}

async function startOnce(
  tx: Tx,
  network: Network,
  watch: Listening,
  { step, position }: Found,
  when: GroupCondition,
  event: NetworkEvent,
  now: Date,
): Promise<void> {
  const { campaign, campaignId } = watch
  const place = { timezone: network.timezone, region: network.country }
  const calendar = calendarFor(campaign, place, network)
  const last = await lastStart(tx, network.id, campaignId, step.name)
  // What is gathered already waits for the same alert.
  if ('posted' in when && last && last.dueAt >= event.at && when.within !== undefined) return
  if (step.cooldown !== undefined && last && after(step.cooldown, last.dueAt, calendar) > event.at) return
  const within = 'posted' in when ? when.within : undefined
  const dueAt = within === undefined ? now : after(within, event.at, calendar)
  const version = await versionOf(tx, network.id, campaignId)
  const coming = [{ step, position, occurrence: event.key.slice(0, 200), dueAt }]
  await writeComing(tx, network, { campaignId, campaign, version }, coming, now)
}

/** When a step a condition starts was started last, if ever. */
export async function lastStart(
  tx: Tx,
  networkId: string,
  campaignId: string,
  step: string,
): Promise<{ dueAt: Date } | undefined> {
  const [row] = await tx
    .select({ dueAt: messages.dueAt })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        eq(messages.step, step),
        ne(messages.occurrence, watchingOccurrence),
      ),
    )
    .orderBy(desc(messages.dueAt))
    .limit(1)
  return row
}

async function versionOf(tx: Tx, networkId: string, campaignId: string): Promise<number> {
  const [row] = await tx
    .select({ version: campaigns.version })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
  return row?.version ?? 1
}
