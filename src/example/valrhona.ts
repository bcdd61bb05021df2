import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { findChallenge } from '../challenge/challenge.ts'
import { participantOf } from '../challenge/participants.ts'
import { register } from '../challenge/register.ts'
import { recordResult } from '../challenge/result.ts'
import { tierOf } from '../challenge/tiers.ts'
import { table } from '../cli/table.ts'
import {
  challengeLedger,
  challengeParticipants,
  challengeTotals,
  contacts,
  contentVersions,
  deliveries,
  deliveryMembers,
  sites,
} from '../db/schema.ts'
import { draw } from '../random.ts'
import { offsetAt } from '../routing/zone.ts'
import type { Example } from './example.ts'
import { sentByChannel } from './figures.ts'
import { openStage, type Stage } from './stage.ts'

const quarters = ['2027-03-30', '2027-06-29', '2027-09-28', '2027-12-16']

/** A year of a club: points by what is ordered, a letter a quarter in the reader's language and at their nine o'clock. */
export const valrhona: Example = {
  name: 'valrhona',
  about: 'a club with points and tiers: four countries, two languages, orders by file',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'valrhona',
      folder,
      seed,
      percent,
      begins: new Date('2027-01-11T10:00:00Z'),
      network: { title: 'Cercle Cacao', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      people: { chances: { email: { dead: 0, complaint: 0, unsubscribe: 0 }, print: { dead: 0 } } },
      onStage,
    })
    try {
      const { campaignId } = await stage.launch('cercle.yaml')
      const houses = await stage.context.db
        .select()
        .from(sites)
        .where(eq(sites.networkId, stage.network.id))
        .orderBy(sites.externalId)
      await enrolAll(stage, campaignId, houses)
      for (const day of quarters) {
        await stage.to(`${day}T10:00:00Z`)
        await takeOrders(stage, campaignId, houses, seed, [day])
      }
      const before = await pointsByTier(stage)
      await takeOrders(stage, campaignId, houses, seed, quarters)
      const points = await pointsByTier(stage)
      await stage.to('2028-01-10T10:00:00Z')
      const figures = {
        houses: houses.length,
        letters: await letters(stage),
        points,
        tiers: await tiersByOrders(stage, campaignId),
        pointsStable: JSON.stringify(points) === JSON.stringify(before),
        sends: await sentByChannel(stage.context, stage.network),
      }
      return {
        figures,
        text: [
          table(
            ['country', 'language', 'local hours', 'letters'],
            figures.letters.map((one) => [one.country, one.language, one.hours.join(' '), one.total]),
          ),
          '',
          table(
            ['tier', 'points'],
            Object.entries(points).map(([tier, sum]) => [tier, sum]),
          ),
        ].join('\n'),
      }
    } finally {
      await stage.close()
    }
  },
}

type House = typeof sites.$inferSelect

async function challengeOf({ context, network }: Stage, campaignId: string) {
  const challenge = await findChallenge(context.db, network.id, campaignId)
  if (!challenge) throw new Error('The club has no challenge.')
  return challenge
}

async function enrolAll(stage: Stage, campaignId: string, houses: readonly House[]): Promise<void> {
  const challenge = await challengeOf(stage, campaignId)
  for (const { id: siteId, externalId } of houses) {
    const asked = { subject: { siteId }, way: 'console' as const, by: 'operator', hasAgreed: true, at: stage.now() }
    const { outcome } = await stage.context.db.transaction((tx) => register(tx, challenge, asked))
    if (outcome === 'refused') throw new Error(`${externalId} was not registered.`)
  }
}

/** Each house's order of each quarter, a line of its own; the larger the tier, the more. */
async function takeOrders(
  stage: Stage,
  campaignId: string,
  houses: readonly House[],
  seed: string,
  days: readonly string[],
) {
  const challenge = await challengeOf(stage, campaignId)
  const most: Record<string, number> = { Bronze: 40, Silver: 90, Gold: 200 }
  for (const day of days)
    for (const { id: siteId, externalId, tier } of houses) {
      const quantity = 1 + Math.floor(draw(seed, 'order', externalId ?? '', day) * (most[tier ?? ''] ?? 10))
      const told = {
        criterion: 'commandes',
        quantity,
        doneOn: day,
        way: 'csv' as const,
        by: 'operator',
        at: stage.now(),
      }
      await stage.context.db.transaction(async (tx) => {
        const participant = await participantOf(tx, stage.network.id, challenge.id, { siteId })
        if (participant) await recordResult(tx, challenge, participant, { ...told, sourceKey: `${day}:${externalId}` })
      })
    }
}

/** How many houses the points of the year put in each tier of the rules. */
async function tiersByOrders(stage: Stage, campaignId: string): Promise<Record<string, number>> {
  const { rules, id } = await challengeOf(stage, campaignId)
  const { context, network } = stage
  const houses = await context.db
    .select({ points: challengeTotals.points })
    .from(challengeTotals)
    .where(
      and(
        ...[eq(challengeTotals.networkId, network.id), eq(challengeTotals.challengeId, id)],
        eq(challengeTotals.criterion, ''),
      ),
    )
  const found = Object.fromEntries((rules.tiers ?? []).map(({ name }) => [name, 0]))
  for (const { points } of houses) {
    const name = tierOf(rules, points)?.tier?.name
    if (name !== undefined) found[name]! += 1
  }
  return found
}

/** What the ledger holds for the houses of each tier. */
async function pointsByTier({ context, network }: Stage): Promise<Record<string, number>> {
  const rows = await context.db
    .select({ tier: sites.tier, points: sql<number>`sum(${challengeLedger.points})`.mapWith(Number) })
    .from(challengeLedger)
    .innerJoin(
      challengeParticipants,
      and(
        eq(challengeParticipants.networkId, challengeLedger.networkId),
        eq(challengeParticipants.id, challengeLedger.participantId),
      ),
    )
    .innerJoin(
      sites,
      and(eq(sites.networkId, challengeParticipants.networkId), eq(sites.id, challengeParticipants.siteId)),
    )
    .where(eq(challengeLedger.networkId, network.id))
    .groupBy(sites.tier)
    .orderBy(sites.tier)
  return Object.fromEntries(rows.map(({ tier, points }) => [tier ?? '', points]))
}

/** The letters by country and language, with the hours their readers' clocks showed. */
async function letters({ context, network }: Stage) {
  const rows = await context.db
    .select({
      country: sites.country,
      timezone: sites.timezone,
      language: contentVersions.language,
      sentAt: deliveries.sentAt,
    })
    .from(deliveries)
    .innerJoin(
      contentVersions,
      and(eq(contentVersions.networkId, deliveries.networkId), eq(contentVersions.id, deliveries.contentVersionId)),
    )
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.channel, 'email'), isNotNull(deliveries.sentAt)))
  const groups = new Map<string, { country: string; language: string; hours: number[]; total: number }>()
  for (const { country, timezone, language, sentAt } of rows) {
    const hour = new Date(sentAt!.getTime() + (offsetAt(timezone, sentAt!.getTime()) ?? 0)).getUTCHours()
    const key = `${country} ${language}`
    const known = groups.get(key) ?? { country, language, hours: [], total: 0 }
    const hours = [...new Set([...known.hours, hour])].sort((a, b) => a - b)
    groups.set(key, { ...known, hours, total: known.total + 1 })
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}
