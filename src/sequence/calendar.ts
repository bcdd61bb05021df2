import { and, eq } from 'drizzle-orm'
import { anchorsOf, timezoneOf } from '../campaign/anchor.ts'
import type { CampaignDefinition } from '../campaign/definition.ts'
import { type Calendar, resolveAt } from '../campaign/schedule.ts'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, networks, sites } from '../db/schema.ts'
import { isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { entryAnchor } from './ways.ts'

type NetworkCalendar = Pick<Network, 'timezone' | 'settings'>

/** A network by its id, for what is done in the transaction of an event. Throws when there is none. */
export async function networkOf(tx: Tx, networkId: string): Promise<Network> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) throw new Error(`There is no network ${networkId}.`)
  return network
}

/** The clock and holidays each of these contacts lives by; those who are gone are left out. */
export async function placesOfContacts(tx: Tx, networkId: string, contactIds: readonly string[]) {
  if (contactIds.length === 0) return new Map<string, { timezone: string; region: string }>()
  const rows = await tx
    .select({ id: contacts.id, timezone: sites.timezone, region: sites.region })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, [...new Set(contactIds)])))
  return new Map(rows.map(({ id, ...place }) => [id, place]))
}

/** The calendar days are counted by for somebody in a campaign. */
export function calendarFor(
  campaign: CampaignDefinition,
  place: { timezone: string; region: string },
  network: NetworkCalendar,
): Calendar {
  const closures = network.settings.closures ?? []
  return {
    timezone: timezoneOf(campaign, { recipient: place.timezone, network: network.timezone }),
    isHoliday: (date) => isPublicHoliday(place.region, date) || isClosedDate(closures, place.region, date),
  }
}

/** When a step counted from `entry` is due for somebody who entered then. */
export function momentAfterEntry(
  campaign: CampaignDefinition,
  at: string,
  entered: { at: Date; launchedAt: Date },
  calendar: Calendar,
): Date {
  const instant = `${entered.at.toISOString().slice(0, 19)}Z`
  return resolveAt(at, { ...anchorsOf(campaign, entered.launchedAt), [entryAnchor]: instant }, calendar)
}
