import type { CampaignDefinition } from './definition.ts'
import type { LeadTimes } from './lead-times.ts'
import { printAnchors } from './print-dates.ts'
import { parseMoment } from './schedule.ts'

/**
 * Every name a moment of this campaign may count from: its anchors, its dated steps, and the dates of printed ones.
 * `launchedAt` is what `now` means; without it `now` stays, and resolving against it fails.
 */
export function anchorsOf(
  definition: CampaignDefinition,
  launchedAt?: Date,
  leadTimes?: LeadTimes,
): Record<string, string> {
  const { timezone: _, ...anchors } = definition.anchor
  const dated = Object.fromEntries(
    definition.steps.flatMap((step) =>
      step.at === undefined ? [] : [[step.name, step.at], ...Object.entries(printAnchors(step, leadTimes))],
    ),
  )
  const all: Record<string, string> = { ...dated, ...(anchors as Record<string, string>) }
  if (!launchedAt) return all
  const instant = `${launchedAt.toISOString().slice(0, 19)}Z`
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, text.replace(/^now\b/, instant)]))
}

/** Whose clock a campaign goes by: each recipient's own, a named zone, or the network's. */
export function timezoneOf(definition: CampaignDefinition, clocks: { recipient?: string; network: string }): string {
  const { timezone } = definition.anchor
  if (timezone === 'recipient') return clocks.recipient ?? clocks.network
  return timezone ?? clocks.network
}

/** The anchors as a template names them, local dates such as `2027-01-11T08:30`; those that are relative are left out. */
export function anchorDates(definition: CampaignDefinition): Record<string, string> {
  const known = datesKnown.get(definition)
  if (known) return known
  const dates: Record<string, string> = {}
  for (const [name, text] of Object.entries(anchorsOf(definition))) {
    if (name.includes('.')) continue
    const parsed = parseMoment(text)
    if ('problem' in parsed || parsed.moment.shifts.length > 0) continue
    const { base, time } = parsed.moment
    if (base.kind === 'local') dates[name] = time === undefined ? base.at : `${base.at.slice(0, 10)}T${time}`
  }
  datesKnown.set(definition, dates)
  return dates
}

/** Asked for every recipient of a campaign. */
const datesKnown = new WeakMap<CampaignDefinition, Record<string, string>>()
