import { and, count, eq, gte, inArray, like, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { contacts, decisions, messages, pastResults } from '../../db/schema.ts'
import type { Challenge } from '../challenge.ts'
import { shiftMonth } from '../objective.ts'
import { localDay } from '../result.ts'
import { type Sample, welch } from './welch.ts'

export type SalesUnknown = 'no_measure' | 'no_holdout' | 'too_early' | 'no_sales' | 'too_few_outlets' | 'no_spread'

/** What outlets sold of one measure while the challenge ran, those it was for beside those a draw left out. */
export type SalesEffect =
  | { isMeasurable: false; reason: SalesUnknown; measure?: string; treatedOutlets?: number; heldOutOutlets?: number }
  | {
      isMeasurable: true
      measure: string
      /** Whole months, YYYY-MM, the first and the last. */
      months: { from: string; until: string }
      treated: { outlets: number; mean: number }
      heldOut: { outlets: number; mean: number }
      /** Per outlet and the whole of these months, in units of the measure. */
      difference: { value: number; low: number; high: number }
    }

/** Outlets on each side from which an interval may be told: what few of them sold is too uneven for one. */
export const leastOutlets = 10

/**
 * Sales per outlet while a challenge ran, of the measures its rules read from history. They come from the sales that are
 * imported for everybody: what participants tell is told by nobody who was left out, and would compare asking with not
 * asking. Everybody counts on the side the draw put them (by intention to treat). An outlet counts where sales of it, or
 * of people there, are known of the year before the challenge; nothing known of it since is nothing sold. Months touched
 * by the challenge and over by `now` (business time) are taken whole.
 */
export async function salesEffects(db: Db, challenge: Challenge, now: Date): Promise<SalesEffect[]> {
  const { rules, timezone } = challenge
  const measures = new Set(
    [
      rules.leagues?.history,
      ...rules.roles.flatMap(({ criteria }) => criteria.map(({ objective }) => objective?.history)),
    ].flatMap((measure) => measure ?? []),
  )
  if (measures.size === 0) return [{ isMeasurable: false, reason: 'no_measure' }]
  const monthOf = (at: Date) => localDay(at, timezone).slice(0, 7)
  const from = monthOf(challenge.startsAt)
  const last = [monthOf(challenge.endsAt), shiftMonth(monthOf(now), -1)].sort()[0] as string
  const effects: SalesEffect[] = []
  for (const measure of measures)
    effects.push(
      last < from
        ? { isMeasurable: false, reason: 'too_early', measure }
        : await salesEffect(db, challenge, measure, { from, until: last }),
    )
  return effects
}

async function salesEffect(
  db: Db,
  { networkId, campaignId }: Challenge,
  measure: string,
  months: { from: string; until: string },
): Promise<SalesEffect> {
  const steps = db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
  const sides = db
    .select({
      siteId: contacts.siteId,
      isHeldOut: sql<number>`max(case when ${decisions.outcome} = 'holdout' then 1 else 0 end)`.as('is_held_out'),
    })
    .from(decisions)
    .innerJoin(contacts, and(eq(contacts.networkId, decisions.networkId), eq(contacts.id, decisions.contactId)))
    .where(and(eq(decisions.networkId, networkId), inArray(decisions.messageId, steps)))
    .groupBy(contacts.siteId)
    .as('sides')
  const sold = db
    .select({
      siteId: sql<string>`coalesce(${contacts.siteId}, substr(${pastResults.subjectKey}, 6))`.as('sold_site'),
      before: sql<number>`sum(case when ${pastResults.month} < ${months.from} then 1 else 0 end)`.as('sold_before'),
      quantity:
        sql<number>`sum(case when ${pastResults.month} >= ${months.from} then ${pastResults.quantity} else 0 end)`.as(
          'sold_quantity',
        ),
      known: sql<number>`sum(case when ${pastResults.month} >= ${months.from} then 1 else 0 end)`.as('sold_known'),
    })
    .from(pastResults)
    .leftJoin(
      contacts,
      and(
        eq(contacts.networkId, pastResults.networkId),
        like(pastResults.subjectKey, 'contact:%'),
        sql`${contacts.id} = substr(${pastResults.subjectKey}, 9)`,
      ),
    )
    .where(
      and(
        eq(pastResults.networkId, networkId),
        eq(pastResults.measure, measure),
        gte(pastResults.month, shiftMonth(months.from, -12)),
        lt(pastResults.month, shiftMonth(months.until, 1)),
        or(like(pastResults.subjectKey, 'site:%'), like(pastResults.subjectKey, 'contact:%')),
      ),
    )
    .groupBy(sql`coalesce(${contacts.siteId}, substr(${pastResults.subjectKey}, 6))`)
    .as('sold')
  const quantity = sql`cast(${sold.quantity} as double precision)`
  const rows = await db
    .select({
      isHeldOut: sides.isHeldOut,
      count: count(),
      known: sql<number>`sum(${sold.known})`.mapWith(Number),
      sum: sql<number>`sum(${quantity})`.mapWith(Number),
      sumOfSquares: sql<number>`sum(${quantity} * ${quantity})`.mapWith(Number),
    })
    .from(sides)
    .innerJoin(sold, eq(sold.siteId, sides.siteId))
    .where(sql`${sold.before} > 0`)
    .groupBy(sides.isHeldOut)
  const sampleOf = (side: number): Sample & { known: number } =>
    rows.find(({ isHeldOut }) => Number(isHeldOut) === side) ?? { count: 0, known: 0, sum: 0, sumOfSquares: 0 }
  const [treated, heldOut] = [sampleOf(0), sampleOf(1)]
  const sizes = { treatedOutlets: treated.count, heldOutOutlets: heldOut.count }
  const not = (reason: SalesUnknown): SalesEffect => ({ isMeasurable: false, reason, measure, ...sizes })
  if (!(await isAnybodyHeldOut(db, networkId, campaignId))) return not('no_holdout')
  if (treated.known === 0 || heldOut.known === 0) return not('no_sales')
  if (Math.min(treated.count, heldOut.count) < leastOutlets) return not('too_few_outlets')
  const difference = welch(treated, heldOut)
  if (!difference) return not('no_spread')
  const side = ({ count: outlets, sum }: Sample) => ({ outlets, mean: sum / outlets })
  return { isMeasurable: true, measure, months, treated: side(treated), heldOut: side(heldOut), difference }
}

async function isAnybodyHeldOut(db: Db, networkId: string, campaignId: string): Promise<boolean> {
  const rows = await db
    .select({ messageId: decisions.messageId })
    .from(decisions)
    .innerJoin(messages, and(eq(messages.networkId, decisions.networkId), eq(messages.id, decisions.messageId)))
    .where(
      and(eq(decisions.networkId, networkId), eq(messages.campaignId, campaignId), eq(decisions.outcome, 'holdout')),
    )
    .limit(1)
  return rows.length > 0
}
