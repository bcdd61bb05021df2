import { createHash } from 'node:crypto'
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Language } from '../words.ts'
import type { AgendaEntry } from './agenda.ts'
import { localTime } from './launch-date.ts'

/** What a calendar says in its reader's language. */
export interface CalendarWords {
  name: string
  /** A step or one of the dates of its printing: Envoi, Bon à tirer … */
  what(what: AgendaEntry['what']): string
  run(run: AgendaEntry['run']): string
  title(title: Record<string, string>, language: Language): string
}

const quarterHourMs = 15 * 60_000

/**
 * A calendar as RFC 5545 has it. A sending is a quarter of an hour at its time; a date of printing is a whole day. The
 * same date keeps its identifier for ever, and its SEQUENCE grows with each version of its campaign, so that a calendar
 * program moves it instead of showing it twice.
 */
export function calendarText(
  entries: readonly AgendaEntry[],
  words: CalendarWords,
  {
    language,
    timezone,
    publicUrl,
    stamp,
  }: { language: Language; timezone: string; publicUrl: string /** When it was written (wall time). */; stamp: Date },
): string {
  const calendar = ical({
    name: words.name,
    prodId: { company: 'Relais', product: 'Relais', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 60 * 60,
  })
  for (const entry of entries) {
    const isDay = entry.what !== 'step'
    const day = new Date(`${localTime(entry.at, timezone).slice(0, 10)}T00:00:00Z`)
    const isOff = entry.run === 'skipped' || entry.run === 'canceled' || entry.status === 'canceled'
    calendar.createEvent({
      id: uidOf(entry.key),
      sequence: entry.version - 1,
      stamp,
      ...(isDay
        ? { start: day, allDay: true }
        : { start: entry.at, end: new Date(entry.at.getTime() + quarterHourMs) }),
      summary: `${words.title(entry.title, language)} · ${entry.step}${isDay ? ` · ${words.what(entry.what)}` : ''}`,
      description: isDay ? words.what(entry.what) : `${words.what(entry.what)} · ${words.run(entry.run)}`,
      url: `${publicUrl}/console/campaigns/${entry.campaignId}/timeline`,
      status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    })
  }
  return calendar.toString()
}

/** Never shown: no name of a campaign travels in it. */
const uidOf = (key: string): string => `${createHash('sha256').update(key).digest('hex').slice(0, 32)}@relais`
