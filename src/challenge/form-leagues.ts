import { and, asc, avg, count, eq, gt, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { challengeSites, challenges, sites } from '../db/schema.ts'
import type { Challenge } from './challenge.ts'
import { formLeagues, leagueForLate } from './leagues.ts'
import type { Period } from './objective.ts'
import { potentialsOf } from './potential.ts'
import { localDay } from './result.ts'

/** The period of a challenge as days of the network. */
export const periodOf = ({ startsAt, endsAt, timezone }: Challenge): Period => ({
  from: localDay(startsAt, timezone),
  to: localDay(new Date(endsAt.getTime() - 1), timezone),
})

/** Outlets of the network that may play, a page at a time. */
export const outletsAfter = (tx: Tx, networkId: string, after: string, limit: number) =>
  tx
    .select()
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.isActive, true), gt(sites.id, after)))
    .orderBy(asc(sites.id))
    .limit(limit)

/**
 * Measures the potential of the next outlets and writes it down; leagues are formed once all are measured. Returns the
 * last one, or undefined at the end.
 */
export async function measureOutlets(
  tx: Tx,
  challenge: Challenge,
  after: string,
  now: Date,
  limit = 200,
): Promise<string | undefined> {
  const { networkId, id: challengeId, rules } = challenge
  if (!rules.leagues || challenge.leaguesFixedAt) return undefined
  const page = await outletsAfter(tx, networkId, after, limit)
  const potentials = await potentialsOf(tx, networkId, rules, page, periodOf(challenge).from)
  for (const { id: siteId } of page) {
    const set = { potential: potentials.get(siteId)!, assignedAt: now }
    await tx
      .insert(challengeSites)
      .values({ networkId, challengeId, siteId, league: 0, ...set })
      .onConflictDoUpdate({
        target: [challengeSites.networkId, challengeSites.challengeId, challengeSites.siteId],
        set,
      })
  }
  return page.length < limit ? undefined : page.at(-1)?.id
}

/** Most outlets that are cut into leagues at once: their ids and potentials stand in memory. */
export const mostOutlets = 50_000

/**
 * Cuts the outlets that were measured into leagues. Once the challenge has begun they are fixed: nobody's rivals change
 * under way. Returns how many leagues there are.
 */
export async function cutLeagues(tx: Tx, challenge: Challenge, now: Date): Promise<number> {
  const { networkId, id: challengeId, rules, leaguesFixedAt, startsAt } = challenge
  if (!rules.leagues || leaguesFixedAt) return 0
  const all = await tx
    .select({ siteId: challengeSites.siteId, potential: challengeSites.potential })
    .from(challengeSites)
    .where(and(eq(challengeSites.networkId, networkId), eq(challengeSites.challengeId, challengeId)))
    .limit(mostOutlets)
  const leagues = formLeagues(all, rules.leagues.size)
  await tx.updateRows(
    challengeSites,
    { set: ['league'], where: ['networkId', 'challengeId', 'siteId'] },
    [...leagues].map(([siteId, league]) => ({ networkId, challengeId, siteId, league })),
  )
  if (now >= startsAt)
    await tx
      .update(challenges)
      .set({ leaguesFixedAt: now })
      .where(
        and(eq(challenges.networkId, networkId), eq(challenges.id, challengeId), isNull(challenges.leaguesFixedAt)),
      )
  return new Set(leagues.values()).size
}

/** Puts an outlet that has no league yet into one; the others stay where they are. */
export async function leagueForOutlet(tx: Tx, challenge: Challenge, siteId: string, now: Date) {
  const { networkId, id: challengeId, rules } = challenge
  if (!rules.leagues) return
  const own = and(eq(challengeSites.networkId, networkId), eq(challengeSites.challengeId, challengeId))
  const [known] = await tx
    .select()
    .from(challengeSites)
    .where(and(own, eq(challengeSites.siteId, siteId)))
  if (known) return
  const [site] = await tx
    .select()
    .from(sites)
    .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId)))
  if (!site) return
  const potential = (await potentialsOf(tx, networkId, rules, [site], periodOf(challenge).from)).get(siteId)!
  const leagues = await tx
    .select({
      league: challengeSites.league,
      outlets: count(),
      potential: avg(challengeSites.potential).mapWith(Number),
    })
    .from(challengeSites)
    .where(own)
    .groupBy(challengeSites.league)
  const league = leagueForLate(leagues, potential, rules.leagues.size)
  await tx.insertRows(
    challengeSites,
    [{ networkId, challengeId, siteId, potential, league, assignedAt: now }],
    'ignore',
  )
}
