const laPoste = '356000000'

/**
 * Whether a SIRET or SIREN is well formed: 14 or 9 digits whose Luhn sum is a multiple of ten, La Poste's
 * establishments by their plain digit sum (Insee, Sirene: "Numéro SIRET").
 */
export function isSiret(cell: string): boolean {
  const digits = cell.replace(/[\s\u00a0.]/g, '')
  if (!/^(?:\d{9}|\d{14})$/.test(digits)) return false
  const values = [...digits].map(Number)
  if (digits.startsWith(laPoste) && digits.length === 14 && values.reduce((sum, value) => sum + value, 0) % 5 === 0)
    return true
  const sum = values.reverse().reduce((total, value, place) => {
    const doubled = place % 2 === 1 ? value * 2 : value
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
