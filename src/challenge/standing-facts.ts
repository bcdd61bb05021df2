import { and, eq, or } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeParticipants, challengeStandings } from '../db/schema.ts'
import { challengesOf } from './challenge.ts'
import { tierOf } from './tiers.ts'

/** Where somebody, or their outlet, stands in a challenge they take part in. */
export interface PointStanding {
  points: number
  /** The tier of the rules these points come to; undefined below the first, and where there are none. */
  tier?: string
  /** That one and all below it. */
  reached: readonly string[]
}

/** By the name of the campaign; without an entry where they do not take part. */
export type PointStandings = ReadonlyMap<string, { person?: PointStanding; outlet?: PointStanding }>

/**
 * Where these people and their outlets stand, from the standings kept with the ledger, under the rules in force: in the
 * challenges of the campaigns named, or in all. Pass at most a page.
 */
export async function pointStandings(
  tx: Tx,
  networkId: string,
  people: readonly { contactId: string; siteId: string }[],
  campaigns?: readonly string[],
): Promise<Map<string, PointStandings>> {
  const found = new Map<string, Map<string, { person?: PointStanding; outlet?: PointStanding }>>()
  if (people.length === 0) return found
  const all = await challengesOf(tx, networkId, Number.POSITIVE_INFINITY)
  const asked = new Map(
    all.flatMap((one) => (campaigns === undefined || campaigns.includes(one.campaign.name) ? [[one.id, one]] : [])),
  )
  if (asked.size === 0) return found
  const rows = await tx
    .select({
      challengeId: challengeParticipants.challengeId,
      kind: challengeParticipants.kind,
      contactId: challengeParticipants.contactId,
      siteId: challengeParticipants.siteId,
      points: challengeStandings.points,
    })
    .from(challengeParticipants)
    .leftJoin(
      challengeStandings,
      and(
        eq(challengeStandings.networkId, challengeParticipants.networkId),
        eq(challengeStandings.challengeId, challengeParticipants.challengeId),
        eq(challengeStandings.board, challengeParticipants.kind),
        eq(challengeStandings.subjectKey, challengeParticipants.id),
      ),
    )
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        oneOf(challengeParticipants.challengeId, [...asked.keys()]),
        eq(challengeParticipants.status, 'registered'),
        or(
          and(
            eq(challengeParticipants.kind, 'person'),
            oneOf(
              challengeParticipants.contactId,
              people.map(({ contactId }) => contactId),
            ),
          ),
          and(
            eq(challengeParticipants.kind, 'company'),
            oneOf(challengeParticipants.siteId, [...new Set(people.map(({ siteId }) => siteId))]),
          ),
        ),
      ),
    )
  const atSite = new Map<string, string[]>()
  for (const { contactId, siteId } of people) atSite.set(siteId, [...(atSite.get(siteId) ?? []), contactId])
  for (const { challengeId, kind, contactId, siteId, points: known } of rows) {
    const { campaign, rules } = asked.get(challengeId)!
    const points = known ?? 0
    const tier = tierOf(rules, points)?.tier?.name
    const reached = (rules.tiers ?? []).filter(({ from }) => points >= from).map(({ name }) => name)
    const standing = { points, reached, ...(tier === undefined ? {} : { tier }) }
    for (const id of kind === 'company' ? (atSite.get(siteId) ?? []) : contactId === null ? [] : [contactId]) {
      const own = found.get(id) ?? new Map()
      found.set(id, own)
      own.set(campaign.name, { ...own.get(campaign.name), [kind === 'company' ? 'outlet' : 'person']: standing })
    }
  }
  return found
}
