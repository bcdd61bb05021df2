import type { StepResult } from './funnel.ts'
import type { Measures } from './measures.ts'
import { fewest, type Rate, rateOf } from './rate.ts'

/** What of it was opened, by those who agreed to be measured; of fewer than ten, nothing. */
export const openRateOf = ({ opened, openable, mailed }: Measures): Rate => rateOf(opened, openable, mailed, fewest)

/** What of it was acted on, where silence would have said something. */
export const actionRateOf = ({ actedMeasurably, measurable, sent }: Measures): Rate =>
  rateOf(actedMeasurably, measurable, sent)

/** What arrived of what left. */
export const arrivalRateOf = ({ delivered, sent }: Measures): Rate => rateOf(delivered, sent, sent)

/** Thousandths of a minor unit an action came to; undefined without one. */
export const costOfAction = ({ acted, costMillis }: Pick<Measures, 'acted' | 'costMillis'>): number | undefined =>
  acted > 0 ? costMillis / acted : undefined

/**
 * A campaign over its steps and channels, copies left out; it counts deliveries, since a person has one a step. Letters
 * are not in `delivered`, nor are the opens of a step too small to tell them: they could be had by subtracting.
 */
export function totalsOf(steps: readonly StepResult[]): { all: Measures; arrival: Rate; opens: Rate; actions: Rate } {
  const all: Measures = {
    ...{ planned: 0, sent: 0, delivered: 0, trouble: 0, openable: 0, opened: 0, machineOpened: 0, countedTogether: 0 },
    ...{ measurable: 0, acted: 0, actedMeasurably: 0, clicked: 0, replied: 0, acknowledged: 0, registered: 0 },
    ...{ costMillis: 0, otherCurrency: 0, mailed: 0 },
  }
  let letters = 0
  for (const row of steps.flatMap(({ channels }) => channels)) {
    if (row.isCompanion) continue
    const tellsOpens = row.openable >= fewest
    for (const name of summed) all[name] += row[name]
    if (row.channel === 'print') letters += row.sent
    else all.delivered += row.delivered
    if (tellsOpens) {
      all.openable += row.openable
      all.opened += row.opened
    }
  }
  return {
    all,
    arrival: rateOf(all.delivered, all.sent - letters, all.sent),
    opens: openRateOf(all),
    actions: actionRateOf(all),
  }
}

const summed = [
  'planned',
  'sent',
  'mailed',
  'trouble',
  'machineOpened',
  'countedTogether',
  'measurable',
  'acted',
  'actedMeasurably',
  'clicked',
  'replied',
  'acknowledged',
  'registered',
  'costMillis',
  'otherCurrency',
] as const
