import { and, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { contacts, engagements, groupEngagements } from '../db/schema.ts'
import { estimatedKappa, type Spread } from './kappa.ts'

/** How people differ changes over a season; every day would be to look at the same figures. */
const everyMs = 7 * 86_400_000

/**
 * Works out anew how much the mean of each group (profile and channel) says of one of its contacts, once a week of
 * business time; in between it returns at once. Counted on all exposures that are over, without decay: the analysis of
 * variance is of counts. Returns how many groups have an estimate; undefined when it was not yet time.
 */
export async function estimateDue(db: Db, network: { id: string }, now: Date): Promise<number | undefined> {
  const ours = eq(groupEngagements.networkId, network.id)
  const groups = await db.select().from(groupEngagements).where(ours)
  const isDue = groups.some(({ kappaAt }) => kappaAt === null || now.getTime() - kappaAt.getTime() >= everyMs)
  if (!isDue) return undefined
  const spreads = await spreadsOf(db, network.id)
  const estimated = groups.map((group) => {
    const spread = spreads.get(`${group.profile} ${group.channel}`)
    return { ...group, kappa: (spread && estimatedKappa(spread)) ?? null, kappaAt: now }
  })
  await db.transaction((tx) =>
    tx.updateRows(
      groupEngagements,
      { set: ['kappa', 'kappaAt'], where: ['networkId', 'profile', 'channel'] },
      estimated,
    ),
  )
  return estimated.filter(({ kappa }) => kappa !== null).length
}

/** In one statement: the database adds up, however many contacts there are. */
async function spreadsOf(db: Db, networkId: string): Promise<Map<string, Spread>> {
  const rows = await db
    .select({
      profile: contacts.profile,
      channel: engagements.channel,
      contacts: sql`count(*)`.mapWith(Number),
      s: sql`sum(${engagements.actions})`.mapWith(Number),
      n: sql`sum(${engagements.exposures})`.mapWith(Number),
      squaredN: sql`sum(1.0 * ${engagements.exposures} * ${engagements.exposures})`.mapWith(Number),
      squaredS: sql`sum(1.0 * ${engagements.actions} * ${engagements.actions} / ${engagements.exposures})`.mapWith(
        Number,
      ),
    })
    .from(engagements)
    .innerJoin(contacts, and(eq(contacts.networkId, engagements.networkId), eq(contacts.id, engagements.contactId)))
    .where(and(eq(engagements.networkId, networkId), gt(engagements.exposures, 0)))
    .groupBy(contacts.profile, engagements.channel)
  return new Map(rows.map(({ profile, channel, ...spread }) => [`${profile} ${channel}`, spread]))
}
