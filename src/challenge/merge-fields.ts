import { and, eq } from 'drizzle-orm'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeClosings, challengeParticipants, challengeSites, contacts } from '../db/schema.ts'
import type { Language } from '../words.ts'
import { type Challenge, findChallenge } from './challenge.ts'
import { ownIn, type RankingOf } from './ranking/board.ts'
import { isFrozen } from './ranking/shown.ts'
import { placeAsTrack, placeInWords, placeOf, themeOf } from './theme/journey.ts'
import { mapName } from './theme/picture.ts'
import { type Tier, tierOf } from './tiers.ts'

/** What a template may say of somebody's challenge: `{{ challenge.rank }}`. Empty for who does not take part. */
export interface ChallengeFields extends Record<string, string | number | boolean> {
  isRegistered: boolean
}

export const challengeFieldNames = [
  'isRegistered',
  'isFrozen',
  'journey',
  'map',
  'start',
  'goal',
  'points',
  'progress',
  'stage',
  'stages',
  'place',
  'track',
  'stop',
  'nextStop',
  'theme',
  'rank',
  'gap',
  'league',
  'teamRank',
  'teamPoints',
  'tier',
  'nextTier',
  'toNextTier',
] as const

/** How a challenge ends, as far as rankings are shown: hidden before the end, shown again with the provisional one. */
export async function hidesRankings(tx: Tx, challenge: Challenge, now: Date): Promise<boolean> {
  if (!challenge.freezesAt) return false
  const [closing] = await tx
    .select({ publishedAt: challengeClosings.provisionalAt })
    .from(challengeClosings)
    .where(and(eq(challengeClosings.networkId, challenge.networkId), eq(challengeClosings.challengeId, challenge.id)))
  const freezeDays = (challenge.endsAt.getTime() - challenge.freezesAt.getTime()) / 86_400_000
  return isFrozen(now, { endsAt: challenge.endsAt, freezeDays, publishedAt: closing?.publishedAt ?? null })
}

/**
 * The fields of these people in the challenge of a campaign, by contact; empty where it has none. While rankings are
 * hidden there is neither rank nor gap, and one's own points and place on the way stay. Where outlets play and nobody
 * for themselves, people are told of their outlet. Pass at most a page.
 */
export async function challengeFieldsOf(
  tx: Tx,
  network: Pick<Network, 'id'>,
  campaignId: string,
  people: readonly { contactId: string; language: Language }[],
  now: Date,
): Promise<Map<string, ChallengeFields>> {
  const fields = new Map<string, ChallengeFields>()
  if (people.length === 0) return fields
  const challenge = await findChallenge(tx, network.id, campaignId)
  if (!challenge) return fields
  const isHidden = await hidesRankings(tx, challenge, now)
  const isOfPeople = challenge.rules.participants.people
  const ofContact = and(
    eq(contacts.networkId, challengeParticipants.networkId),
    isOfPeople
      ? eq(contacts.id, challengeParticipants.contactId)
      : and(eq(contacts.siteId, challengeParticipants.siteId), eq(challengeParticipants.kind, 'company')),
  )
  const participants = await tx
    .select({ contactId: contacts.id, participant: challengeParticipants, league: challengeSites.league })
    .from(challengeParticipants)
    .innerJoin(contacts, ofContact)
    .leftJoin(
      challengeSites,
      and(
        eq(challengeSites.networkId, challengeParticipants.networkId),
        eq(challengeSites.challengeId, challengeParticipants.challengeId),
        eq(challengeSites.siteId, challengeParticipants.siteId),
      ),
    )
    .where(
      and(
        eq(challengeParticipants.networkId, network.id),
        eq(challengeParticipants.challengeId, challenge.id),
        eq(challengeParticipants.status, 'registered'),
        oneOf(
          contacts.id,
          people.map(({ contactId }) => contactId),
        ),
      ),
    )
  const byContact = new Map(participants.map((row) => [row.contactId, row]))
  for (const { contactId, language } of people) {
    const row = byContact.get(contactId)
    if (!row) {
      fields.set(contactId, { isRegistered: false, isFrozen: isHidden, ...tellingOf(challenge, language) })
      continue
    }
    const { participant, league } = row
    const list: RankingOf = {
      networkId: network.id,
      challengeId: challenge.id,
      board: participant.kind,
      league: league ?? 0,
      by: 'points',
    }
    const own = await ownIn(tx, list, participant.id)
    const company = await companyOf(tx, challenge, participant.siteId)
    const team = company && (await ownIn(tx, { ...list, board: 'company' }, company))
    fields.set(contactId, {
      isRegistered: true,
      isFrozen: isHidden,
      ...wordsOf(challenge, language, own, isHidden),
      ...tierWords(challenge, language, own?.points ?? 0),
      ...(league ? { league } : {}),
      ...(team ? { teamPoints: team.points, ...(isHidden ? {} : { teamRank: team.rank }) } : {}),
    })
  }
  return fields
}

async function companyOf(tx: Tx, challenge: Challenge, siteId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, challenge.networkId),
        eq(challengeParticipants.challengeId, challenge.id),
        eq(challengeParticipants.siteId, siteId),
        eq(challengeParticipants.kind, 'company'),
        eq(challengeParticipants.status, 'registered'),
      ),
    )
  return row?.id
}

/** The tier that points come to, the next one, and what is missing to it; nothing where the rules have none. */
function tierWords({ rules }: Challenge, language: Language, points: number): Record<string, string | number> {
  const standing = tierOf(rules, points)
  if (!standing) return {}
  const named = (tier: Tier | undefined) => tier?.title[language] ?? tier?.title.fr ?? tier?.title.en ?? ''
  return { tier: named(standing.tier), nextTier: named(standing.next), toNextTier: standing.toNext }
}

/** How a challenge is told, for whoever reads: its journey, from where to where. */
function tellingOf({ rules }: Challenge, language: Language) {
  const { name, title, stops } = themeOf(rules.theme)
  return {
    ...{ journey: name, map: mapName(name), theme: title[language], stages: stops.length - 1 },
    ...{ start: stops[0].name[language], goal: stops.at(-1)!.name[language] },
  }
}

function wordsOf(challenge: Challenge, language: Language, own: Awaited<ReturnType<typeof ownIn>>, isHidden: boolean) {
  const theme = themeOf(challenge.rules.theme)
  const progress = Math.max(0, own?.progress ?? 0)
  const place = placeOf(theme, progress)
  return {
    ...tellingOf(challenge, language),
    map: mapName(theme.name, place.stage),
    points: own?.points ?? 0,
    /** In hundredths of the objective. */
    progress: Math.floor(progress / 10),
    stage: place.stage,
    stages: place.stages,
    stop: place.at[language],
    nextStop: place.next?.[language] ?? '',
    place: placeInWords(theme, place, language),
    track: placeAsTrack(place),
    ...(own && !isHidden ? { rank: own.rank, gap: own.gap } : {}),
  }
}
