/** Looks each Monday whether participation in a challenge has dropped, and proposes what its campaign would say then. */
import { and, desc, eq } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import { findDrop, slackening } from '../challenge/active.ts'
import { findChallenge } from '../challenge/challenge.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { proposals } from '../db/schema.ts'
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
  const challenge = await findChallenge(tx, network.id, campaignId)
  if (!challenge) return
  const [last] = await tx
    .select({ at: proposals.proposedAt })
    .from(proposals)
    .where(and(eq(proposals.networkId, network.id), eq(proposals.messageId, messageId)))
    .orderBy(desc(proposals.proposedAt))
    .limit(1)
  const cooldownDays = Temporal.Duration.from(cooldown).total({ unit: 'hours' }) / 24
  // As the challenge’s own page says it: what is proposed there must not be denied here.
  const drop = await findDrop(tx, network, challenge, now, { below, cooldownDays, lastFiredAt: last?.at })
  const { fires, participation, baseline = 0, ratio = 0, probability = 0, because } = drop
  if (!fires || !participation) return
  const { registered, active, from, to, regions } = participation
  const members = (await slackening(tx, network, challenge, regions, now)).map(({ contactId, state }) => ({
    contactId,
    group: state === 'never-started' ? ('never_started' as const) : state,
  }))
  if (members.length === 0) return
  await propose(
    tx,
    context,
    network,
    {
      ...{ campaignId, messageId, step: found.step.name, occurrence: to, members },
      cause: { code: 'participation_drop', params: { because, week: from } },
      figures: { registered, active, baseline, ratio, probability },
    },
    now,
  )
}
