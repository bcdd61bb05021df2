import { and, asc, count, eq, inArray, isNull, min, or, sum } from 'drizzle-orm'
import { deliveriesWithin } from '../../../accounts/scope.ts'
import { campaigns, deliveries, messages, stepRuns } from '../../../db/schema.ts'
import type { ChannelName } from '../../../words.ts'
import { bounded, mostCounted, type Reader } from './reader.ts'

const mostShown = 6
/** Copies wait beside what they are copies of; no index tells them apart, so that looking must end somewhere. */
const mostLookedAt = 2_000

export interface Upcoming {
  messageId: string
  campaignId: string
  title: Record<string, string>
  step: string
  at: Date
  /** How many wait to leave, by channel; empty for a step whose people are chosen when it begins. */
  waiting: { channel: ChannelName; count: number; isMore: boolean }[]
  /** How many people the campaign's last step was for, where this one has not chosen yet. */
  lastAudience?: number
}

/** What leaves next, the soonest first: messages that wait for their hour, and steps that begin. */
export async function upcomingOf(reader: Reader): Promise<Upcoming[]> {
  const waiting = await waitingDeliveries(reader)
  const steps = reader.mayRead.campaigns ? await stepsToBegin(reader) : []
  return [...waiting, ...steps].sort((a, b) => a.at.getTime() - b.at.getTime()).slice(0, mostShown)
}

async function waitingDeliveries({ db, network, deliveries: scope }: Reader): Promise<Upcoming[]> {
  if (!scope) return []
  const waiting = db
    .select({
      messageId: deliveries.messageId,
      channel: deliveries.channel,
      dueAt: deliveries.dueAt,
      isCompanion: deliveries.isCompanion,
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(deliveries.status, ['planned', 'queued']),
        deliveriesWithin(db, scope),
      ),
    )
    .limit(mostLookedAt)
    .as('waiting')
  const counted = await db
    .select({
      messageId: waiting.messageId,
      channel: waiting.channel,
      isCompanion: waiting.isCompanion,
      count: count(),
      at: min(waiting.dueAt),
    })
    .from(waiting)
    .groupBy(waiting.messageId, waiting.channel, waiting.isCompanion)
  const found = counted.filter((row) => !row.isCompanion)
  if (found.length === 0) return []
  const looked = counted.reduce((total, row) => total + row.count, 0)
  const isMore = looked >= mostLookedAt || found.reduce((total, row) => total + row.count, 0) > mostCounted
  const rows = await db
    .select({ id: messages.id, campaignId: messages.campaignId, step: messages.step, title: campaigns.title })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(
      and(eq(messages.networkId, network.id), inArray(messages.id, [...new Set(found.map((row) => row.messageId))])),
    )
  return rows.map(({ id, ...message }) => {
    const mine = found.filter((row) => row.messageId === id)
    return {
      ...message,
      messageId: id,
      at: new Date(Math.min(...mine.map((row) => row.at?.getTime() ?? Number.POSITIVE_INFINITY))),
      waiting: mine
        .sort((a, b) => b.count - a.count)
        .map(({ channel, count: waits }) => ({ channel, ...bounded(waits), isMore })),
    }
  })
}

/** Campaigns under way are few whatever the number of people: their steps are read whole. */
async function stepsToBegin({ db, network }: Reader): Promise<Upcoming[]> {
  const run = and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id))
  const rows = await db
    .select({
      messageId: messages.id,
      campaignId: messages.campaignId,
      step: messages.step,
      title: campaigns.title,
      at: messages.dueAt,
    })
    .from(campaigns)
    .innerJoin(messages, and(eq(messages.networkId, campaigns.networkId), eq(messages.campaignId, campaigns.id)))
    .leftJoin(stepRuns, run)
    .where(
      and(
        eq(campaigns.networkId, network.id),
        inArray(campaigns.status, ['scheduled', 'running']),
        or(isNull(stepRuns.status), eq(stepRuns.status, 'waiting')),
      ),
    )
    .orderBy(asc(messages.dueAt))
    .limit(mostShown)
  const audiences = await lastAudiences(
    { db, network },
    rows.map((row) => row.campaignId),
  )
  return rows.map((row) => ({ ...row, waiting: [], lastAudience: audiences.get(row.campaignId) }))
}

/** Of the last step each campaign has played. */
async function lastAudiences({ db, network }: Pick<Reader, 'db' | 'network'>, campaignIds: string[]) {
  if (campaignIds.length === 0) return new Map<string, number>()
  const rows = await db
    .select({ campaignId: messages.campaignId, at: messages.dueAt, audience: sum(stepRuns.audience) })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(
      and(
        eq(messages.networkId, network.id),
        inArray(messages.campaignId, [...new Set(campaignIds)]),
        eq(stepRuns.status, 'done'),
      ),
    )
    .groupBy(messages.campaignId, messages.dueAt)
    .orderBy(asc(messages.dueAt))
  return new Map(rows.map((row) => [row.campaignId, Number(row.audience)]))
}
