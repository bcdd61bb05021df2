const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’`]/g, "'").toLowerCase()

/** Subjects by which mail programs say, in French or English, that nobody is at the desk. */
const absentSubjects =
  /\b(absence du bureau|absent(e|s|es)? du bureau|en conges?|hors du bureau|message d'absence|absence\s*:|je suis absent|out of (the )?office|out-of-office|ooo|on (annual |parental |maternity )?leave|on vacation|on holiday|away from (my|the) (desk|office)|abwesenheit)\b|^(auto\s*:\s*)?absen(t|te|ce)\b/
/** Subjects of any answer given by a program. */
const automaticSubjects =
  /\b(reponse automatique|automatic reply|auto[- ]?reply|autoreply|auto[- ]?response|automatische antwort|accuse de reception automatique)\b|^auto\s*:/
/** The same said in the words of the mail, where its headers already say that a program wrote it. */
const absentWords =
  /\b(absent|absente|absence|conges?|vacances|de retour|out of (the )?office|on leave|away|vacation|holiday|return(ing)?)\b/

/** Whether a subject alone says that a program answered. */
export const saysAutomatic = (subject: string): boolean =>
  absentSubjects.test(folded(subject)) || automaticSubjects.test(folded(subject))

/** Whether an automatic answer says that nobody is at the desk. */
export const saysAbsent = (subject: string, text: string): boolean =>
  absentSubjects.test(folded(subject)) || absentWords.test(folded(text).slice(0, 4_000))

const months: Record<string, number> = {
  ...{ janvier: 1, fevrier: 2, mars: 3, avril: 4, mai: 5, juin: 6, juillet: 7, aout: 8, septembre: 9 },
  ...{ octobre: 10, novembre: 11, decembre: 12, january: 1, february: 2, march: 3, april: 4, may: 5, june: 6 },
  ...{ july: 7, august: 8, september: 9, october: 10, november: 11, december: 12, jan: 1, feb: 2, mar: 3, apr: 4 },
  ...{ jun: 6, jul: 7, aug: 8, sep: 9, sept: 9, oct: 10, nov: 11, dec: 12, janv: 1, fevr: 2, avr: 4, juil: 7 },
}
const weekday =
  '(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday),? )?'
const lead =
  "(?:jusqu'au|jusqu'a|au|a partir du|de retour (?:le|au bureau le|parmi vous le|a mon poste le|au travail le)|retour(?: prevu)?(?: est)?(?: prevu)?(?: le)?|reviens le|reviendrai le|rentre le|until|till|back (?:in the office )?on|return(?:ing)?(?: to the office)? on|back|return(?:ing)?|from)"
const written = new RegExp(
  `\\b${lead}:? ${weekday}(?:the )?(?:(\\d{1,2})(?:er|st|nd|rd|th)?(?: of)? ([a-z]{3,9})\\.?|([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?)(?:,? (\\d{4}))?\\b`,
  'g',
)
const figures = new RegExp(
  `\\b${lead}:? ${weekday}(?:(\\d{4})-(\\d{2})-(\\d{2})|(\\d{1,2})[/.](\\d{1,2})(?:[/.](\\d{4}|\\d{2}))?)\\b`,
  'g',
)

interface Day {
  year?: number
  month: number
  day: number
}

/**
 * The day an automatic answer names, of return or the last of the absence, as `2026-08-24`: of several the latest. A
 * date without a year is the next of its kind. Of `08/09` nobody can tell in English which is the month: it is read
 * as in France, and left out where English words lead to it.
 */
export function backOn(text: string, writtenAt: Date): string | undefined {
  const plain = folded(text).replace(/\s+/g, ' ').slice(0, 8_000)
  const days: Day[] = []
  for (const [, day, name, firstName, firstDay, year] of plain.matchAll(written)) {
    const month = months[name ?? firstName ?? '']
    if (month) days.push({ year: year ? Number(year) : undefined, month, day: Number(day ?? firstDay) })
  }
  for (const [whole, year, month, day, first, second, late] of plain.matchAll(figures)) {
    if (year) days.push({ year: Number(year), month: Number(month), day: Number(day) })
    else if (!/^(until|till|back|return|from)/.test(whole) || Number(first) > 12)
      days.push({ year: late ? Number(late.padStart(4, '20')) : undefined, month: Number(second), day: Number(first) })
  }
  return days
    .flatMap((day) => isoDay(day, writtenAt) ?? [])
    .sort()
    .at(-1)
}

/** Undefined for a day there is not, one more than a year ahead, and one that had passed when it was written. */
function isoDay({ year, month, day }: Day, writtenAt: Date): string | undefined {
  const today = writtenAt.toISOString().slice(0, 10)
  const candidates = year === undefined ? [writtenAt.getUTCFullYear(), writtenAt.getUTCFullYear() + 1] : [year]
  for (const candidate of candidates) {
    const at = new Date(Date.UTC(candidate, month - 1, day))
    if (Number.isNaN(at.getTime()) || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) continue
    const iso = at.toISOString().slice(0, 10)
    if (iso >= today && at.getTime() - writtenAt.getTime() < 400 * 86_400_000) return iso
  }
  return undefined
}
