import { z } from 'zod'
import { type Calendar, parseMoment, resolveAt } from '../campaign/schedule.ts'

const anchorName = 'cause'

const example = 'PT48H, P10D, 2 working days or 2 working days, 09:00'

/** How long after something happened: a duration, or days counted on the calendar of whoever it is for. */
export const delay = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseMoment(`${anchorName} + ${text}`)
    const isOne = !('problem' in parsed) && parsed.moment.shifts.length === 1 && parsed.moment.shifts[0]!.amount > 0
    if (!isOne) context.addIssue({ code: 'custom', message: `"${text}" is not a delay: write ${example}.` })
  })
  .meta({ description: example })

/**
 * The instant a delay after `from` ends, on the calendar of whoever it is for. Backwards, the instant it begins so as to
 * end at `from`.
 * @throws RangeError for a text that `delay` refuses
 */
export function after(text: string, from: Date, calendar: Calendar, direction: '+' | '-' = '+'): Date {
  const instant = `${from.toISOString().slice(0, 19)}Z`
  return resolveAt(`${anchorName} ${direction} ${text}`, { [anchorName]: instant }, calendar)
}
