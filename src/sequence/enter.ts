import { and, desc, eq, inArray } from 'drizzle-orm'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { arrivals, journeys } from '../db/schema.ts'
import { arrive, type Coming } from './arrive.ts'
import { inAudience } from './audience.ts'
import type { Brought } from './bring.ts'
import { watchingMessage } from './bring.ts'
import { calendarFor, momentAfterEntry, networkOf, placesOfContacts } from './calendar.ts'
import { after } from './delay.ts'
import { leave } from './leave.ts'
import { wayOf } from './ways.ts'

export interface Entering extends Brought {
  /** Tells one cause from another: the same event told twice lets somebody in once. */
  causeKey: string
}

interface Target {
  campaignId: string
  campaign: CampaignDefinition
  launchedAt: Date
}

type Journey = typeof journeys.$inferSelect

/**
 * Lets people into a campaign, each with an `entry` of their own, and on the way to every step counted from it, in the
 * transaction of what brought them. Who is not in its audience, or may not enter again, stays out.
 */
export async function enter(
  tx: Tx,
  networkId: string,
  { campaignId, campaign, launchedAt }: Target,
  entering: readonly Entering[],
  now: Date,
): Promise<number> {
  // Of two causes of one person at the same time, the first lets them in.
  const first = new Map<string, Entering>()
  for (const one of entering) if (one.at >= launchedAt && !first.has(one.contactId)) first.set(one.contactId, one)
  if (first.size === 0) return 0
  const network = await networkOf(tx, networkId)
  const ids = await inAudience(tx, network, campaign, [...first.keys()], now)
  if (ids.length === 0) return 0
  const places = await placesOfContacts(tx, networkId, ids)
  const before = await lastJourneys(tx, networkId, campaignId, ids)
  const busy = await onTheWay(tx, networkId, campaignId, ids)
  const rows: (typeof journeys.$inferInsert)[] = []
  for (const id of ids) {
    const { at, cause, causeKey, data = {} } = first.get(id)!
    const place = places.get(id)
    const last = before.get(id)
    if (!place || busy.has(id)) continue
    if (last && !mayReenter(campaign, last, at, calendarFor(campaign, place, network))) continue
    if (last?.state === 'under_way')
      await leave(tx, network, { campaignId, contactIds: [id], cause: { code: 'done' } }, now)
    rows.push({
      ...{ networkId, campaignId, contactId: id, round: (last?.round ?? 0) + 1, state: 'under_way' as const },
      ...{ causeKey: causeKey.slice(0, 300), cause, data, enteredAt: at, createdAt: now },
    })
  }
  if (rows.length === 0) return 0
  const entered = await tx.insert(journeys).values(rows).onConflictDoNothing().returning()
  const steps = campaign.steps.filter((step) => wayOf(campaign, step) === 'entered')
  const messageOf = await watchingMessage(
    tx,
    networkId,
    campaignId,
    steps.map((step) => step.name),
  )
  const coming = entered.flatMap(({ contactId, round, cause, data, enteredAt }) =>
    steps.flatMap((step): Coming[] => {
      const messageId = messageOf.get(step.name)
      if (messageId === undefined) return []
      const calendar = calendarFor(campaign, places.get(contactId)!, network)
      const dueAt = momentAfterEntry(campaign, step.at as string, { at: enteredAt, launchedAt }, calendar)
      const way = { campaignId, messageId, contactId, kind: 'step' as const, occurrence: String(round) }
      return [{ ...way, dueAt, causeAt: enteredAt, cause, data }]
    }),
  )
  await arrive(tx, networkId, coming, now)
  return entered.length
}

function mayReenter(
  { reentry = 'never' }: CampaignDefinition,
  last: Journey,
  at: Date,
  calendar: Parameters<typeof after>[2],
): boolean {
  if (reentry === 'always') return true
  return reentry.startsWith('after ') && after(reentry.slice('after '.length), last.enteredAt, calendar) <= at
}

async function lastJourneys(tx: Tx, networkId: string, campaignId: string, ids: readonly string[]) {
  const rows = await tx
    .select()
    .from(journeys)
    .where(
      and(eq(journeys.networkId, networkId), eq(journeys.campaignId, campaignId), oneOf(journeys.contactId, [...ids])),
    )
    .orderBy(desc(journeys.round))
  const last = new Map<string, Journey>()
  for (const row of rows) if (!last.has(row.contactId)) last.set(row.contactId, row)
  return last
}

/** Who has still a step before them: they are in the campaign, and do not enter it. */
async function onTheWay(tx: Tx, networkId: string, campaignId: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ contactId: arrivals.contactId })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        inArray(arrivals.contactId, [...ids]),
        eq(arrivals.campaignId, campaignId),
        eq(arrivals.state, 'waiting'),
      ),
    )
  return new Set(rows.map((row) => row.contactId))
}
