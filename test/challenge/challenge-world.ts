import { and, eq } from 'drizzle-orm'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { type Challenge, findChallenge } from '../../src/challenge/challenge.ts'
import { type Participant, participantOf } from '../../src/challenge/participants.ts'
import { register } from '../../src/challenge/register.ts'
import { type NewResult, type Recorded, recordResult } from '../../src/challenge/result.ts'
import { challengeLedger, challengeTotals, sites } from '../../src/db/schema.ts'
import { type World, type WorldOptions, world } from '../world.ts'

/** A challenge of the cast: two criteria for sellers, two for technicians, two for outlets. */
export const challengeFile = (challenge = '') => `
name: sled
title: { fr: Grand Nord, en: Great North }
class: marketing
audience: { rule: { profile: [field, counter, sales, owner, office] } }
anchor: { launch: 2027-01-12T08:30, end: 2027-03-12T18:00 }
link: https://www.example.com/challenge
challenge:
  participants: { companies: true, people: true, teams: site }
  roles:
    - name: technique
      functions: [couvreur, plombier]
      criteria:
        - { name: poses, weight: 70, unit: { fr: pose, en: fitting }, points: 15, validatedUpTo: 2, objective: { fixed: 8 } }
        - { name: formation, kind: qualitative, evidence: [attestation, file], weight: 30, points: 50 }
    - name: vente
      profiles: [sales, counter, field, office, owner]
      criteria:
        - name: ventes
          weight: 60
          unit: { fr: vente, en: sale }
          points: 10
          capPerDay: 12
          validatedUpTo: 5
          objective: { history: ventes, growth: 10%, atLeast: 5 }
        - { name: formation, kind: qualitative, evidence: [attestation, file], weight: 40, points: 50, objective: { fixed: 2 } }
    - name: agence
      who: companies
      criteria:
        - { name: vitrine, kind: qualitative, evidence: [photo], weight: 40, points: 100 }
        - { name: reunion, kind: qualitative, evidence: [text, photo], weight: 60, points: 40 }
  registration: { from: launch - 5 days, to: launch + 30 days }
  keywords: { register: [OUI, JEPARTICIPE], leave: [JEQUITTE], results: { VENTE: ventes, POSE: poses } }
  leagues: { history: ventes, size: 30 }
  freeze: P10D
  terms: { fr: Je participe et j’accepte le règlement., en: I take part and accept the rules. }
${challenge}
steps:
  - name: start
    at: launch
    intent: follow-up
    template: challenge/launch
    asksRegistration: true
`

export interface ChallengeWorld extends World {
  challenge: Challenge
  /** The challenge as it stands now, other rules included. */
  reload(): Promise<Challenge>
  siteId(externalId: string): Promise<string>
  /** Registers somebody of the cast, whose participation is returned. */
  join(externalId: string): Promise<Participant>
  tell(participant: Participant, told: Partial<NewResult> & { sourceKey: string }): Promise<Recorded>
  /** What the ledger adds up to, and what the sums say. */
  sums(participantId: string): Promise<{ ledger: number; total: number; rows: number }>
}

/** An hour into the challenge, which opened in the morning. */
export const duringChallenge = new Date('2027-01-12T09:00:00Z')

export async function challengeWorld(options: WorldOptions & { challengeYaml?: string } = {}): Promise<ChallengeWorld> {
  const w = await world(options)
  const { context, network, clock } = w
  const { campaignId } = await launchCampaign(
    context,
    network,
    { file: 'sled.yaml', text: options.challengeYaml ?? challengeFile() },
    'operator',
    clock.now(),
  )
  clock.set(duringChallenge)
  const reload = async () => (await findChallenge(context.db, network.id, campaignId))!
  const challenge = await reload()
  const siteId = async (externalId: string) => {
    const [row] = await context.db
      .select({ id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, network.id), eq(sites.externalId, externalId)))
    return row!.id
  }
  return {
    ...w,
    challenge,
    reload,
    siteId,
    join: async (externalId) => {
      const contactId = await w.contactId(externalId)
      const { db } = context
      await db.transaction((tx) =>
        register(tx, challenge, {
          ...{ subject: { contactId }, way: 'portal', by: `contact:${contactId}`, hasAgreed: true },
          at: clock.now(),
        }),
      )
      return (await participantOf(db, network.id, challenge.id, { contactId }))!
    },
    tell: (participant, told) =>
      context.db.transaction((tx) =>
        recordResult(tx, challenge, participant, {
          ...{ criterion: 'ventes', quantity: 1, doneOn: '2027-01-12', way: 'csv' as const },
          ...{ by: 'test', at: clock.now(), ...told },
        }),
      ),
    sums: async (participantId) => {
      const rows = await context.db
        .select({ points: challengeLedger.points })
        .from(challengeLedger)
        .where(eq(challengeLedger.participantId, participantId))
      const [total] = await context.db
        .select({ points: challengeTotals.points })
        .from(challengeTotals)
        .where(and(eq(challengeTotals.participantId, participantId), eq(challengeTotals.criterion, '')))
      const ledger = rows.reduce((all, row) => all + row.points, 0)
      return { ledger, total: total?.points ?? 0, rows: rows.length }
    },
  }
}
