import { parse } from 'csv-parse/sync'
import { fold } from '../../network/folding.ts'

/** Something somebody did before, as a file tells it. */
export interface PastLine {
  /** Who, by any name that is always the same. */
  who: string
  /** The role of the rules they would play; empty: the first. */
  role: string
  criterion: string
  /** YYYY-MM-DD; a month alone stands for its first day. */
  day: string
  /** The file says the month alone: no daily cap can be looked at. */
  isMonth: boolean
  quantity: number
}

export interface Reject {
  /** Line of the file, the heading is 1. */
  line: number
  code: 'no_who' | 'no_day' | 'no_criterion' | 'unknown_criterion' | 'unknown_role' | 'no_quantity' | 'too_short'
  value: string
}

const heads = {
  who: ['participant', 'vendeur', 'identifiant', 'nom', 'who', 'name', 'site', 'code site'],
  role: ['role'],
  criterion: ['critere', 'criterion', 'mesure', 'measure'],
  day: ['date', 'jour', 'mois', 'day', 'month'],
  quantity: ['quantite', 'quantity', 'nombre', 'ventes', 'qte'],
} as const
type Head = keyof typeof heads

/** The file has no heading that says who, when, what or how much. */
export class UnreadableResults extends Error {
  override name = 'UnreadableResults'
  readonly missing: readonly string[]
  constructor(missing: readonly string[]) {
    super(
      `The file lacks ${missing.join(', ')}. Its first line names the columns: participant;role;critere;date;quantite (role may be left out).`,
    )
    this.missing = missing
  }
}

function dayOf(text: string): { day: string; isMonth: boolean } | undefined {
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  const whole = french ? `${french[3]}-${french[2]!.padStart(2, '0')}-${french[1]!.padStart(2, '0')}` : text
  const month =
    /^(\d{4})-(\d{2})$/.exec(whole) ??
    /^(\d{2})\/(\d{4})$/.exec(whole)?.toSpliced(0, 3, '', whole.slice(3), whole.slice(0, 2))
  const day = month ? `${month[1]}-${month[2]}-01` : whole
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const at = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day
    ? undefined
    : { day, isMonth: Boolean(month) }
}

function quantityOf(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')
  const value = Number(plain)
  return plain !== '' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined
}

/**
 * Reads results of a year before from a CSV file as spreadsheets write it: `;`, `,` or tab, with or without a byte
 * order mark. A line that cannot be used is told with its number and why; none is guessed.
 * @throws UnreadableResults without the columns needed.
 */
export function readResults(
  text: string,
  known: { criteria: readonly string[]; roles: readonly string[] },
): { lines: PastLine[]; rejects: Reject[] } {
  const rows: string[][] = parse(text, {
    ...{ bom: true, delimiter: [';', ',', '\t'], trim: true, skip_empty_lines: true },
    ...{ relax_column_count: true, relax_quotes: true },
  })
  const [first = [], ...rest] = rows
  const at = new Map<Head, number>()
  for (const head of Object.keys(heads) as Head[]) {
    const index = first.findIndex((name) => (heads[head] as readonly string[]).includes(fold(name)))
    if (index >= 0) at.set(head, index)
  }
  const missing = (['who', 'criterion', 'day', 'quantity'] as const)
    .filter((head) => !at.has(head))
    .map((head) => heads[head][0])
  if (missing.length > 0) throw new UnreadableResults(missing)
  const lines: PastLine[] = []
  const rejects: Reject[] = []
  for (const [index, row] of rest.entries()) {
    const cell = (head: Head): string => row[at.get(head) ?? -1]?.trim() ?? ''
    const reject = (code: Reject['code'], value: string) =>
      rejects.push({ line: index + 2, code, value: value.slice(0, 60) })
    const day = dayOf(cell('day'))
    const quantity = quantityOf(cell('quantity'))
    const criterion = known.criteria.find((name) => fold(name) === fold(cell('criterion')))
    const role = cell('role') === '' ? '' : known.roles.find((name) => fold(name) === fold(cell('role')))
    if (cell('who') === '') reject('no_who', row.join(';'))
    else if (!day) reject('no_day', cell('day'))
    else if (cell('criterion') === '') reject('no_criterion', row.join(';'))
    else if (criterion === undefined) reject('unknown_criterion', cell('criterion'))
    else if (role === undefined) reject('unknown_role', cell('role'))
    else if (quantity === undefined) reject('no_quantity', cell('quantity'))
    else lines.push({ who: cell('who'), role, criterion, ...day, quantity })
  }
  return { lines, rejects }
}
