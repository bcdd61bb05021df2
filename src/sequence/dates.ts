/** Days that people have: a birthday, the end of a contract. A day finds its people by an index, each morning anew. */
import { and, asc, eq, gt, inArray, or } from 'drizzle-orm'
import { Temporal } from 'temporal-polyfill'
import type { Context, Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import type { Attributes } from '../db/schema/network.ts'
import { contactDates, contacts, messages, sites } from '../db/schema.ts'
import { schedule, type Timer } from '../timer/timers.ts'
import { bring } from './bring.ts'
import { calendarFor, placesOfContacts } from './calendar.ts'
import { causesOf, type DateCondition } from './condition.ts'
import { dayOf } from './day.ts'
import { enter } from './enter.ts'
import { type Listening, listeningFor, type Watch } from './watch.ts'
import { personConditionOf } from './ways.ts'

/** Contacts looked at in one transaction. */
const pageSize = 200
const usualTime = '09:00'

interface Sweep extends Record<string, unknown> {
  campaignId: string
  /** Empty where people enter the campaign by it. */
  messageId: string
  attribute: string
  /** The local day people come on; absent while the days themselves are gathered. */
  day?: string
  /** The last contact looked at. */
  cursor: string
}

/** Gathers the days a campaign listens for, and looks for their people from today on. */
export async function beginDates(tx: Tx, network: Network, listening: readonly Watch[], now: Date): Promise<void> {
  for (const { kind, campaignId, messageId, key: attribute } of listening) {
    if (kind !== 'date') continue
    const payload: Sweep = { campaignId, messageId, attribute, cursor: '' }
    await follow(tx, network.id, payload, `gather:${now.toISOString()}`, now, now)
  }
}

const follow = (tx: Tx, networkId: string, sweep: Sweep, occurrence: string, dueAt: Date, now: Date): Promise<void> => {
  const subject = `${sweep.campaignId}:${sweep.messageId}:${sweep.attribute}`
  return schedule(tx, networkId, [{ kind: 'sweep', subject, occurrence, dueAt, payload: sweep }], now)
}

/**
 * One page of looking for the people of a day, in the transaction that fires its timer; it leaves the timer of the next
 * page, or of the next day, behind: killed anywhere, the chain goes on where it was. Ends with its campaign.
 */
export async function sweepDates(tx: Tx, _context: Context, network: Network, timer: Timer, now: Date): Promise<void> {
  const sweep = timer.payload as Sweep
  const watch = (await listeningFor(tx, network.id, ['date'], [sweep.attribute])).find(
    (one) => one.campaignId === sweep.campaignId && one.messageId === sweep.messageId,
  )
  if (!watch) return
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(network.timezone).toPlainDate()
  if (sweep.day === undefined) {
    const last = await gather(tx, network.id, sweep)
    if (last !== undefined) await follow(tx, network.id, { ...sweep, cursor: last }, `gather:${timer.id}`, now, now)
    else await nextDay(tx, network, sweep, today.toString(), now)
    return
  }
  const day = Temporal.PlainDate.from(sweep.day)
  if (sweep.cursor === '') await nextDay(tx, network, sweep, day.add({ days: 1 }).toString(), now)
  const last = await bringOn(tx, network, watch, sweep, day, now)
  if (last === undefined) return
  await follow(tx, network.id, { ...sweep, cursor: last }, `${sweep.day}:${last}`, now, now)
}

/** At noon of the day before, in the network’s zone, so that it is early enough wherever its people are. */
async function nextDay(tx: Tx, network: Network, sweep: Sweep, day: string, now: Date): Promise<void> {
  const noon = Temporal.PlainDate.from(day).subtract({ days: 1 }).toPlainDateTime('12:00')
  const dueAt = new Date(noon.toZonedDateTime(network.timezone).epochMilliseconds)
  await follow(tx, network.id, { ...sweep, day, cursor: '' }, day, dueAt, now)
}

async function gather(tx: Tx, networkId: string, { attribute, cursor }: Sweep): Promise<string | undefined> {
  const rows = await withSites(tx)
    .where(and(eq(contacts.networkId, networkId), gt(contacts.id, cursor)))
    .orderBy(asc(contacts.id))
    .limit(pageSize)
  await keep(tx, networkId, rows, [attribute])
  return rows.length < pageSize ? undefined : rows.at(-1)!.id
}

/** Brings the days of these contacts up to date, where some campaign listens for any. */
export async function keepDates(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return
  const attributes = new Set((await listeningFor(tx, networkId, ['date'])).map((watch) => watch.key))
  if (attributes.size === 0) return
  const rows = await withSites(tx).where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, [...contactIds])))
  await keep(tx, networkId, rows, [...attributes])
}

const withSites = (tx: Tx) =>
  tx
    .select({ id: contacts.id, attributes: contacts.attributes, atSite: sites.attributes })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))

const ofSite = 'site.'

/** What a contact's column says, or, named `site.` and a name, that of their outlet: its people all have its day. */
function saidIn(name: string, own: Attributes, atSite: Attributes): Attributes[string] | undefined {
  if (Object.hasOwn(own, name)) return own[name]
  const rest = name.startsWith(ofSite) ? name.slice(ofSite.length) : undefined
  return rest !== undefined && Object.hasOwn(atSite, rest) ? atSite[rest] : undefined
}

async function keep(
  tx: Tx,
  networkId: string,
  rows: readonly { id: string; attributes: Attributes; atSite: Attributes }[],
  attributes: readonly string[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.delete(contactDates).where(
    and(
      eq(contactDates.networkId, networkId),
      oneOf(
        contactDates.contactId,
        rows.map((row) => row.id),
      ),
      inArray(contactDates.attribute, [...attributes]),
    ),
  )
  await tx.insertRows(
    contactDates,
    rows.flatMap(({ id, attributes: own, atSite }) =>
      attributes.flatMap((attribute) => {
        const day = dayOf(saidIn(attribute, own, atSite))
        return day === undefined ? [] : [{ networkId, contactId: id, attribute, day, monthDay: day.slice(5) }]
      }),
    ),
    'ignore',
  )
}

/** The conditions of a watch that listen for its attribute. */
async function conditionsOf(tx: Tx, networkId: string, watch: Listening): Promise<DateCondition[]> {
  const { campaign, messageId, key } = watch
  const isIt = (part: object): part is DateCondition => 'date' in part && part.date === key
  if (messageId === '') return campaign.entry && isIt(campaign.entry) ? [campaign.entry] : []
  const [message] = await tx
    .select({ step: messages.step })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  const step = campaign.steps.find((one) => one.name === message?.step)
  const when = step && personConditionOf(step)
  return when ? [...causesOf(when)].filter(isIt) : []
}

/** A page of those whose day it is: each comes at the hour asked, on their own clock. */
async function bringOn(
  tx: Tx,
  network: Network,
  watch: Listening,
  { attribute, cursor }: Sweep,
  day: Temporal.PlainDate,
  now: Date,
): Promise<string | undefined> {
  const networkId = network.id
  const { campaignId, messageId, campaign, launchedAt } = watch
  let last: string | undefined
  for (const condition of await conditionsOf(tx, networkId, watch)) {
    const target = targetOf(condition, day)
    const rows = await tx
      .select({ id: contactDates.contactId, day: contactDates.day })
      .from(contactDates)
      .where(
        and(
          eq(contactDates.networkId, networkId),
          eq(contactDates.attribute, attribute),
          condition.yearly
            ? or(...monthDaysOf(target).map((monthDay) => eq(contactDates.monthDay, monthDay)))
            : eq(contactDates.day, target.toString()),
          gt(contactDates.contactId, cursor),
        ),
      )
      .orderBy(asc(contactDates.contactId))
      .limit(pageSize)
    if (rows.length === pageSize && (last === undefined || rows.at(-1)!.id < last)) last = rows.at(-1)!.id
    // The day itself is no anniversary of it.
    const theirs = rows.filter((row) => !condition.yearly || Number(row.day.slice(0, 4)) < target.year)
    const places = await placesOfContacts(
      tx,
      networkId,
      theirs.map((row) => row.id),
    )
    const brought = theirs.flatMap(({ id }) => {
      const place = places.get(id)
      if (!place) return []
      const { timezone } = calendarFor(campaign, place, network)
      const at = day.toPlainDateTime(condition.time ?? usualTime).toZonedDateTime(timezone)
      const occurrence = condition.yearly ? String(target.year) : target.toString()
      return [
        {
          contactId: id,
          at: new Date(at.epochMilliseconds),
          cause: { code: 'date', params: { name: attribute, day: target.toString() } },
          occurrence,
          causeKey: `date:${attribute}:${occurrence}`,
        },
      ]
    })
    const whole = { campaignId, messageId, campaign, launchedAt }
    if (messageId === '') await enter(tx, networkId, whole, brought, now)
    else await bring(tx, networkId, whole, brought, undefined, now)
  }
  return last
}

/** The day people have, of those who come on `day`. */
function targetOf({ before, after }: DateCondition, day: Temporal.PlainDate): Temporal.PlainDate {
  if (before !== undefined) return day.add(Temporal.Duration.from(before))
  return after === undefined ? day : day.subtract(Temporal.Duration.from(after))
}

/** Who was born on a 29 February has their day on the 28th where the year has no 29th. */
export function monthDaysOf(day: Temporal.PlainDate): string[] {
  const own = day.toString().slice(5)
  return own === '02-28' && !day.inLeapYear ? [own, '02-29'] : [own]
}
