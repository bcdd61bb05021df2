const currency = /\s*(?:€|eur|euros?|k€)$/i
const french = /^-?(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?:,\d+)?$/
const english = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/
/** Codes keep their zeros: 0123 is not 123. */
const code = /^-?0\d/

/**
 * A number as French or English spreadsheets write it (`1 122 000,00`, `1,122,000.00`, `12 €`); undefined when it
 * is something else, such as a code with a leading zero or more digits than a number holds exactly. `1,234` is
 * read the French way, one and a bit.
 */
export function readNumber(cell: string): number | undefined {
  const text = cell.trim().replace(currency, '')
  if (code.test(text) || text.replace(/\D/g, '').length > 15) return
  if (french.test(text)) {
    const whole = text.replace(/[ \u00a0\u202f]/g, '')
    // A lone dot before three digits is a decimal point: French exports group with spaces.
    if (/^-?\d{1,3}\.\d{3}$/.test(whole)) return Number(whole)
    return Number(whole.replaceAll('.', '').replace(',', '.'))
  }
  return english.test(text) ? Number(text.replaceAll(',', '')) : undefined
}
