import { isPersonal } from '../sequence/ways.ts'
import { anchorsOf, timezoneOf } from './anchor.ts'
import type { CampaignDefinition } from './definition.ts'
import { leadTimesOf } from './lead-times.ts'
import type { NetworkCalendar } from './occurrences.ts'
import { resolveMoment } from './schedule.ts'

/** Something a launch can go on with, but its author should know. */
export interface CampaignNotice {
  code: 'clock.gap' | 'clock.overlap' | 'step.past' | 'shop.unknown'
  step: string
  /** When it will be due. */
  at: Date
  message: string
}

/**
 * What the calendar does to a valid campaign: times the change of clocks skips or repeats, steps already past.
 * Seen from the campaign's own zone, or the network's when it goes by the recipients' clocks.
 */
export function campaignNotices(
  definition: CampaignDefinition,
  { now, network }: { now: Date; network: Pick<NetworkCalendar, 'timezone' | 'settings'> },
): CampaignNotice[] {
  const timezone = timezoneOf(definition, { network: network.timezone })
  const leadTimes = leadTimesOf(network)
  const anchors = anchorsOf(definition, now, leadTimes)
  const found: CampaignNotice[] = []
  for (const step of definition.steps) {
    const { name, at: expression } = step
    if (expression === undefined || isPersonal(definition, step)) continue
    const moment = anchors[step.print ? `${name}.freeze` : name] ?? expression
    const { at, local, clockChange } = resolveMoment(moment, anchors, { timezone, isHoliday: () => false })
    const add = (code: CampaignNotice['code'], message: string) => found.push({ code, step: name, at, message })
    const instant = at.toISOString()
    if (clockChange === 'gap') {
      add(
        'clock.gap',
        `Step "${name}": ${local} does not exist in ${timezone}, the clocks go forward; it leaves at the next valid instant, ${instant}.`,
      )
    }
    if (clockChange === 'overlap') {
      add(
        'clock.overlap',
        `Step "${name}": ${local} comes twice in ${timezone}, the clocks go back; it leaves at the first, ${instant}, once.`,
      )
    }
    const shop = step.print?.shop
    if (shop !== undefined && !Object.hasOwn(leadTimes.shops ?? {}, shop))
      add(
        'shop.unknown',
        `Step "${name}": the print shop "${shop}" has no days of its own in the settings; it is planned by the usual ones.`,
      )
    if (at < now) add('step.past', `Step "${name}" was due on ${instant}: it leaves at once when the campaign starts.`)
  }
  return found
}
