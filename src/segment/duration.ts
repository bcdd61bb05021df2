const iso = /^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/

/**
 * An ISO 8601 duration of weeks, days, hours, minutes and seconds, in milliseconds; a day is 24 hours.
 * Undefined for anything else, years and months included, since these have no fixed length.
 */
export function durationMs(text: string): number | undefined {
  const found = iso.exec(text)
  if (!found || text.endsWith('T') || text === 'P') return undefined
  const [weeks, days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000
}
