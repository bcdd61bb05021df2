import { and, desc, eq } from 'drizzle-orm'
import type { StepDefinition } from '../campaign/definition.ts'
import type { Calendar } from '../campaign/schedule.ts'
import { newId, oneOf, type Tx } from '../db/index.ts'
import { arrivals, journeys } from '../db/schema.ts'
import { after } from './delay.ts'

export type Arrival = typeof arrivals.$inferSelect

/** Somebody who is to come to a step, or to be waited for after one. */
export type Coming = Pick<
  Arrival,
  'campaignId' | 'messageId' | 'contactId' | 'kind' | 'occurrence' | 'dueAt' | 'causeAt' | 'cause' | 'data'
>

/** Writes down who is on the way, in the transaction of what brought them; who is on the way already stays as they are. */
export async function arrive(tx: Tx, networkId: string, coming: readonly Coming[], now: Date): Promise<number> {
  return tx.insertRows(
    arrivals,
    coming.map((one) => ({ networkId, id: newId(), state: 'waiting' as const, ...one, createdAt: now })),
    'ignore',
  )
}

/** The occurrence somebody's coming would be: the first, or one more where the step's cooldown allows it. */
export type OccurrenceOf = (contactId: string, causeAt: Date, calendar: Calendar) => string | undefined

/**
 * How people may come to a step for something that happens to them: once, or, with a cooldown, again after it. In a
 * campaign that is entered only those under way come, once each round.
 */
export async function occurrencesFor(
  tx: Tx,
  networkId: string,
  {
    campaignId,
    messageId,
    step,
    isEntered,
  }: { campaignId: string; messageId: string; step: StepDefinition; isEntered: boolean },
  contactIds: readonly string[],
): Promise<OccurrenceOf> {
  if (isEntered) {
    const rounds = await roundsUnderWay(tx, networkId, campaignId, contactIds)
    return (contactId) => rounds.get(contactId)?.toString()
  }
  const { cooldown } = step
  if (cooldown === undefined) return () => '1'
  const before = new Map<string, { count: number; at: Date }>()
  const rows = await tx
    .select({ contactId: arrivals.contactId, causeAt: arrivals.causeAt, state: arrivals.state })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        oneOf(arrivals.contactId, [...new Set(contactIds)]),
        eq(arrivals.campaignId, campaignId),
        eq(arrivals.messageId, messageId),
        eq(arrivals.kind, 'step'),
      ),
    )
    .orderBy(desc(arrivals.causeAt))
  for (const row of rows) {
    const known = before.get(row.contactId)
    before.set(row.contactId, { count: (known?.count ?? 0) + 1, at: known?.at ?? row.causeAt })
  }
  return (contactId, causeAt, calendar) => {
    const known = before.get(contactId)
    if (!known) return '1'
    return after(cooldown, known.at, calendar) > causeAt ? undefined : String(known.count + 1)
  }
}

/** The round each of these contacts is under way in; those who are not are left out. */
export async function roundsUnderWay(
  tx: Tx,
  networkId: string,
  campaignId: string,
  contactIds: readonly string[],
): Promise<Map<string, number>> {
  if (contactIds.length === 0) return new Map()
  const rows = await tx
    .select({ contactId: journeys.contactId, round: journeys.round })
    .from(journeys)
    .where(
      and(
        eq(journeys.networkId, networkId),
        eq(journeys.campaignId, campaignId),
        oneOf(journeys.contactId, [...new Set(contactIds)]),
        eq(journeys.state, 'under_way'),
      ),
    )
  return new Map(rows.map((row) => [row.contactId, row.round]))
}
