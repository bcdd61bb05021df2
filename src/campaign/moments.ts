import { eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { sites } from '../db/schema.ts'
import type { Step } from '../outbox/step.ts'
import { isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { isPersonal } from '../sequence/ways.ts'
import { anchorsOf, timezoneOf } from './anchor.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { leadTimesOf } from './lead-times.ts'
import { isRecurring, type NetworkCalendar, nextOccurrence, occurrenceMoment, onlyOccurrence } from './occurrences.ts'
import { beginning } from './print-dates.ts'
import { resolveAt } from './schedule.ts'

/** A clock and a calendar somebody lives by. */
export interface Place {
  timezone: string
  region: string
}

/**
 * When a step is due where the place is; one that recurs, at the given occurrence, or at its first. Undefined for a
 * step that a condition starts, and for one that recurs on no day at all.
 */
export function stepMoment(
  campaign: CampaignDefinition,
  step: StepDefinition,
  place: Place,
  network: NetworkCalendar,
  launchedAt: Date,
  occurrence: string = onlyOccurrence,
  /** Dates known better than the plan has them: when letters were really posted. */
  known: Readonly<Record<string, string>> = {},
): Date | undefined {
  const closures = network.settings?.closures ?? []
  if (step.at === undefined || isPersonal(campaign, step)) return undefined
  if (isRecurring(step)) {
    const date = occurrence === onlyOccurrence ? nextOccurrence(campaign, step, network, launchedAt) : occurrence
    return date === undefined ? undefined : occurrenceMoment(campaign, step, date, place, network, launchedAt)
  }
  const timezone = timezoneOf(campaign, { recipient: place.timezone, network: network.timezone })
  const leadTimes = leadTimesOf(network)
  const anchors = { ...anchorsOf(campaign, launchedAt, leadTimes), ...known }
  return resolveAt(beginning(step, leadTimes) as string, anchors, {
    timezone,
    isHoliday: (date) => isPublicHoliday(place.region, date) || isClosedDate(closures, place.region, date),
  })
}

/** The clocks and calendars the network's people live by: a handful, whatever its size. */
export const placesOf = (tx: Tx, networkId: string): Promise<Place[]> =>
  tx
    .selectDistinct({ timezone: sites.timezone, region: sites.region })
    .from(sites)
    .where(eq(sites.networkId, networkId))

/** The first instant at which a step is due for anyone: from then on its audience is worked through. */
export function firstMoment(
  campaign: CampaignDefinition,
  step: StepDefinition,
  places: readonly Place[],
  network: NetworkCalendar,
  launchedAt: Date,
  occurrence: string = onlyOccurrence,
): Date | undefined {
  const home: Place = { timezone: network.timezone, region: network.country }
  const moments = (places.length > 0 ? places : [home]).flatMap(
    (place) => stepMoment(campaign, step, place, network, launchedAt, occurrence) ?? [],
  )
  return moments.length === 0 ? undefined : new Date(Math.min(...moments.map((moment) => moment.getTime())))
}

const perStep = new WeakMap<Step, Map<string, Date>>()

/** From when a step may leave for someone: its moment on their own clock, or now when that is past. */
export function earliestFor(step: Step, place: Place, now: Date): Date {
  let known = perStep.get(step)
  if (!known) {
    known = new Map()
    perStep.set(step, known)
  }
  const key = `${place.timezone} ${place.region}`
  let moment = known.get(key)
  if (!moment) {
    const launchedAt = step.launchedAt ?? now
    const { campaign, definition, network, message } = step
    moment = stepMoment(campaign, definition, place, network, launchedAt, message.occurrence) ?? message.dueAt
    known.set(key, moment)
  }
  return moment > now ? moment : now
}
