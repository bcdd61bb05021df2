/**
 * The dates of a printed step: proof, freeze, routing, posting, estimated arrival. Each is a moment counted in working
 * days from the one the author gave, so that it moves with it and other steps can be counted from it. Pure.
 */
import { z } from 'zod'
import { arrivalDays, defaultLeadTimes, type LeadTimes, ownTimes, postClasses, shopName } from './lead-times.ts'
import { parseMoment } from './schedule.ts'

export const printDates = ['proof', 'freeze', 'routing', 'posted', 'arrival'] as const
export type PrintDate = (typeof printDates)[number]

const days = z.int().min(0).max(60).optional()

/** What a step says of its printing. */
export const printSchema = z
  .strictObject({
    date: z
      .enum(['freeze', 'posted', 'arrival'])
      .default('freeze')
      .meta({ description: 'What at: is the date of: freeze (nothing changes any more), posted, or arrival' }),
    post: z.enum(postClasses).optional().meta({
      description: 'Class of post, whose days the settings say: express, letter or bulk; without it, the usual one',
    }),
    shop: shopName.optional().meta({
      description: 'The print shop, whose own days the settings say; without it, or without any, the usual ones',
    }),
    proofToFreeze: days.meta({ description: 'Working days from the proof to the freeze' }),
    freezeToRouting: days.meta({ description: 'Working days from the freeze to printing and sorting' }),
    routingToPosted: days.meta({ description: 'Working days from there to handing over to the post' }),
    postedToArrival: days.meta({ description: 'Working days from the post to the letter box' }),
  })
  .meta({
    description: 'Of a printed step: its dates. Others count from them: kit.posted, kit.arrival + 1 working day',
  })

export type PrintPlan = z.output<typeof printSchema>

interface PrintableStep {
  name: string
  at?: string
  channels?: readonly string[]
  print?: PrintPlan
}

/** Says where `print:` stands beside a step that is not printed. */
export function checkPrint(step: PrintableStep, context: z.core.$RefinementCtx): void {
  if (step.print === undefined) return
  const add = (message: string) => context.addIssue({ code: 'custom', path: ['print'], message })
  if (!step.channels?.includes('print'))
    add(`print: belongs to a step that is printed: give "${step.name}" channels: [print].`)
  if (step.at === undefined) add(`print: says what at: is the date of: give "${step.name}" at:.`)
}

/** Whether a step is certainly printed, so that it has a shop's dates. */
export const isPrinted = (step: PrintableStep): boolean =>
  step.at !== undefined && (step.print !== undefined || (step.channels?.includes('print') ?? false))

/** How far each date lies from the freeze, in working days. */
export function fromFreeze(step: Pick<PrintableStep, 'print'>, network: LeadTimes): Record<PrintDate, number> {
  const own = step.print
  const shop = { ...network, ...ownTimes(network, own?.shop) }
  const proof = own?.proofToFreeze ?? shop.proofToFreeze
  const routing = own?.freezeToRouting ?? shop.freezeToRouting
  const posted = routing + (own?.routingToPosted ?? shop.routingToPosted)
  // How fast the post is paid to be weighs more than where the shop usually posts.
  const arrival = posted + (own?.postedToArrival ?? arrivalDays(shop, own?.post))
  return { proof: -proof, freeze: 0, routing, posted, arrival }
}

/** Working days from the date the author gave to each of the others. */
export function fromGiven(step: Pick<PrintableStep, 'print'>, network: LeadTimes): Record<PrintDate, number> {
  const all = fromFreeze(step, network)
  const given = all[step.print?.date ?? 'freeze']
  return Object.fromEntries(printDates.map((date) => [date, all[date] - given])) as Record<PrintDate, number>
}

/** A moment some working days on: `launch, 09:00` and -2 make `launch - 2 working days, 09:00`. */
export function shiftedBy(expression: string, workingDays: number): string {
  if (workingDays === 0) return expression
  const [moment = '', ...time] = expression.split(',')
  const shift = `${workingDays < 0 ? '-' : '+'} ${Math.abs(workingDays)} working days`
  return [`${moment.trim()} ${shift}`, ...time.map((part) => part.trim())].join(', ')
}

/** A printed step's dates as anchors: `kit.proof`, `kit.posted` and the rest. */
export function printAnchors(step: PrintableStep, network: LeadTimes = defaultLeadTimes.value): Record<string, string> {
  const { at } = step
  if (at === undefined || !isPrinted(step)) return {}
  const offsets = fromGiven(step, network)
  return Object.fromEntries(printDates.map((date) => [`${step.name}.${date}`, shiftedBy(at, offsets[date])]))
}

/** When a step begins: a printed one at its freeze, every other at its date. */
export const beginning = (step: PrintableStep, network: LeadTimes = defaultLeadTimes.value): string | undefined =>
  step.at === undefined || step.print === undefined ? step.at : shiftedBy(step.at, fromGiven(step, network).freeze)

/**
 * The printed step whose letters a step waits for, because its moment counts from when they are posted or arrive,
 * straight or by way of other steps; undefined for one that waits for none.
 */
export function letterAwaitedBy(
  step: PrintableStep,
  steps: readonly PrintableStep[],
  path: readonly string[] = [],
): PrintableStep | undefined {
  const parsed = step.at === undefined ? undefined : parseMoment(step.at)
  if (!parsed || 'problem' in parsed || parsed.moment.base.kind !== 'anchor') return undefined
  const [name, date] = parsed.moment.base.name.split('.')
  const other = steps.find((one) => one.name === name)
  if (!other || path.includes(other.name)) return undefined
  if ((date === 'posted' || date === 'arrival') && isPrinted(other)) return other
  return letterAwaitedBy(other, steps, [...path, other.name])
}
