import { type ChallengeRules, challengeBlock } from '../../src/challenge/definition.ts'
import { refreshStandings } from '../../src/challenge/ranking/refresh.ts'
import { type Db, newId } from '../../src/db/index.ts'
import {
  campaigns,
  campaignVersions,
  challengeLedger,
  challengeObjectives,
  challengeParticipants,
  challengeResults,
  challengeRules,
  challengeSites,
  challenges,
  challengeTotals,
  contacts,
  networks,
  sites,
} from '../../src/db/schema.ts'

export const launchedAt = new Date('2027-01-11T07:30:00Z')
export const endsAt = new Date('2027-03-12T17:00:00Z')

export const rules: ChallengeRules = challengeBlock.parse({
  roles: [
    {
      name: 'vendeur',
      criteria: [
        { name: 'ventes', unit: { fr: 'vente', en: 'sale' }, weight: 60, points: 10, objective: { fixed: 10 } },
        {
          name: 'formation',
          kind: 'qualitative',
          evidence: ['attestation'],
          weight: 40,
          points: 25,
          objective: { fixed: 2 },
        },
      ],
    },
  ],
  freeze: 'P10D',
})

export interface Seeded {
  networkId: string
  challengeId: string
  campaignId: string
  /** By name. */
  participants: Record<string, string>
  contacts: Record<string, string>
  sites: Record<string, string>
}

export interface Person {
  name: string
  site: string
  team?: string
  league?: number
  region?: string
}

/** A challenge of these people; every outlet takes part too. Nothing is scored yet. */
export async function seedChallenge(db: Db, people: readonly Person[], name = 'nord', number = 1): Promise<Seeded> {
  const networkId = newId()
  const [challengeId, campaignId] = [newId(), newId()]
  const at = launchedAt
  const row = { networkId, createdAt: at, updatedAt: at }
  await db
    .insert(networks)
    .values({ id: networkId, number, name, title: name, mode: 'sandbox', settings: {}, createdAt: at })
  await db.insert(campaigns).values({
    ...{ networkId, id: campaignId, name: 'grand-nord', title: { fr: 'Grand Nord', en: 'Far North' } },
    ...{ class: 'marketing', status: 'running', createdAt: at, launchedAt: at },
  })
  await db.insert(campaignVersions).values({
    ...{ networkId, campaignId, version: 1, definition: {}, source: '', hash: 'h', createdBy: 'cli', createdAt: at },
  })
  await db.insert(challenges).values({
    ...{ ...row, id: challengeId, campaignId, startsAt: at, endsAt, resultsUntil: endsAt },
    ...{ registrationOpensAt: at, registrationClosesAt: endsAt, freezesAt: new Date('2027-03-02T17:00:00Z') },
  })
  await db.insert(challengeRules).values({
    ...{ networkId, challengeId, version: 1, rules, hash: 'h', inForceFrom: at, createdBy: 'cli', createdAt: at },
  })
  const seeded: Seeded = { networkId, challengeId, campaignId, participants: {}, contacts: {}, sites: {} }
  const participant = {
    ...row,
    challengeId,
    role: 'vendeur',
    status: 'registered',
    way: 'csv',
    registeredBy: 'cli',
    registeredAt: at,
  } as const
  const rowsOf = {
    sites: [] as (typeof sites.$inferInsert)[],
    contacts: [] as (typeof contacts.$inferInsert)[],
    all: [] as (typeof challengeParticipants.$inferInsert)[],
  }
  const leagues: (typeof challengeSites.$inferInsert)[] = []
  const objectives: (typeof challengeObjectives.$inferInsert)[] = []
  for (const { name: called, site, team = '', league = 1, region = 'FR' } of people) {
    if (!seeded.sites[site]) {
      seeded.sites[site] = newId()
      rowsOf.sites.push({
        ...{ ...row, id: seeded.sites[site], externalId: site, name: site, nameKey: site.toLowerCase(), country: 'FR' },
        ...{ region, timezone: 'Europe/Paris', attributes: {}, area: site.startsWith('N') ? 'Nord' : 'Sud' },
      })
      leagues.push({ networkId, challengeId, siteId: seeded.sites[site], potential: 1, league, assignedAt: at })
      seeded.participants[site] = newId()
      rowsOf.all.push({
        ...{ ...participant, id: seeded.participants[site], kind: 'company' as const },
        ...{ subjectKey: `site:${seeded.sites[site]}`, siteId: seeded.sites[site] },
      })
    }
    const siteId = seeded.sites[site]!
    const contactId = newId()
    seeded.contacts[called] = contactId
    rowsOf.contacts.push({
      ...{ ...row, id: contactId, siteId, identityKey: called, lastName: called, nameKey: called.toLowerCase() },
      ...{ profile: 'sales' as const, language: 'fr' as const, attributes: {} },
    })
    seeded.participants[called] = newId()
    rowsOf.all.push({
      ...{ ...participant, id: seeded.participants[called], kind: 'person' as const, team },
      ...{ subjectKey: `contact:${contactId}`, siteId, contactId },
    })
    for (const [criterion, computed] of [
      ['ventes', 10],
      ['formation', 2],
    ] as const)
      objectives.push({
        ...{ networkId, challengeId, subjectKey: `contact:${contactId}`, criterion, siteId, contactId, computed },
        ...{ grounds: { past: null, source: 'fixed', growth: 0, seniority: 100, season: 100, proRata: 100 } as const },
        ...{ rulesVersion: 1, updatedAt: at },
      })
  }
  await db.insertRows(sites, rowsOf.sites)
  await db.insertRows(contacts, rowsOf.contacts)
  await db.insertRows(challengeParticipants, rowsOf.all)
  await db.insertRows(challengeSites, leagues)
  await db.insertRows(challengeObjectives, objectives)
  return seeded
}

export interface Score {
  name: string
  points: number
  /** Minutes after the launch at which the points were reached. */
  t?: number
  ventes?: number
  formation?: number
}

/** Sets the sums of these participants, as the ledger keeps them, and brings the standings up to date. */
export async function score(db: Db, seeded: Seeded, scores: readonly Score[]): Promise<void> {
  const { networkId, challengeId } = seeded
  await db.transaction(async (tx) => {
    const rows = scores.flatMap(({ name, points, t = 0, ventes = 0, formation = 0 }) => {
      const reachedAt = new Date(launchedAt.getTime() + t * 60_000)
      const own = {
        networkId,
        challengeId,
        participantId: seeded.participants[name]!,
        reachedAt,
        updatedAt: launchedAt,
      }
      return [
        { ...own, criterion: '', quantity: ventes + formation, points },
        { ...own, criterion: 'ventes', quantity: ventes, points: 0 },
        { ...own, criterion: 'formation', quantity: formation, points: 0 },
      ]
    })
    await tx.insertRows(challengeTotals, rows, 'ignore')
    await tx.updateRows(
      challengeTotals,
      { set: ['quantity', 'points', 'reachedAt'], where: ['networkId', 'participantId', 'criterion'] },
      rows,
    )
    await refreshStandings(tx, {
      ...{
        networkId,
        challengeId,
        participantIds: scores.map(({ name }) => seeded.participants[name]!),
        at: launchedAt,
      },
    })
  })
}

/** A validated act of somebody on a day, with its row in the ledger. */
export async function act(db: Db, seeded: Seeded, name: string, day: string, quantity = 1): Promise<void> {
  const { networkId, challengeId } = seeded
  const at = new Date(`${day}T10:00:00Z`)
  const resultId = newId()
  const participantId = seeded.participants[name]!
  await db.insert(challengeResults).values({
    ...{ networkId, id: resultId, challengeId, participantId, criterion: 'ventes', quantity, doneOn: day, way: 'csv' },
    ...{ sourceKey: resultId, status: 'validated', rulesVersion: 1, recordedBy: 'cli', recordedAt: at },
  })
  await db.insert(challengeLedger).values({
    ...{ networkId, challengeId, participantId, resultId, criterion: 'ventes', kind: 'credit', quantity },
    ...{ points: quantity * 10, day, rulesVersion: 1, reason: 'counted', madeBy: 'cli', at },
  })
}
