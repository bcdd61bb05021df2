import { and, asc, countDistinct, eq, gte, inArray, like, lt, sql } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, pastResults, type sites } from '../db/schema.ts'
import type { ChallengeRules } from './definition.ts'
import { monthsIn, numberOf, type Period, shiftMonth } from './objective.ts'

/** Past results by subject and month, of one measure, in the twelve months before a day. Pass at most a page. */
export async function historyOfSubjects(
  tx: Tx,
  networkId: string,
  measure: string,
  keys: readonly string[],
  day: string,
): Promise<Map<string, Record<string, number>>> {
  const found = new Map<string, Record<string, number>>()
  if (keys.length === 0) return found
  const rows = await tx
    .select()
    .from(pastResults)
    .where(
      and(
        eq(pastResults.networkId, networkId),
        eq(pastResults.measure, measure),
        oneOf(pastResults.subjectKey, [...keys]),
        gte(pastResults.month, shiftMonth(day.slice(0, 7), -12)),
        lt(pastResults.month, day.slice(0, 7)),
      ),
    )
  for (const { subjectKey, month, quantity } of rows)
    found.set(subjectKey, { ...found.get(subjectKey), [month]: quantity })
  return found
}

/**
 * What outlets could sell, as the leagues of the rules measure it: a column of theirs, or what they and the people who
 * work there did in the twelve months before. 0 where nothing is known. Pass at most a page.
 */
export async function potentialsOf(
  tx: Tx,
  networkId: string,
  { leagues }: ChallengeRules,
  outlets: readonly Pick<typeof sites.$inferSelect, 'id' | 'attributes'>[],
  day: string,
): Promise<Map<string, number>> {
  const potentials = new Map(outlets.map(({ id }) => [id, 0]))
  const { attribute, history: measure } = leagues ?? {}
  if (attribute !== undefined)
    for (const { id, attributes } of outlets) potentials.set(id, Math.round(numberOf(attributes[attribute]) ?? 0))
  if (measure === undefined || outlets.length === 0) return potentials
  const own = await historyOfSubjects(
    tx,
    networkId,
    measure,
    outlets.map(({ id }) => `site:${id}`),
    day,
  )
  for (const [key, months] of own) potentials.set(key.slice(5), sum(months))
  const people = await tx
    .select({
      siteId: contacts.siteId,
      quantity: sql<number>`sum(${pastResults.quantity})`.mapWith(Number),
    })
    .from(contacts)
    .innerJoin(
      pastResults,
      and(eq(pastResults.networkId, contacts.networkId), eq(pastResults.subjectKey, sql`'contact:' || ${contacts.id}`)),
    )
    .where(
      and(
        eq(contacts.networkId, networkId),
        oneOf(
          contacts.siteId,
          outlets.map(({ id }) => id),
        ),
        eq(pastResults.measure, measure),
        gte(pastResults.month, shiftMonth(day.slice(0, 7), -12)),
        lt(pastResults.month, day.slice(0, 7)),
      ),
    )
    .groupBy(contacts.siteId)
  for (const { siteId, quantity } of people) potentials.set(siteId, potentials.get(siteId)! + quantity)
  return potentials
}

/**
 * The middle of what the people, or the outlets, of a network did in the months of a period a year before: what is
 * asked of somebody of whom nothing is known. Undefined where nothing is known of anybody.
 */
export async function middleOf(
  tx: Tx,
  networkId: string,
  measure: string,
  period: Period,
  of: 'contact' | 'site',
): Promise<number | undefined> {
  const months = monthsIn(period)
  const those = and(
    eq(pastResults.networkId, networkId),
    eq(pastResults.measure, measure),
    inArray(
      pastResults.month,
      months.map(({ month }) => shiftMonth(month, -12)),
    ),
    like(pastResults.subjectKey, `${of}:%`),
  )
  const [known] = await tx
    .select({ of: countDistinct(pastResults.subjectKey) })
    .from(pastResults)
    .where(those)
  if (!known || known.of === 0) return undefined
  const total = sql<number>`sum(${pastResults.quantity})`.mapWith(Number)
  const [middle] = await tx
    .select({ total })
    .from(pastResults)
    .where(those)
    .groupBy(pastResults.subjectKey)
    .orderBy(asc(total), asc(pastResults.subjectKey))
    .offset(Math.floor((known.of - 1) / 2))
    .limit(1)
  return middle && Math.round((middle.total * months.reduce((all, { share }) => all + share, 0)) / months.length)
}

const sum = (months: Record<string, number>) => Object.values(months).reduce((all, one) => all + one, 0)
