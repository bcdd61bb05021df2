const candidates = [';', ',', '\t', '|'] as const
export type Delimiter = (typeof candidates)[number]

/** How often the character stands outside quotes. */
function countOutsideQuotes(line: string, delimiter: string): number {
  let found = 0
  let inside = false
  for (const character of line) {
    if (character === '"') inside = !inside
    else if (character === delimiter && !inside) found++
  }
  return found
}

/**
 * The delimiter of a text table by its first lines, header first: the candidate that appears in the header and as
 * often in most lines below it. A single column has none, which reads alike with any.
 */
export function sniffDelimiter(lines: readonly string[]): Delimiter {
  const [header = '', ...rest] = lines.filter((line) => line.trim() !== '')
  let best: Delimiter = ';'
  let bestScore = 0
  for (const candidate of candidates) {
    const inHeader = countOutsideQuotes(header, candidate)
    if (inHeader === 0) continue
    const agreeing = rest.filter((line) => countOutsideQuotes(line, candidate) === inHeader).length
    const score = (1 + agreeing) * 1_000 + inHeader
    if (score > bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}
