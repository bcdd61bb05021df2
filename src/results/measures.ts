import { and, count, eq, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { contacts, deliveries, deliveryMembers, events, exposures } from '../db/schema.ts'
import { actionEvents, type DeliveryStatus, type EventType } from '../words.ts'

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
const byPeople = or(isNull(events.verdict), inArray(events.verdict, ['unknown', 'human_likely', 'human_confirmed']))!
const one = (condition: SQL) => sql<number>`max(case when ${condition} then 1 else 0 end)`
const did = (types: readonly EventType[]) => one(and(inArray(events.type, [...types]), byPeople)!)

/**
 * The parts that counting joins to deliveries of some messages, each one row a delivery: what was done on it, whether
 * silence would say something, and whose it is. Each is read by an index that begins with the message or delivery.
 */
export function factsOf(db: Db, networkId: string, messageIds: readonly string[]) {
  const mine = and(eq(deliveries.networkId, networkId), inArray(deliveries.messageId, [...messageIds]))
  const acts = db
    .select({
      deliveryId: events.deliveryId,
      opened: did(['open']).as('did_open'),
      machineOpened: one(and(eq(events.type, 'open'), not(byPeople))!).as('did_machine_open'),
      acted: did(actionEvents).as('did_act'),
      clicked: did(['click', 'scan']).as('did_click'),
      replied: did(['reply']).as('did_reply'),
      acknowledged: did(['acknowledge']).as('did_acknowledge'),
      registered: did(['register']).as('did_register'),
    })
    .from(events)
    .where(
      and(
        eq(events.networkId, networkId),
        inArray(events.messageId, [...messageIds]),
        inArray(events.type, ['open', ...actionEvents]),
        isNotNull(events.deliveryId),
      ),
    )
    .groupBy(events.deliveryId)
    .as('acts')
  const chances = db
    .select({
      deliveryId: exposures.deliveryId,
      measurable: one(sql`${exposures.isMeasurable}`).as('is_chance'),
    })
    .from(exposures)
    .innerJoin(deliveries, and(eq(deliveries.networkId, exposures.networkId), eq(deliveries.id, exposures.deliveryId)))
    .where(mine)
    .groupBy(exposures.deliveryId)
    .as('chances')
  const owners = db
    .select({
      deliveryId: deliveryMembers.deliveryId,
      siteId: sql<string>`min(${contacts.siteId})`.as('owner_site'),
      contactId: sql<string>`min(${contacts.id})`.as('owner_contact'),
    })
    .from(deliveryMembers)
    .innerJoin(
      deliveries,
      and(eq(deliveries.networkId, deliveryMembers.networkId), eq(deliveries.id, deliveryMembers.deliveryId)),
    )
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(mine)
    .groupBy(deliveryMembers.deliveryId)
    .as('owners')
  return { mine, acts, chances, owners }
}

type Facts = ReturnType<typeof factsOf>

const tally = (condition: SQL | undefined) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number)

/** What to select beside the keys of a group of deliveries joined to `acts` and `chances`. */
export function measuresOf({ acts, chances }: Facts, currency: string) {
  const left = inArray(deliveries.status, [...handedOver])
  const isOpenable = and(eq(deliveries.channel, 'email'), eq(deliveries.trackingMode, 'individual'), left)
  const isChance = sql`${chances.measurable} = 1`
  return {
    planned: count().as('planned'),
    sent: tally(left).as('sent'),
    delivered: tally(eq(deliveries.status, 'delivered')).as('delivered'),
    trouble: tally(inArray(deliveries.status, [...inTrouble])).as('trouble'),
    mailed: tally(and(eq(deliveries.channel, 'email'), left)).as('mailed'),
    openable: tally(isOpenable).as('openable'),
    opened: tally(and(isOpenable, sql`${acts.opened} = 1`)).as('opened'),
    machineOpened: tally(and(isOpenable, sql`${acts.opened} = 0`, sql`${acts.machineOpened} = 1`)).as('machine_opened'),
    countedTogether: tally(and(eq(deliveries.channel, 'email'), eq(deliveries.trackingMode, 'aggregate'), left)).as(
      'counted_together',
    ),
    measurable: tally(isChance).as('measurable'),
    acted: tally(sql`${acts.acted} = 1`).as('acted'),
    actedMeasurably: tally(and(isChance, sql`${acts.acted} = 1`)).as('acted_measurably'),
    clicked: tally(sql`${acts.clicked} = 1`).as('clicked'),
    replied: tally(sql`${acts.replied} = 1`).as('replied'),
    acknowledged: tally(sql`${acts.acknowledged} = 1`).as('acknowledged'),
    registered: tally(sql`${acts.registered} = 1`).as('registered'),
    costMillis:
      sql<number>`sum(case when ${eq(deliveries.currency, currency)} then ${deliveries.costMillis} else 0 end)`
        .mapWith(Number)
        .as('cost_millis'),
    otherCurrency: tally(sql`${deliveries.currency} <> ${currency}`).as('other_currency'),
  }
}
