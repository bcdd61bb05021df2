/** Rows as aligned columns; numbers to the right. Empty without rows. */
export function table(headers: string[], rows: (string | number)[][]): string {
  if (rows.length === 0) return ''
  const cells = [headers, ...rows.map((row) => row.map(String))]
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  const isNumber = headers.map((_, column) => rows.every((row) => typeof row[column] === 'number'))
  return cells
    .map((row) =>
      row
        .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Minor units as people write them: 94.25 EUR. */
export const money = (minor: number, currency: string): string => `${(minor / 100).toFixed(2)} ${currency}`
