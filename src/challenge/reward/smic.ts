/** The French minimum wage from a day on. */
export interface SmicRow {
  /** The first day, YYYY-MM-DD. */
  from: string
  /** Gross, cents an hour. */
  hourlyCents: number
  source: string
  status: 'sourced' | 'believed' | 'set by the network'
  checkedOn: string
}

/** Known to Relais; a network adds rows of its own on the page of its rewards, and those go first. */
export const smicRows: readonly SmicRow[] = [
  {
    from: '2024-11-01',
    hourlyCents: 1188,
    source: 'modele-social 11.1.0 (Urssaf, MIT licence), salarié . contrat . SMIC',
    status: 'sourced',
    checkedOn: '2026-11-20',
  },
  {
    from: '2026-01-01',
    hourlyCents: 1202,
    source: 'modele-social 11.1.0 (Urssaf, MIT licence), salarié . contrat . SMIC',
    status: 'sourced',
    checkedOn: '2026-11-20',
  },
  {
    from: '2026-06-01',
    hourlyCents: 1231,
    source: 'modele-social 11.1.0 (Urssaf, MIT licence), salarié . contrat . SMIC',
    status: 'sourced',
    checkedOn: '2026-11-20',
  },
]

/**
 * Which minimum wage a calendar year goes by when it rises within it. Urssaf’s page says the one of 1 January; the
 * law only “for the year considered”, so that a network may decide otherwise with its accountant.
 */
export const smicReferences = ['january', 'latest'] as const
export type SmicReference = (typeof smicReferences)[number]

export interface YearSmic {
  /** Cents a month, gross, for 35 hours a week. */
  monthlyCents: number
  row: SmicRow
  /** The row began before this year, and no later one is known: it may have risen since. */
  isCarriedOver: boolean
}

/** Of 35 hours a week over 52 weeks: 12.02 € an hour are 1,823.03 € a month. */
export const monthlyCents = (hourlyCents: number): number => Math.round((hourlyCents * 35 * 52) / 12)

/** The minimum wage a year's rewards are compared with; undefined before the first row. */
export function smicOf(year: number, reference: SmicReference, own: readonly SmicRow[] = []): YearSmic | undefined {
  const day = reference === 'january' ? `${year}-01-01` : `${year}-12-31`
  const rows = [...smicRows.filter(({ from }) => !own.some((row) => row.from === from)), ...own]
  const row = rows
    .filter(({ from }) => from <= day)
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .at(-1)
  if (!row) return undefined
  return { monthlyCents: monthlyCents(row.hourlyCents), row, isCarriedOver: row.from.slice(0, 4) < String(year) }
}
