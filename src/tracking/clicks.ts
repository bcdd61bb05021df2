import { and, desc, eq, gte, inArray, lte } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { deliveries, events } from '../db/schema.ts'
import { type Act, actAll } from '../engagement/record.ts'
import { actionEvents, type EventType, type Verdict } from '../words.ts'
import { classifierVersion, classifyClicks, type Hit } from './classify.ts'
import type { Happening } from './happening.ts'
import { sharedNetworks } from './shared-network.ts'

const minute = 60_000
const unit = 10 * minute
const day = 24 * 60 * minute
/** Read at once for all the deliveries of a round; should there be more, each is read by itself. */
const mostTogether = 4_000
/** More on one delivery within a day is a flood, and the latest tell as much of it as all. */
const mostOnOne = 300
const followed: EventType[] = ['click', 'scan']
const personal: EventType[] = actionEvents.filter((type) => type !== 'click' && type !== 'scan')

type Event = typeof events.$inferSelect

const hitOf = ({ id, data, occurredAt }: Event): Hit => ({
  at: occurredAt,
  link: typeof data.linkId === 'string' ? data.linkId : typeof data.url === 'string' ? data.url : id,
  isUnsubscribe: data.page === 'unsubscribe',
  isBotAgent: data.isBotAgent === true,
  isBareAgent: data.isBareAgent === true,
  network: networkOf({ data }),
})

const networkOf = ({ data }: Pick<Event, 'data'>) => (typeof data.network === 'string' ? data.network : undefined)
const isPerson = (verdict: Verdict | null) => verdict === 'human_likely' || verdict === 'human_confirmed'

/** The clicks of a delivery that are to be judged anew, by the times between which they lie. */
interface Judged {
  deliveryId: string
  from: Date
  to: Date
}

const span = (from: Date, to: Date, by: number) => ({
  from: new Date(from.getTime() - by),
  to: new Date(to.getTime() + by),
})
const isWithin = (at: Date, { from, to }: { from: Date; to: Date }) => at >= from && at <= to

/**
 * Judges the clicks on deliveries anew after more of them, or after acts that only a person makes: all that lie
 * within ten minutes of one another together, so that a scanner's first clicks fold back with its later ones.
 * Those that turn out a person's count as acts. An act once counted is not taken back: clicks wait two minutes
 * before they come here, in which bursts show.
 */
export async function judgeAll(tx: Tx, happenings: readonly Happening[]): Promise<void> {
  for (const networkId of [...new Set(happenings.map((one) => one.networkId))].sort()) {
    const ours = happenings.filter((one) => one.networkId === networkId)
    const now = new Date(Math.max(...ours.map((one) => one.recordedAt.getTime())))
    await judgeIn(tx, networkId, toJudge(ours), now)
  }
}

/** A click bears on those of the ten minutes around it, an act of a person on those of a day. */
function toJudge(happenings: readonly Happening[]): Judged[] {
  const judged = new Map<string, Judged>()
  for (const { subject, type, occurredAt } of happenings) {
    const { id: deliveryId } = subject.delivery
    const { from, to } = span(occurredAt, occurredAt, followed.includes(type) ? unit : day)
    const known = judged.get(deliveryId)
    judged.set(deliveryId, {
      deliveryId,
      from: known && known.from < from ? known.from : from,
      to: known && known.to > to ? known.to : to,
    })
  }
  return [...judged.values()]
}

async function judgeIn(tx: Tx, networkId: string, judged: readonly Judged[], now: Date): Promise<void> {
  const heard = await eventsAround(tx, networkId, judged)
  const shared = await sharedAmong(tx, networkId, heard)
  // Whomever else a gateway visited was judged before it had shown itself.
  heard.push(...(await eventsAround(tx, networkId, shared.others)))
  const changed: Event[] = []
  const acts: Act[] = []
  for (const one of heard)
    for (const { before, after } of judge(one, shared.eventIds)) {
      changed.push(after)
      if (isPerson(before) || !isPerson(after.verdict) || after.data.page === 'unsubscribe') continue
      const contactIds = after.contactId ? [after.contactId] : undefined
      acts.push({ networkId, deliveryId: one.deliveryId, contactIds, at: after.occurredAt, now })
    }
  await tx.updateRows(events, { set: ['verdict', 'classifierVersion', 'data'], where: ['networkId', 'id'] }, changed)
  await actAll(tx, acts)
}

/** A delivery's clicks to be judged, with what has to be known of it to judge them. */
interface Heard extends Judged {
  deliveredAt: Date | null
  events: Event[]
}

async function eventsAround(tx: Tx, networkId: string, judged: readonly Judged[]): Promise<Heard[]> {
  if (judged.length === 0) return []
  const from = new Date(Math.min(...judged.map((one) => one.from.getTime())) - day)
  const to = new Date(Math.max(...judged.map((one) => one.to.getTime())) + day)
  const most = judged.length === 1 ? mostOnOne : mostTogether
  const rows = await tx
    .select({ event: events, deliveredAt: deliveries.deliveredAt })
    .from(events)
    .innerJoin(deliveries, and(eq(deliveries.networkId, events.networkId), eq(deliveries.id, events.deliveryId)))
    .where(
      and(
        eq(events.networkId, networkId),
        inArray(
          events.deliveryId,
          judged.map((one) => one.deliveryId),
        ),
        inArray(events.type, [...followed, ...personal]),
        gte(events.occurredAt, from),
        lte(events.occurredAt, to),
      ),
    )
    .orderBy(desc(events.occurredAt))
    .limit(most)
  if (rows.length === mostTogether) {
    const each: Heard[] = []
    for (const one of judged) each.push(...(await eventsAround(tx, networkId, [one])))
    return each
  }
  const heard = new Map(
    judged.map((one): [string, Heard] => [one.deliveryId, { ...one, deliveredAt: null, events: [] }]),
  )
  for (const { event, deliveredAt } of rows) {
    const one = heard.get(event.deliveryId!)!
    one.deliveredAt = deliveredAt
    if (isWithin(event.occurredAt, span(one.from, one.to, day))) one.events.push(event)
  }
  return [...heard.values()]
}

/** What a gateway of many companies did among these, and the deliveries it also visited. */
async function sharedAmong(tx: Tx, networkId: string, heard: readonly Heard[]) {
  const suspicions = new Map<string, { networks: Set<string>; from: Date; to: Date }>()
  for (const one of heard)
    for (const event of one.events) {
      const network = networkOf(event)
      if (event.type !== 'click' || !event.messageId || !network || !isWithin(event.occurredAt, one)) continue
      const known = suspicions.get(event.messageId)
      const at = event.occurredAt
      suspicions.set(event.messageId, {
        networks: (known?.networks ?? new Set()).add(network),
        from: known && known.from < at ? known.from : at,
        to: known && known.to > at ? known.to : at,
      })
    }
  const eventIds = new Set<string>()
  const others: Judged[] = []
  const judged = new Set(heard.map((one) => one.deliveryId))
  for (const [messageId, suspicion] of suspicions) {
    const found = await sharedNetworks(tx, networkId, { messageId, ...suspicion })
    for (const id of found.eventIds) eventIds.add(id)
    for (const deliveryId of found.deliveryIds)
      if (!judged.has(deliveryId)) others.push({ deliveryId, ...span(suspicion.from, suspicion.to, unit) })
  }
  return { eventIds, others }
}

/** The clicks whose verdict or reasons are not what they were. */
function* judge(heard: Heard, shared: ReadonlySet<string>): Generator<{ before: Verdict | null; after: Event }> {
  const clicks = heard.events.filter((event) => followed.includes(event.type))
  const actedAt = heard.events.filter((event) => personal.includes(event.type)).map((event) => event.occurredAt)
  for (const click of clicks) {
    if (!isWithin(click.occurredAt, heard)) continue
    const together = clicks.filter((other) => Math.abs(other.occurredAt.getTime() - click.occurredAt.getTime()) <= unit)
    const { verdict, score, reasons } = classifyClicks(together.map(hitOf), {
      deliveredAt: heard.deliveredAt ?? undefined,
      actedAt,
      isSharedNetwork: together.some((other) => shared.has(other.id)),
    })
    const isSame =
      click.verdict === verdict && click.data.score === score && String(click.data.reasons) === String(reasons)
    if (isSame && click.classifierVersion === classifierVersion) continue
    yield {
      before: click.verdict,
      after: { ...click, verdict, classifierVersion, data: { ...click.data, score, reasons } },
    }
  }
}
