import type { OpeningHours } from '../../../routing/types.ts'

export const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const
export type Weekday = (typeof weekdays)[number]

const two = (value: number): string => String(value).padStart(2, '0')
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`

/** 08:00-12:00, 14:00-18:00 */
export const intervalsText = (intervals: readonly [number, number][] | undefined): string =>
  (intervals ?? []).map(([from, to]) => `${clock(from)}-${clock(to)}`).join(', ')

const interval = /^(\d{1,2})(?:[:hH](\d{2})?)?\s*[-–à]\s*(\d{1,2})(?:[:hH](\d{2})?)?$/

/** The open intervals of a day as people write them (8h-12h, 14:00-18:30); undefined when they cannot be. */
export function readIntervals(text: string): [number, number][] | undefined {
  if (text.trim() === '') return []
  const found: [number, number][] = []
  for (const part of text.split(/[,;]/)) {
    const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = interval.exec(part.trim()) ?? []
    if (fromHour === undefined || toHour === undefined) return undefined
    const from = Number(fromHour) * 60 + Number(fromMinute)
    const to = Number(toHour) * 60 + Number(toMinute)
    const isTime = Number(fromMinute) < 60 && Number(toMinute) < 60 && to <= 1440
    const last = found.at(-1)
    if (!isTime || from >= to || (last && from < last[1])) return undefined
    found.push([from, to])
  }
  return found
}

/** A week from the fields `prefix-1` … `prefix-7`, or the names of the fields that cannot be read. */
export function readWeek(
  fields: Readonly<Record<string, string>>,
  prefix: string,
): { week: OpeningHours } | { wrong: string[] } {
  const week: OpeningHours = {}
  const wrong: string[] = []
  for (const day of weekdays) {
    const intervals = readIntervals(fields[`${prefix}-${day}`] ?? '')
    if (!intervals) wrong.push(`${prefix}-${day}`)
    else if (intervals.length > 0) week[day] = intervals
  }
  return wrong.length > 0 ? { wrong } : { week }
}

/** The fields of a week, as `readWeek` takes them. */
export const weekFields = (week: OpeningHours, prefix: string): Record<string, string> =>
  Object.fromEntries(weekdays.map((day) => [`${prefix}-${day}`, intervalsText(week[day])]))

/** Days with the same hours together: 1–5 08:00-20:00 · 6 10:00-19:00. Closed days are left out. */
export function groupedWeek(week: OpeningHours): { first: Weekday; last: Weekday; hours: string }[] {
  const groups: { first: Weekday; last: Weekday; hours: string }[] = []
  for (const day of weekdays) {
    const hours = intervalsText(week[day])
    const open = groups.at(-1)
    if (hours === '') continue
    if (open && open.hours === hours && Number(open.last) === Number(day) - 1) open.last = day
    else groups.push({ first: day, last: day, hours })
  }
  return groups
}
