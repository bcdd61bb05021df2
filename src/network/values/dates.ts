const isoForm = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/
const frenchForm = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:\s+\d{1,2}[:h]\d{2}.*)?$/
const serialForm = /^\d{5}(?:[.,]\d+)?$/
const day = 86_400_000
/** Day 0 of a spreadsheet's calendar, shifted by the leap day 1900 never had (ECMA-376 part 1, §18.17.4.1). */
const serialEpoch = Date.UTC(1899, 11, 30)

function isoDate(year: number, month: number, dayOfMonth: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== dayOfMonth || year < 1900) return
  return date.toISOString().slice(0, 10)
}

/**
 * A calendar date as `YYYY-MM-DD`: ISO, day/month/year (two-digit years up to 69 are of this century, POSIX
 * strptime), or a spreadsheet's serial number. Undefined when there is no such day.
 */
export function readDate(cell: string): string | undefined {
  const text = cell.trim()
  const iso = isoForm.exec(text)
  if (iso) return isoDate(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const french = frenchForm.exec(text)
  if (french) {
    let year = Number(french[3])
    if (french[3]!.length === 2) year += year < 69 ? 2000 : 1900
    return isoDate(year, Number(french[2]), Number(french[1]))
  }
  if (serialForm.test(text)) {
    const serial = Math.floor(Number(text.replace(',', '.')))
    return serial < 1 || serial > 80_000 ? undefined : new Date(serialEpoch + serial * day).toISOString().slice(0, 10)
  }
  return undefined
}
