import type { OpeningHours } from '../../db/schema.ts'
import { fold } from '../folding.ts'

type Weekday = keyof OpeningHours
const weekdays: [prefix: RegExp, day: number][] = [
  [/^(?:lu|lun|lundi|mo|mon|monday)$/, 1],
  [/^(?:ma|mar|mardi|tu|tue|tuesday)$/, 2],
  [/^(?:me|mer|mercredi|we|wed|wednesday)$/, 3],
  [/^(?:je|jeu|jeudi|th|thu|thursday)$/, 4],
  [/^(?:ve|ven|vendredi|fr|fri|friday)$/, 5],
  [/^(?:sa|sam|samedi|sat|saturday)$/, 6],
  [/^(?:di|dim|dimanche|su|sun|sunday)$/, 7],
]
const dayOf = (word: string) => weekdays.find(([pattern]) => pattern.test(fold(word)))?.[1]

const daysForm = /^\s*([a-zà-ÿ]+)\.?(?:\s*(?:-|–|à|au|to)\s*([a-zà-ÿ]+)\.?)?\s*:?\s*(.*)$/i
const spanForm = /(\d{1,2})(?:\s?[h:](\d{2})?)?\s*(?:-|–|à|to)\s*(\d{1,2})(?:\s?[h:](\d{2})?)?/gi

/**
 * Opening hours as people write them: `Lu-Ve 8h-12h 13h30-18h; Sa 9h-12h`, `Mon-Fri 08:00-18:00`. Days and
 * spans are parted by semicolons; a day not named is closed. Undefined when a part is not understood.
 */
export function readOpeningHours(cell: string): OpeningHours | undefined {
  const hours: OpeningHours = {}
  for (const part of cell.split(/[;|\n]/).filter((text) => text.trim())) {
    const days = daysForm.exec(part)
    const first = days && dayOf(days[1]!)
    const last = days?.[2] === undefined ? first : dayOf(days[2])
    if (!days || !first || !last || last < first) return
    const rest = days[3]!
    const isClosed = /^(?:ferme|closed)/.test(fold(rest))
    const spans = [...rest.matchAll(spanForm)].map(([, fromHour, fromMinute, toHour, toMinute]): [number, number] => [
      Number(fromHour) * 60 + Number(fromMinute ?? 0),
      Number(toHour) * 60 + Number(toMinute ?? 0),
    ])
    const isPlausible = spans.every(([opens, closes]) => opens < closes && closes <= 24 * 60)
    if (!isPlausible || (spans.length === 0 && !isClosed)) return
    if (isClosed) continue
    for (let weekday = first; weekday <= last; weekday++) hours[String(weekday) as Weekday] = spans
  }
  return Object.keys(hours).length > 0 ? hours : undefined
}
