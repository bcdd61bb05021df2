/** People who come into a campaign's audience after steps were sent: what they missed is made up, step by step. */
import { and, eq, inArray } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { stepMoment } from '../campaign/moments.ts'
import type { Calendar } from '../campaign/schedule.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, decisions, messages, segmentMembers, stepRuns } from '../db/schema.ts'
import { segmentIdOf } from '../outbox/step.ts'
import { arrive, type Coming } from './arrive.ts'
import { inAudience } from './audience.ts'
import { calendarFor, networkOf, placesOfContacts } from './calendar.ts'
import { leftAmong } from './leave.ts'
import { type Listening, listeningFor } from './watch.ts'

/** How the coming of somebody who catches up is told from others. */
export const lateCause = 'late'

/** A step somebody missed: when it was due for them, and until when its message is worth sending. */
export interface Missed {
  step: string
  at: Date
  expiresAt: Date | null
}

/**
 * When somebody who joined at `now` gets what they missed: the steps in their order, one a working day, each at its own
 * time of day where they are, the first on the next working day that has that time before it. All are before `until`,
 * when their next step comes by itself: of more than fit, the latest are sent, and so are none whose message would be
 * too late. Pure.
 */
export function catchUpDates(
  missed: readonly Missed[],
  calendar: Calendar,
  now: Date,
  until: Date | undefined,
): { step: string; at: Date }[] {
  for (let from = 0; from < missed.length; from++) {
    const dates: { step: string; at: Date }[] = []
    let day: Temporal.PlainDate | undefined
    for (const { step, at, expiresAt } of missed.slice(from)) {
      const slot = nextSlot(localOf(at, calendar).toPlainTime(), calendar, now, day)
      if (!slot) continue
      if (expiresAt && slot.at >= expiresAt) continue
      dates.push({ step, at: slot.at })
      day = slot.day
    }
    const last = dates.at(-1)
    if (last && (until === undefined || last.at < until)) return dates
  }
  return []
}

const localOf = (at: Date, { timezone }: Calendar): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime()

/** Nobody is closed for longer than that. */
const longestClosure = 60

/** The first working day after `after` on which the time is still to come. */
function nextSlot(time: Temporal.PlainTime, calendar: Calendar, now: Date, after: Temporal.PlainDate | undefined) {
  const today = localOf(now, calendar).toPlainDate()
  let day = after ? after.add({ days: 1 }) : today
  for (let looked = 0; looked < longestClosure; looked++, day = day.add({ days: 1 })) {
    if (day.dayOfWeek > 5 || calendar.isHoliday(day.toString())) continue
    const at = new Date(day.toPlainDateTime(time).toZonedDateTime(calendar.timezone).epochMilliseconds)
    if (at > now) return { day, at }
  }
  return undefined
}

/** When each of these people came into a campaign's audience: the segment, or else the network. Others are left out. */
export async function joinedAtOf(
  tx: Tx,
  networkId: string,
  audience: CampaignDefinition['audience'],
  contactIds: readonly string[],
): Promise<Map<string, Date>> {
  if (contactIds.length === 0) return new Map()
  const segmentId = await segmentIdOf(tx, networkId, audience)
  const rows =
    segmentId === undefined
      ? await tx
          .select({ id: contacts.id, at: contacts.createdAt })
          .from(contacts)
          .where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, [...contactIds])))
      : await tx
          .select({ id: segmentMembers.contactId, at: segmentMembers.since })
          .from(segmentMembers)
          .where(
            and(
              eq(segmentMembers.networkId, networkId),
              eq(segmentMembers.segmentId, segmentId),
              oneOf(segmentMembers.contactId, [...contactIds]),
            ),
          )
  return new Map(rows.map(({ id, at }) => [id, at]))
}

type Sent = Awaited<ReturnType<typeof datedSteps>>[number]

/** The dated messages of a campaign, with how far each has got. */
const datedSteps = (tx: Tx, networkId: string, campaignId: string) =>
  tx
    .select({
      messageId: messages.id,
      step: messages.step,
      occurrence: messages.occurrence,
      dueAt: messages.dueAt,
      expiresAt: messages.expiresAt,
      definition: messages.definition,
      run: stepRuns.status,
      cursor: stepRuns.cursor,
      awaiting: stepRuns.awaiting,
      startedAt: stepRuns.startedAt,
    })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId)))
    .orderBy(messages.dueAt, messages.position)

/** Whether a step has been through its audience without somebody, and will not come to them by itself. */
const hasPassed = ({ run, cursor, awaiting, startedAt }: Sent, contactId: string, joinedAt: Date): boolean =>
  startedAt !== null &&
  joinedAt > startedAt &&
  ((run === 'done' && awaiting === 0) || (run === 'running' && contactId <= cursor))

/**
 * Brings whoever of these people joined the audience of a campaign late, in the transaction in which their standing was
 * looked at, to the steps they missed: each once, however often they are looked at, leave and join again.
 */
export async function catchUp(tx: Tx, networkId: string, contactIds: readonly string[], now: Date): Promise<void> {
  const listening = await listeningFor(tx, networkId, [lateCause])
  const byCampaign = new Map<string, Listening[]>()
  for (const one of listening) byCampaign.set(one.campaignId, [...(byCampaign.get(one.campaignId) ?? []), one])
  for (const watches of byCampaign.values()) await catchUpIn(tx, networkId, watches, contactIds, now)
}

async function catchUpIn(
  tx: Tx,
  networkId: string,
  watches: readonly Listening[],
  contactIds: readonly string[],
  now: Date,
): Promise<void> {
  const { campaignId, campaign, launchedAt } = watches[0]!
  const watched = new Set(watches.map(({ messageId }) => messageId))
  const all = (await datedSteps(tx, networkId, campaignId)).filter(({ messageId }) => watched.has(messageId))
  const begun = all.filter(({ startedAt }) => startedAt !== null)
  if (begun.length === 0) return
  const within = await inAudience(tx, { id: networkId }, campaign, contactIds, now)
  const joined = await joinedAtOf(tx, networkId, campaign.audience, within)
  const first = begun.reduce((least, { startedAt }) => (startedAt! < least ? startedAt! : least), now)
  const late = within.filter((id) => (joined.get(id) ?? first) > first)
  if (late.length === 0) return
  const left = await leftAmong(tx, networkId, campaignId, late)
  const decided = await decidedAmong(
    tx,
    networkId,
    begun.map(({ messageId }) => messageId),
    late,
  )
  const network = await networkOf(tx, networkId)
  const places = await placesOfContacts(tx, networkId, late)
  const coming = late.flatMap((contactId): Coming[] => {
    const place = places.get(contactId)
    if (!place || left.has(contactId)) return []
    const joinedAt = joined.get(contactId)!
    const momentOf = ({ definition, occurrence, dueAt }: Sent) =>
      stepMoment(campaign, definition as StepDefinition, place, network, launchedAt, occurrence) ?? dueAt
    const missed = begun.filter(
      (one) => hasPassed(one, contactId, joinedAt) && !decided.has(`${one.messageId} ${contactId}`),
    )
    if (missed.length === 0) return []
    const ahead = all.flatMap((one) => (one.run === 'waiting' ? [momentOf(one).getTime()] : []))
    const until = ahead.length === 0 ? undefined : new Date(Math.min(...ahead))
    const byStep = new Map(missed.map((one) => [one.step, one]))
    const asked = missed.map((one) => ({ step: one.step, at: momentOf(one), expiresAt: one.expiresAt }))
    return catchUpDates(asked, calendarFor(campaign, place, network), now, until).map(({ step, at }) => ({
      ...{ campaignId, messageId: byStep.get(step)!.messageId, contactId, kind: 'step', occurrence: '1', dueAt: at },
      ...{ causeAt: joinedAt, cause: { code: lateCause, params: { step } }, data: {} },
    }))
  })
  await arrive(tx, networkId, coming, now)
}

async function decidedAmong(
  tx: Tx,
  networkId: string,
  messageIds: readonly string[],
  contactIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ messageId: decisions.messageId, contactId: decisions.contactId })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, networkId),
        inArray(decisions.messageId, [...messageIds]),
        oneOf(decisions.contactId, [...contactIds]),
      ),
    )
  return new Set(rows.map((row) => `${row.messageId} ${row.contactId}`))
}

/**
 * Who of these catches up on a step that came after one they have had meanwhile, because dates were moved: what is said
 * to them stays in order, so they do without.
 */
export async function overtakenAmong(
  tx: Tx,
  networkId: string,
  { campaignId, dueAt }: { campaignId: string; dueAt: Date },
  contactIds: readonly string[],
): Promise<Set<string>> {
  const later = (await datedSteps(tx, networkId, campaignId)).filter(
    (one) => one.dueAt > dueAt && (one.run === 'running' || one.run === 'done') && one.occurrence === '1',
  )
  if (later.length === 0 || contactIds.length === 0) return new Set()
  const decided = await decidedAmong(
    tx,
    networkId,
    later.map(({ messageId }) => messageId),
    contactIds,
  )
  return new Set([...decided].map((key) => key.split(' ')[1] as string))
}

/** Who of these joined after the first step of a campaign that is closed to late joiners had been sent. */
export async function shutOutAmong(
  tx: Tx,
  networkId: string,
  { campaignId, campaign }: { campaignId: string; campaign: CampaignDefinition },
  contactIds: readonly string[],
): Promise<Set<string>> {
  if (campaign.lateJoiners !== 'none') return new Set()
  const begun = (await datedSteps(tx, networkId, campaignId)).flatMap(({ run, startedAt }) =>
    run !== 'watching' && startedAt ? [startedAt.getTime()] : [],
  )
  if (begun.length === 0) return new Set()
  const first = Math.min(...begun)
  const joined = await joinedAtOf(tx, networkId, campaign.audience, contactIds)
  return new Set(contactIds.filter((id) => (joined.get(id)?.getTime() ?? first) > first))
}
