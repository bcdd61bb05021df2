import { and, count, eq, gte, inArray, isNotNull, max, min } from 'drizzle-orm'
import type { Challenge } from '../challenge/challenge.ts'
import {
  challengeParticipants,
  contacts,
  deliveries,
  deliveryMembers,
  events,
  messages,
  sites,
  stepRuns,
} from '../db/schema.ts'
import { sentByChannel } from './figures.ts'
import type { Stage } from './stage.ts'

/** The letters of the first phase, and the e-mails of the second that wait for them. */
const letters = ['kit-nord', 'kit-sud']
const phase2 = ['courriel-nord', 'courriel-sud']

/** What the database holds of the race. */
export async function raceFigures(stage: Stage, { id: challengeId, campaignId }: Challenge) {
  const { context, network } = stage
  const { db } = context
  const registered = (kind: 'company' | 'person') =>
    db.$count(
      challengeParticipants,
      and(
        eq(challengeParticipants.networkId, network.id),
        eq(challengeParticipants.challengeId, challengeId),
        eq(challengeParticipants.kind, kind),
      ),
    )
  const handedOver = await lettersOf(stage, campaignId)
  return {
    companiesInvited: await db.$count(sites, eq(sites.networkId, network.id)),
    companiesRegistered: await registered('company'),
    peopleRegistered: await registered('person'),
    left: await db.$count(
      challengeParticipants,
      and(eq(challengeParticipants.networkId, network.id), eq(challengeParticipants.status, 'withdrawn')),
    ),
    monthlyRelances: await relances(stage, campaignId),
    relancesToWhoLeft: await relancesToWhoLeft(stage, challengeId, campaignId),
    lettersHandedOver: [...handedOver.values()].reduce((all, { posted }) => all + posted, 0),
    lettersLate: await lateLetters(stage, campaignId),
    phase2BeforeLetters: await companiesTooEarly(stage, campaignId, handedOver),
    sends: await sentByChannel(context, network),
  }
}

/** The relances that reached anybody. */
async function relances({ context, network }: Stage, campaignId: string): Promise<number> {
  const [row] = await context.db
    .select({ total: count() })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .where(
      and(
        eq(stepRuns.networkId, network.id),
        eq(messages.campaignId, campaignId),
        eq(messages.step, 'relance'),
        gte(stepRuns.reached, 1),
      ),
    )
  return row?.total ?? 0
}

/** Relances decided for somebody after they had left. */
async function relancesToWhoLeft({ context, network }: Stage, challengeId: string, campaignId: string) {
  const rows = await context.db
    .select({ leftAt: challengeParticipants.withdrawnAt, decidedAt: deliveries.createdAt })
    .from(challengeParticipants)
    .innerJoin(
      deliveryMembers,
      and(
        eq(deliveryMembers.networkId, challengeParticipants.networkId),
        eq(deliveryMembers.contactId, challengeParticipants.contactId),
      ),
    )
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(challengeParticipants.networkId, network.id),
        eq(challengeParticipants.challengeId, challengeId),
        isNotNull(challengeParticipants.withdrawnAt),
        eq(messages.campaignId, campaignId),
        eq(messages.step, 'relance'),
      ),
    )
  return rows.filter(({ leftAt, decidedAt }) => leftAt !== null && decidedAt > leftAt).length
}

interface Letters {
  written: number
  posted: number
  lastPostedAt: Date | null
}

/** For each company: its letters, how many were handed over, and when the last of them was. */
async function lettersOf({ context, network }: Stage, campaignId: string): Promise<Map<string, Letters>> {
  const written = await context.db
    .select({ siteId: contacts.siteId, total: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(
      and(
        eq(deliveries.networkId, network.id),
        eq(messages.campaignId, campaignId),
        inArray(messages.step, letters),
        eq(deliveries.channel, 'print'),
      ),
    )
    .groupBy(contacts.siteId)
  const posted = await context.db
    .select({ siteId: contacts.siteId, total: count(), last: max(events.occurredAt) })
    .from(events)
    .innerJoin(contacts, and(eq(contacts.networkId, events.networkId), eq(contacts.id, events.contactId)))
    .where(and(eq(events.networkId, network.id), eq(events.type, 'posted')))
    .groupBy(contacts.siteId)
  const known = new Map(posted.map((row) => [row.siteId, row]))
  return new Map(
    written.map(({ siteId, total }) => [
      siteId,
      { written: total, posted: known.get(siteId)?.total ?? 0, lastPostedAt: known.get(siteId)?.last ?? null },
    ]),
  )
}

/** Letters handed over more than ten days after they were written: the shop was late. */
async function lateLetters({ context, network }: Stage, campaignId: string): Promise<number> {
  const rows = await context.db
    .select({ writtenAt: deliveries.createdAt, postedAt: events.occurredAt, total: count() })
    .from(events)
    .innerJoin(deliveries, and(eq(deliveries.networkId, events.networkId), eq(deliveries.id, events.deliveryId)))
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(events.networkId, network.id), eq(messages.campaignId, campaignId), eq(events.type, 'posted')))
    .groupBy(deliveries.createdAt, events.occurredAt)
  const lateMs = 14 * 24 * 3_600_000
  return rows
    .filter(({ writtenAt, postedAt }) => postedAt.getTime() - writtenAt.getTime() > lateMs)
    .reduce((all, { total }) => all + total, 0)
}

/** Companies that had an e-mail of the second phase before all of their letters were handed over. */
async function companiesTooEarly({ context, network }: Stage, campaignId: string, written: Map<string, Letters>) {
  const begun = await context.db
    .select({ siteId: contacts.siteId, first: min(deliveries.sentAt) })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(
      and(
        eq(deliveries.networkId, network.id),
        eq(messages.campaignId, campaignId),
        inArray(messages.step, phase2),
        isNotNull(deliveries.sentAt),
      ),
    )
    .groupBy(contacts.siteId)
  return begun.filter(({ siteId, first }) => {
    const own = written.get(siteId)
    if (first === null) return false
    return !own || own.posted < own.written || own.lastPostedAt === null || first <= own.lastPostedAt
  }).length
}

/** An e-mail of the second phase that somebody has. */
export async function phase2MailOf({ context, network }: Stage, campaignId: string, contactId: string) {
  const [row] = await context.db
    .select({ id: deliveries.id })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(deliveryMembers.networkId, network.id),
        eq(deliveryMembers.contactId, contactId),
        eq(messages.campaignId, campaignId),
        inArray(messages.step, phase2),
        eq(deliveries.channel, 'email'),
        eq(deliveries.status, 'delivered'),
      ),
    )
    .limit(1)
  return row?.id
}
