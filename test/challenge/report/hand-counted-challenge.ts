import type { Challenge } from '../../../src/challenge/challenge.ts'
import { findChallenge } from '../../../src/challenge/challenge.ts'
import { type Db, newId } from '../../../src/db/index.ts'
import {
  challengeParticipants,
  challengeRules,
  challengeSites,
  challenges,
  challengeTotals,
  prizes,
  rewards,
} from '../../../src/db/schema.ts'
import { type HandCounted, seedHandCounted } from '../../results/hand-counted.ts'
import { endsAt, launchedAt, rules } from '../grand-nord.ts'

const places = [
  { code: 'A1', league: 1, registered: 40, active: 30 },
  { code: 'A2', league: 1, registered: 20, active: 10 },
  { code: 'B1', league: 2, registered: 10, active: 5 },
  { code: 'B2', league: 2, registered: 0, active: 0 },
]

/**
 * The challenge of the campaign that is counted by hand: of its 400 invited, 70 registered (40 + 20 + 10) and 45 are
 * active (30 + 10 + 5) with 20 points each; one of A1 left, whose points no longer count; three of four outlets
 * registered. One prize of 300 € stands, another was taken back; the messages came to 7.40 €.
 */
export async function seedCountedChallenge(db: Db): Promise<HandCounted & { challenge: Challenge }> {
  const counted = await seedHandCounted(db)
  const { networkId, campaignId, siteIds, people } = counted
  const [challengeId, at] = [newId(), launchedAt]
  const row = { networkId, challengeId, createdAt: at, updatedAt: at }
  await db.insert(challenges).values({
    ...{ networkId, id: challengeId, campaignId, startsAt: at, endsAt, resultsUntil: endsAt, createdAt: at },
    ...{ registrationOpensAt: at, registrationClosesAt: endsAt, freezesAt: endsAt, updatedAt: at },
  })
  await db.insert(challengeRules).values({
    ...{ networkId, challengeId, version: 1, rules, hash: 'h', inForceFrom: at, createdBy: 'cli', createdAt: at },
  })
  const participants: (typeof challengeParticipants.$inferInsert)[] = []
  const totals: (typeof challengeTotals.$inferInsert)[] = []
  const join = (
    given: Pick<typeof challengeParticipants.$inferInsert, 'kind' | 'subjectKey' | 'siteId' | 'contactId'>,
    points: number,
    status: 'registered' | 'withdrawn' = 'registered',
  ) => {
    const id = newId()
    participants.push({
      ...{ ...row, id, ...given, role: 'vendeur', status, way: 'csv', registeredBy: 'cli', registeredAt: at },
    })
    if (points > 0)
      totals.push({
        ...{ networkId, challengeId, participantId: id, criterion: '', quantity: 2, points, updatedAt: at },
      })
  }
  for (const { code, registered, active } of places) {
    const siteId = siteIds[code]!
    if (registered > 0) join({ kind: 'company', subjectKey: `site:${siteId}`, siteId }, 0)
    for (const [n, contactId] of people[code]!.slice(0, registered).entries())
      join({ kind: 'person', subjectKey: `contact:${contactId}`, siteId, contactId }, n < active ? 20 : 0)
  }
  const left = people.A1![99]!
  join({ kind: 'person', subjectKey: `contact:${left}`, siteId: siteIds.A1!, contactId: left }, 500, 'withdrawn')
  await db.insertRows(challengeParticipants, participants)
  await db.insertRows(challengeTotals, totals)
  await db.insertRows(
    challengeSites,
    places.map(({ code, league }) => ({
      ...{ networkId, challengeId, siteId: siteIds[code]!, league, potential: 1, assignedAt: at },
    })),
  )
  const prize = { kind: 'gift_card' as const, title: { fr: 'Carte' }, valueCents: 30_000 }
  const prizeId = newId()
  await db.insert(prizes).values({ ...row, id: prizeId, ...prize })
  for (const status of ['awarded', 'canceled'] as const)
    await db.insert(rewards).values({
      ...{ networkId, id: newId(), challengeId, prizeId, contactId: people.A1![0]!, payer: 'compte', year: 2027 },
      ...{ ...prize, status, requestKey: status, awardedBy: 'cli', awardedAt: at },
    })
  return { ...counted, challenge: (await findChallenge(db, networkId, challengeId))! }
}
