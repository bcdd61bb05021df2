/** Looks each Monday whether participation in a challenge has dropped, and proposes what its campaign would say then. */
import { and, count, desc, eq, gte, lt, lte } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import { firstPeriod, mostHistory, notNow, participantState, participationDrop } from '../challenge/participation.ts'
import { mergedStarts, type Week, weeksOf } from '../challenge/weeks.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { ProposalGroup } from '../db/schema/sequence.ts'
import { challengeParticipants, challengeResults, challenges, proposals } from '../db/schema.ts'
import { schedule, type Timer } from '../timer/timers.ts'
import { propose } from './propose.ts'
import { stepOf } from './start-group.ts'
import { listeningFor, type Watch } from './watch.ts'
import { groupConditionOf } from './ways.ts'

interface DropWatch extends Record<string, unknown> {
  campaignId: string
  messageId: string
  isDrop: true
}

export const isDropWatch = (payload: Record<string, unknown>): boolean => payload.isDrop === true

const at = '07:00'
/** August: shops are closed, and that is no fall. */
const slackMonth = 8

/** Looks from the next Monday on, for every step that waits for a drop. */
export async function beginDropWatch(tx: Tx, network: Network, listening: readonly Watch[], now: Date): Promise<void> {
  for (const { kind, campaignId, messageId } of listening)
    if (kind === 'participation') await nextMonday(tx, network, { campaignId, messageId, isDrop: true }, now)
}

async function nextMonday(tx: Tx, network: Network, watch: DropWatch, now: Date): Promise<void> {
  const today = localDate(network, now)
  const monday = today.add({ days: 8 - today.dayOfWeek })
  const dueAt = new Date(monday.toPlainDateTime(at).toZonedDateTime(network.timezone).epochMilliseconds)
  const subject = `${watch.campaignId}:${watch.messageId}:drop`
  await schedule(
    tx,
    network.id,
    [{ kind: 'sweep', subject, occurrence: monday.toString(), dueAt, payload: watch }],
    now,
  )
}

const localDate = (network: Pick<Network, 'timezone'>, moment: Date) =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(network.timezone).toPlainDate()

/** One look, in the transaction that fires its timer and writes the next. Ends with the campaign. */
export async function lookForDrop(tx: Tx, context: Context, network: Network, timer: Timer, now: Date): Promise<void> {
  const { campaignId, messageId } = timer.payload as DropWatch
  const watch = (await listeningFor(tx, network.id, ['participation'])).find(
    (one) => one.campaignId === campaignId && one.messageId === messageId,
  )
  if (!watch) return
  await nextMonday(tx, network, { campaignId, messageId, isDrop: true }, now)
  const found = await stepOf(tx, network.id, watch)
  const when = found && groupConditionOf(found.step)
  if (!found || !when || !('participationDrop' in when)) return
  const { below, cooldown } = when.participationDrop
  const [challenge] = await tx
    .select()
    .from(challenges)
    .where(and(eq(challenges.networkId, network.id), eq(challenges.campaignId, campaignId)))
  if (!challenge) return

  const today = localDate(network, now).toString()
  const weeks = weeksOf(
    localDate(network, challenge.startsAt).toString(),
    localDate(network, challenge.endsAt).toString(),
  )
  const over = weeks.filter((week) => week.to < today)
  const period = over.length - 1
  const starts = mergedStarts(weeks, network.country)
  // A short week is counted with its neighbour: then there is nothing to say before that is over too.
  if (period < firstPeriod || (starts[period + 1] !== undefined && starts[period + 1] === starts[period])) return
  const [last] = await tx
    .select({ at: proposals.proposedAt })
    .from(proposals)
    .where(and(eq(proposals.networkId, network.id), eq(proposals.messageId, messageId)))
    .orderBy(desc(proposals.proposedAt))
    .limit(1)
  const cooldownDays = Temporal.Duration.from(cooldown).total({ unit: 'hours' }) / 24
  const isSlack = Number(over[period]!.to.slice(5, 7)) === slackMonth
  if (notNow({ period, periods: weeks.length, now, lastFiredAt: last?.at, cooldownDays, isSlack })) return

  const periods = periodsOf(weeks, starts, period)
  const people = await registeredPeople(tx, network.id, challenge.id)
  const acts = await actsByPeriod(tx, network.id, challenge.id, periods)
  const activeIn = (index: number) => people.filter(({ id }) => (acts[index]!.get(id) ?? 0) > 0).length
  const history = periods.slice(0, -1).map((_, index) => activeIn(index))
  const active = activeIn(periods.length - 1)
  const drop = participationDrop({ registered: people.length, history: history.slice(-mostHistory), active }, { below })
  if (!drop.fires) return
  const { baseline = 0, ratio = 0, probability = 0, because } = drop
  const before = await actedBefore(tx, network.id, challenge.id, periods[0]!.from)
  const members = people.flatMap(({ id, contactId }): { contactId: string; group: ProposalGroup }[] => {
    if (contactId === null) return []
    const counts = [before.has(id) ? 1 : 0, ...periods.map((_, index) => acts[index]!.get(id) ?? 0)]
    const state = participantState(counts)
    if (state === 'active') return []
    return [{ contactId, group: state === 'never-started' ? 'never_started' : state }]
  })
  if (members.length === 0) return
  await propose(
    tx,
    context,
    network,
    {
      ...{ campaignId, messageId, step: found.step.name, occurrence: over[period]!.to, members },
      cause: { code: 'participation_drop', params: { because, week: periods.at(-1)!.from } },
      figures: { registered: people.length, active, baseline, ratio, probability },
    },
    now,
  )
}

/** The last periods up to `at`, the oldest first: as many as a baseline takes, and one more. */
function periodsOf(weeks: readonly Week[], starts: readonly number[], at: number): { from: string; to: string }[] {
  const found: { from: string; to: string }[] = []
  for (let index = at; index >= 0 && found.length <= mostHistory; ) {
    const from = starts[index]!
    found.unshift({ from: weeks[from]!.from, to: weeks[index]!.to })
    index = from - 1
  }
  return found
}

const registeredPeople = (tx: Tx, networkId: string, challengeId: string) =>
  tx
    .select({ id: challengeParticipants.id, contactId: challengeParticipants.contactId })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        eq(challengeParticipants.challengeId, challengeId),
        eq(challengeParticipants.kind, 'person'),
        eq(challengeParticipants.status, 'registered'),
      ),
    )

const validated = (networkId: string, challengeId: string) =>
  and(
    eq(challengeResults.networkId, networkId),
    eq(challengeResults.challengeId, challengeId),
    eq(challengeResults.status, 'validated'),
  )

/** Validated acts of each participant in each period. */
async function actsByPeriod(
  tx: Tx,
  networkId: string,
  challengeId: string,
  periods: readonly { from: string; to: string }[],
): Promise<Map<string, number>[]> {
  const found: Map<string, number>[] = []
  for (const { from, to } of periods) {
    const rows = await tx
      .select({ id: challengeResults.participantId, acts: count() })
      .from(challengeResults)
      .where(
        and(validated(networkId, challengeId), gte(challengeResults.doneOn, from), lte(challengeResults.doneOn, to)),
      )
      .groupBy(challengeResults.participantId)
    found.push(new Map(rows.map((row) => [row.id, row.acts])))
  }
  return found
}

async function actedBefore(tx: Tx, networkId: string, challengeId: string, day: string): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ id: challengeResults.participantId })
    .from(challengeResults)
    .where(and(validated(networkId, challengeId), lt(challengeResults.doneOn, day)))
  return new Set(rows.map((row) => row.id))
}
