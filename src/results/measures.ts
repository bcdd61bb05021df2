import { and, type Column, count, eq, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { contacts, deliveries, deliveryMembers, events, exposures } from '../db/schema.ts'
import { actionEvents, type ChannelName, type DeliveryStatus, type EventType, type TrackingMode } from '../words.ts'

/** They left us, whatever became of them. */
export const handedOver: readonly DeliveryStatus[] = ['accepted', 'sent', 'delivered', 'returned', 'unknown']
/** They reached nobody, or nobody knows. */
export const inTrouble: readonly DeliveryStatus[] = [
  'failed',
  'returned',
  'unknown',
  'needs_review',
  'expired',
  'suppressed',
]

/** What is counted of deliveries: whole numbers, and money in thousandths of a minor unit of the network's currency. */
export interface Measures {
  planned: number
  sent: number
  delivered: number
  trouble: number
  /** E-mails that left. */
  mailed: number
  /** E-mails of those who agreed to be measured one by one, that left. */
  openable: number
  opened: number
  /** Of `openable`, fetched by programs only. */
  machineOpened: number
  /** E-mails that left with a pixel all share. */
  countedTogether: number
  /** Deliveries after which silence says something. */
  measurable: number
  /** Acted on by somebody. */
  acted: number
  /** Of `measurable`. */
  actedMeasurably: number
  clicked: number
  replied: number
  acknowledged: number
  registered: number
  costMillis: number
  /** Deliveries paid in another currency: not in `costMillis`. */
  otherCurrency: number
}

/** Nobody has judged it, or it was judged to be no machine. */
export const byPeople = or(
  isNull(events.verdict),
  inArray(events.verdict, ['unknown', 'human_likely', 'human_confirmed']),
)!
/** Surely done by somebody: what decides by itself, as the end of an experiment does, takes no click nobody can place. */
export const surelyByPeople = or(isNull(events.verdict), inArray(events.verdict, ['human_likely', 'human_confirmed']))!
/** A row of what is counted: of a delivery, of something done on it, of a chance to act, or of somebody it is for. */
const blank = {
  deliveryId: sql<string>`cast(null as text)`,
  messageId: sql<string>`cast(null as text)`,
  channel: sql<ChannelName>`cast(null as text)`,
  isCompanion: sql<number>`0`,
  status: sql<DeliveryStatus>`cast(null as text)`,
  trackingMode: sql<TrackingMode>`cast(null as text)`,
  recipientKey: sql<string>`cast(null as text)`,
  currency: sql<string>`cast(null as text)`,
  costMillis: sql<number>`0`,
  siteId: sql<string>`cast(null as text)`,
  contactId: sql<string>`cast(null as text)`,
  isChance: sql<number>`0`,
  opened: sql<number>`0`,
  machineOpened: sql<number>`0`,
  acted: sql<number>`0`,
  clicked: sql<number>`0`,
  replied: sql<number>`0`,
  acknowledged: sql<number>`0`,
  registered: sql<number>`0`,
}
type Field = keyof typeof blank

const row = (given: Partial<Record<Field, SQL | Column>>) =>
  Object.fromEntries(
    Object.entries(blank).map(([name, none]) => [name, sql`${given[name as Field] ?? none}`.as(`one_${name}`)]),
  ) as unknown as { [F in Field]: SQL.Aliased<(typeof blank)[F]['_']['type']> }

const flag = (condition: SQL) => sql<number>`case when ${condition} then 1 else 0 end`
const did = (types: readonly EventType[], by: SQL = byPeople) => flag(and(inArray(events.type, [...types]), by)!)

/**
 * One row for each delivery of some messages: what became of it, whose it is, what was done on it and whether silence
 * would say something. The rows of the four tables are put under one another and grouped, each read by an index that
 * begins with the message or delivery, rather than joined: a database without statistics (PostgreSQL, for minutes
 * after a launch) joins grouped rows by counting them anew for each delivery. `within` narrows the deliveries, and
 * `actedBy` says whose acts count as acted on.
 */
export function factsOf(
  db: Db,
  networkId: string,
  messageIds: readonly string[],
  within?: SQL,
  actedBy: SQL = byPeople,
) {
  const mine = and(eq(deliveries.networkId, networkId), inArray(deliveries.messageId, [...messageIds]))
  const ofMine = (table: { networkId: Column; deliveryId: Column }) =>
    and(eq(deliveries.networkId, table.networkId), eq(deliveries.id, table.deliveryId))
  const rows = db
    .select(
      row({
        ...{ deliveryId: deliveries.id, messageId: deliveries.messageId, channel: deliveries.channel },
        ...{ isCompanion: flag(eq(deliveries.isCompanion, true)), status: deliveries.status },
        ...{ trackingMode: deliveries.trackingMode, recipientKey: deliveries.recipientKey },
        ...{ currency: deliveries.currency, costMillis: deliveries.costMillis },
      }),
    )
    .from(deliveries)
    .where(and(mine, within))
    .unionAll(
      db
        .select(
          row({
            ...{ deliveryId: events.deliveryId, opened: did(['open']), acted: did(actionEvents, actedBy) },
            machineOpened: flag(and(eq(events.type, 'open'), not(byPeople))!),
            ...{ clicked: did(['click', 'scan']), replied: did(['reply']) },
            ...{ acknowledged: did(['acknowledge']), registered: did(['register']) },
          }),
        )
        .from(events)
        .where(
          and(
            eq(events.networkId, networkId),
            inArray(events.messageId, [...messageIds]),
            inArray(events.type, ['open', ...actionEvents]),
            isNotNull(events.deliveryId),
          ),
        ),
    )
    .unionAll(
      db
        .select(row({ deliveryId: exposures.deliveryId, isChance: flag(eq(exposures.isMeasurable, true)) }))
        .from(exposures)
        .innerJoin(deliveries, ofMine(exposures))
        .where(mine),
    )
    .unionAll(
      db
        .select(
          row({
            ...{ deliveryId: deliveryMembers.deliveryId, contactId: deliveryMembers.contactId },
            siteId: contacts.siteId,
          }),
        )
        .from(deliveryMembers)
        .innerJoin(deliveries, ofMine(deliveryMembers))
        // Left, although each has its contact: so no planner starts from the contacts.
        .leftJoin(
          contacts,
          and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
        )
        .where(mine),
    )
    .as('rows_of_all')
  const said = <F extends Field>(field: F) =>
    sql<(typeof blank)[F]['_']['type']>`max(${rows[field]})`.as(`fact_${field}`)
  const least = <F extends Field>(field: F) =>
    sql<(typeof blank)[F]['_']['type']>`min(${rows[field]})`.as(`fact_${field}`)
  return db
    .select({
      ...{ messageId: said('messageId'), channel: said('channel'), isCompanion: said('isCompanion') },
      ...{ status: said('status'), trackingMode: said('trackingMode'), recipientKey: said('recipientKey') },
      ...{ currency: said('currency'), costMillis: said('costMillis') },
      ...{ siteId: least('siteId'), contactId: least('contactId') },
      ...{ isChance: said('isChance'), opened: said('opened'), machineOpened: said('machineOpened') },
      ...{ acted: said('acted'), clicked: said('clicked'), replied: said('replied') },
      ...{ acknowledged: said('acknowledged'), registered: said('registered') },
    })
    .from(rows)
    .groupBy(rows.deliveryId)
    .having(sql`max(${rows.messageId}) is not null`)
    .as('facts')
}

type Facts = ReturnType<typeof factsOf>

const tally = (condition: SQL | undefined) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number)

/** What to select beside the keys of a group of facts; money in `currency`, which only costs need. */
export function measuresOf(facts: Facts, currency = '') {
  const left = inArray(facts.status, [...handedOver])
  const isMail = eq(facts.channel, 'email')
  const isOpenable = and(isMail, eq(facts.trackingMode, 'individual'), left)
  const isChance = eq(facts.isChance, 1)
  return {
    planned: count().as('planned'),
    sent: tally(left).as('sent'),
    delivered: tally(eq(facts.status, 'delivered')).as('delivered'),
    trouble: tally(inArray(facts.status, [...inTrouble])).as('trouble'),
    mailed: tally(and(isMail, left)).as('mailed'),
    openable: tally(isOpenable).as('openable'),
    opened: tally(and(isOpenable, eq(facts.opened, 1))).as('opened'),
    machineOpened: tally(and(isOpenable, eq(facts.opened, 0), eq(facts.machineOpened, 1))).as('machine_opened'),
    countedTogether: tally(and(isMail, eq(facts.trackingMode, 'aggregate'), left)).as('counted_together'),
    measurable: tally(isChance).as('measurable'),
    acted: tally(eq(facts.acted, 1)).as('acted'),
    actedMeasurably: tally(and(isChance, eq(facts.acted, 1))).as('acted_measurably'),
    clicked: tally(eq(facts.clicked, 1)).as('clicked'),
    replied: tally(eq(facts.replied, 1)).as('replied'),
    acknowledged: tally(eq(facts.acknowledged, 1)).as('acknowledged'),
    registered: tally(eq(facts.registered, 1)).as('registered'),
    costMillis: sql<number>`sum(case when ${eq(facts.currency, currency)} then ${facts.costMillis} else 0 end)`
      .mapWith(Number)
      .as('cost_millis'),
    otherCurrency: tally(sql`${facts.currency} <> ${currency}`).as('other_currency'),
  }
}
