import { and, count, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { engagements, exposures } from '../db/schema.ts'
import type { ChannelName, EngagementState, Profile } from '../words.ts'
import { type Beliefs, beliefsOf, rowsOf } from './beliefs.ts'
import { learningOf, type SegmentCutOffs } from './defaults.ts'
import { daysBetween, type Standing, stateOf } from './formula.ts'
import { objectorsOf } from './objection.ts'

type Row = typeof engagements.$inferSelect

export interface Engagement {
  overall: EngagementState
  byChannel: Partial<Record<ChannelName, EngagementState>>
  beliefs: Beliefs
  /** The contact's last act on any channel. */
  lastActionAt?: Date
  /** When the passing of time may next change one of these states, see `nextChangeOf`. */
  nextChangeAt?: Date
}

/** Whether the contact was hot when last looked at, overall (no channel) or on one. */
export type WasHot = (contactId: string, channel?: ChannelName) => boolean
/** Whether opens and clicks of a contact are seen as theirs on a channel, or on any (no channel), by consent or law. */
export type IsSeen = (contactId: string, channel?: ChannelName) => boolean

/**
 * How contacts stand as of `now` (business time), overall and on each channel that has reached them. Pass at
 * most a page.
 */
export async function engagementOf(
  tx: Tx,
  networkId: string,
  contacts: readonly { id: string; profile: Profile }[],
  now: Date,
  wasHot: WasHot,
  isSeen: IsSeen,
): Promise<Map<string, Engagement>> {
  const { segments: cut } = await learningOf(tx, networkId)
  const ids = contacts.map((contact) => contact.id)
  const objectors = await objectorsOf(tx, networkId, ids)
  const beliefs = await beliefsOf(tx, networkId, contacts, now)
  const rows = await rowsOf(tx, networkId, ids)
  const misses = await missesSinceAct(tx, networkId, rows, now, cut)
  return new Map(
    ids.map((id) => {
      const own = rows.get(id) ?? []
      if (objectors.has(id)) return [id, { ...unstudied, lastActionAt: lastAct(own) }]
      const theirs = beliefs.get(id) ?? {}
      const byChannel: Engagement['byChannel'] = {}
      for (const row of own)
        byChannel[row.channel] = stateOf(
          standing(
            [row],
            theirs[row.channel]?.mean ?? 0,
            row.misses,
            wasHot(id, row.channel),
            isSeen(id, row.channel),
            now,
          ),
          cut,
        )
      const best = Math.max(0, ...Object.values(theirs).map((belief) => belief.mean))
      const ignored = misses.get(id) ?? own.reduce((sum, row) => sum + row.misses, 0)
      const whole = standing(own, best, ignored, wasHot(id), isSeen(id), now)
      return [
        id,
        {
          ...{ overall: stateOf(whole, cut), byChannel, beliefs: theirs },
          ...{ lastActionAt: lastAct(own), nextChangeAt: nextChangeOf(own, now, cut) },
        },
      ]
    }),
  )
}

/** Who objects to being learned from is as somebody nothing is known of. */
const unstudied: Engagement = { overall: 'new', byChannel: {}, beliefs: {} }

const dayMs = 86_400_000

/**
 * When time alone may next change the state on a channel or overall: an act that grows older than a cut-off, a first
 * exposure old enough for dormancy. Whether somebody who acted lately is hot also hangs on what is learnt of their
 * group, which moves all the time: those are looked at daily.
 */
export function nextChangeOf(rows: readonly Row[], now: Date, cut: SegmentCutOffs): Date | undefined {
  const acts = rows.flatMap((row) => row.lastActionAt?.getTime() ?? [])
  const firsts = rows.flatMap((row) => row.firstExposureAt?.getTime() ?? [])
  const changes = [
    // A cut-off day itself still counts.
    ...acts.flatMap((at) => [cut.hotDays, cut.warmDays, cut.dormantDays].map((days) => at + days * dayMs + 1)),
    ...firsts.map((at) => at + cut.dormantSpanDays * dayMs),
    ...(acts.some((at) => now.getTime() - at <= cut.hotDays * dayMs) ? [now.getTime() + dayMs] : []),
  ].filter((at) => at > now.getTime())
  return changes.length > 0 ? new Date(Math.min(...changes)) : undefined
}

function lastAct(rows: readonly Row[]): Date | undefined {
  const acts = rows.flatMap((row) => row.lastActionAt?.getTime() ?? [])
  return acts.length > 0 ? new Date(Math.max(...acts)) : undefined
}

function standing(
  rows: readonly Row[],
  mean: number,
  misses: number,
  wasHot: boolean,
  isSeen: boolean,
  now: Date,
): Standing {
  const last = lastAct(rows)
  const firsts = rows.flatMap((row) => row.firstExposureAt?.getTime() ?? [])
  return {
    exposures: rows.reduce((sum, row) => sum + row.exposures, 0),
    actions: rows.reduce((sum, row) => sum + row.actions, 0),
    misses,
    sinceAction: last && daysBetween(last, now),
    span: firsts.length > 0 ? daysBetween(new Date(Math.min(...firsts)), now) : 0,
    mean,
    wasHot,
    isSeen,
  }
}

/**
 * Misses on any channel since the last act on any channel, for those whose act is old enough for it to matter.
 * A channel's own count will not do: it goes back to the last act on that channel.
 */
async function missesSinceAct(
  tx: Tx,
  networkId: string,
  rows: ReadonlyMap<string, Row[]>,
  now: Date,
  cut: SegmentCutOffs,
): Promise<Map<string, number>> {
  const candidates = [...rows].flatMap(([id, own]) => {
    const last = lastAct(own)
    return last && own.length > 1 && daysBetween(last, now) > cut.dormantDays ? [id] : []
  })
  if (candidates.length === 0) return new Map()
  const lastActs = tx
    .select({
      contactId: engagements.contactId,
      at: sql<Date>`max(${engagements.lastActionAt})`.as('last_act_at'),
    })
    .from(engagements)
    .where(and(eq(engagements.networkId, networkId), inArray(engagements.contactId, candidates)))
    .groupBy(engagements.contactId)
    .as('last_acts')
  const counted = await tx
    .select({ contactId: exposures.contactId, misses: count() })
    .from(exposures)
    .innerJoin(lastActs, eq(lastActs.contactId, exposures.contactId))
    .where(
      and(
        eq(exposures.networkId, networkId),
        inArray(exposures.contactId, candidates),
        eq(exposures.outcome, 'missed'),
        gt(exposures.sentAt, lastActs.at),
      ),
    )
    .groupBy(exposures.contactId)
  const found = new Map(counted.map((row) => [row.contactId, row.misses]))
  return new Map(candidates.map((id) => [id, found.get(id) ?? 0]))
}
