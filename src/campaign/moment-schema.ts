import { z } from 'zod'
import { parseMoment } from './schedule.ts'

/** A moment as campaign files write it. */
export const moment = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseMoment(text)
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem })
  })
  .meta({ description: 'launch - 21 working days, 09:00 · launch + 3 days · teaser + PT48H · 2027-01-11T08:30' })
