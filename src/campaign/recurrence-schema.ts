/** What a campaign file says of a step that comes again. */
import { z } from 'zod'
import { moment } from './moment-schema.ts'
import { closedRules, type Recurrence, recurrenceProblem } from './recurrence.ts'

export const recurrenceKeys = {
  every: z.string().min(1).optional().meta({
    description:
      'Comes again: day, week, 2 weeks, month, quarter, year, or an RRULE such as FREQ=MONTHLY;BYDAY=1TU; counted from at:',
  }),
  on: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .optional()
    .meta({
      description:
        'Which day: tuesday · monday, thursday · first tuesday · last friday · 15 · last day · last working day',
    }),
  until: moment.optional().meta({ description: 'The last day it may come on, such as end or 2027-12-31' }),
  count: z.int().min(1).max(1_000).optional().meta({ description: 'How many times in all' }),
  closed: z.enum(closedRules).optional().meta({
    description:
      'When the day is a weekend or a holiday where the recipient is: next (the working day after it, the default), previous, or keep',
  }),
}

/** Says what is wrong with how a step recurs, at the key where it is mended. */
export function checkRecurrence(
  written: { name: string; at?: string } & Partial<Recurrence>,
  context: z.core.$RefinementCtx,
): void {
  const add = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
  const { every } = written
  if (every === undefined) {
    for (const key of ['on', 'until', 'count', 'closed'] as const)
      if (written[key] !== undefined)
        add(key, `${key}: belongs to a step that comes again: give step "${written.name}" every: (such as month).`)
    return
  }
  if (written.at === undefined)
    add('every', `Step "${written.name}" comes again but never begins: give it at:, from when on and at what time.`)
  if (written.until !== undefined && written.count !== undefined)
    add('count', 'until: and count: both say when it ends; keep one.')
  const problem = recurrenceProblem({ ...written, every })
  if (problem) add(problem.key, problem.message)
}
