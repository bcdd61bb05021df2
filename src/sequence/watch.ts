import { and, eq, inArray } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { newId, type Tx } from '../db/index.ts'
import type { WatchKind, WatchRole } from '../db/schema/sequence.ts'
import { campaigns, campaignVersions, watches } from '../db/schema.ts'
import { type Condition, causesOf, isGroupCondition } from './condition.ts'
import { isCaughtUpOn, silentCause, wayOf } from './ways.ts'

/** The occurrence of the one message to which everybody comes who comes by themselves. */
export const watchingOccurrence = '1'

/** Something a campaign listens for. */
export interface Watch {
  campaignId: string
  /** The message of the step; empty for what concerns the campaign as a whole. */
  messageId: string
  role: WatchRole
  kind: WatchKind
  key: string
}

function listened(part: Condition): { kind: WatchKind; key: string } {
  if ('event' in part) return { kind: 'event', key: part.event }
  if ('enters' in part) return { kind: 'enters', key: part.enters }
  if ('leaves' in part) return { kind: 'leaves', key: part.leaves }
  if ('date' in part) return { kind: 'date', key: part.date }
  if ('registered' in part) return { kind: 'registered', key: '' }
  if ('notStarted' in part) return { kind: 'notStarted', key: '' }
  if ('replied' in part) return { kind: 'replied', key: part.to ?? '' }
  if ('returned' in part) return { kind: 'returned', key: part.returned }
  if ('posted' in part) return { kind: 'posted', key: part.posted }
  if ('participationDrop' in part) return { kind: 'participation', key: '' }
  return { kind: 'silent', key: silentCause(part)?.step ?? '' }
}

/** Everything a campaign listens for, by the messages of its steps. */
export function watchesOf(
  campaign: CampaignDefinition,
  campaignId: string,
  messageOf: ReadonlyMap<string, string>,
): Watch[] {
  const found: Watch[] = []
  if (campaign.entry) found.push({ campaignId, messageId: '', role: 'entry', ...listened(campaign.entry) })
  if (campaign.exit) {
    const { when } = campaign.exit
    const isEvent = typeof when === 'object' && 'event' in when && typeof when.event === 'string'
    found.push({
      ...{ campaignId, messageId: '', role: 'exit' },
      ...(isEvent ? { kind: 'event', key: when.event as string } : { kind: 'goal', key: '' }),
    })
  }
  for (const step of campaign.steps) {
    const messageId = messageOf.get(step.name)
    if (messageId === undefined) continue
    if (step.when === undefined) {
      // Nothing is listened for, but people come: this is how the worker finds the step.
      if (wayOf(campaign, step) !== 'dated')
        found.push({ campaignId, messageId, role: 'step', kind: 'silent', key: '' })
      else if (campaign.lateJoiners === 'catch-up' && isCaughtUpOn(campaign, step))
        found.push({ campaignId, messageId, role: 'step', kind: 'late', key: '' })
    } else if (isGroupCondition(step.when)) found.push({ campaignId, messageId, role: 'group', ...listened(step.when) })
    else
      for (const cause of causesOf(step.when)) found.push({ campaignId, messageId, role: 'step', ...listened(cause) })
    if (step.waitFor) {
      const { event, replied, opened, acted } = step.waitFor
      const kind = event ? 'event' : replied ? 'replied' : opened ? 'opened' : acted ? 'acted' : 'registered'
      found.push({ campaignId, messageId, role: 'wait', kind, key: event ?? '' })
    }
  }
  return found
}

/** Has a campaign listen from now on to what its newest version says, and to nothing else. */
export async function listen(
  tx: Tx,
  networkId: string,
  campaignId: string,
  listening: readonly Watch[],
): Promise<void> {
  await stopListening(tx, networkId, campaignId)
  await tx.insertRows(
    watches,
    listening.map((watch) => ({ networkId, id: newId(), ...watch })),
    'ignore',
  )
}

/** A campaign that is over, or taken back, hears nothing more. */
export async function stopListening(tx: Tx, networkId: string, campaignId: string): Promise<void> {
  await tx.delete(watches).where(and(eq(watches.networkId, networkId), eq(watches.campaignId, campaignId)))
}

/** A watch of a campaign that runs, or is paused and goes on. */
export interface Listening extends Watch {
  campaign: CampaignDefinition
  launchedAt: Date
}

/** Which campaigns of a network under way listen for one of these kinds. A handful: one look into an index. */
export async function listeningFor(
  tx: Tx,
  networkId: string,
  kinds: readonly WatchKind[],
  keys?: readonly string[],
): Promise<Listening[]> {
  if (kinds.length === 0 || keys?.length === 0) return []
  const rows = await tx
    .select({
      campaignId: watches.campaignId,
      messageId: watches.messageId,
      role: watches.role,
      kind: watches.kind,
      key: watches.key,
      definition: campaignVersions.definition,
      launchedAt: campaigns.launchedAt,
    })
    .from(watches)
    .innerJoin(campaigns, and(eq(campaigns.networkId, watches.networkId), eq(campaigns.id, watches.campaignId)))
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
        eq(watches.networkId, networkId),
        inArray(watches.kind, [...kinds]),
        keys && inArray(watches.key, [...new Set(keys)]),
        inArray(campaigns.status, ['running', 'paused']),
      ),
    )
  return rows.map(({ definition, launchedAt, ...watch }) => ({
    ...watch,
    campaign: definition as CampaignDefinition,
    launchedAt: launchedAt ?? new Date(0),
  }))
}
