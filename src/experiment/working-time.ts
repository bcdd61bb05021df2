import { Temporal } from 'temporal-polyfill'

/** Hours of the day in which answers are waited for: outside them few people read. */
const from = 8
const to = 20

/**
 * The instant after so many milliseconds of working time: 8–20 on Monday to Friday without holidays, in `timezone`
 * (IANA). Where all days are closed for a year, elapsed time counts.
 */
export function afterWorkingTime(
  start: Date,
  ms: number,
  timezone: string,
  isHoliday: (date: string) => boolean,
): Date {
  let at = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timezone)
  let left = ms
  for (let days = 0; days < 366; days++) {
    const date = at.toPlainDate()
    if (date.dayOfWeek <= 5 && !isHoliday(date.toString())) {
      const opens = date.toZonedDateTime({ timeZone: timezone, plainTime: { hour: from } })
      const closes = date.toZonedDateTime({ timeZone: timezone, plainTime: { hour: to } })
      const begins = Math.max(at.epochMilliseconds, opens.epochMilliseconds)
      const available = closes.epochMilliseconds - begins
      if (available >= left) return new Date(begins + left)
      if (available > 0) left -= available
    }
    at = date.add({ days: 1 }).toZonedDateTime({ timeZone: timezone })
  }
  return new Date(start.getTime() + ms)
}
