import { inEnglish, type SaidParams, type SentenceCode } from './sentences/index.ts'

/** Something worth a look in one row; the row was imported all the same. */
export interface ImportWarning {
  line: number
  /** The header of the column, empty when it concerns the row. */
  column: string
  code: SentenceCode
  params?: SaidParams
  /** The cell as read, shortened. */
  value: string
  /** In English; code and parameters say it in any language. */
  message: string
}

export const warning = (
  line: number,
  code: SentenceCode,
  about: { column?: string | undefined; value?: string; params?: SaidParams | undefined } = {},
): ImportWarning => ({
  line,
  column: about.column ?? '',
  code,
  ...(about.params ? { params: about.params } : {}),
  value: about.value ?? '',
  message: inEnglish(code, about.params),
})

/** A row that was not imported. */
export interface Rejection {
  line: number
  code: SentenceCode
  params?: SaidParams
  /** In English. */
  message: string
}

export interface Tally<T> {
  count: number
  /** The first of them, at most 100. */
  first: T[]
}

const kept = 100
const longest = 60

/** Counts all of them and keeps the first hundred of each code, so that a bad file of any size fits in memory. */
export function tallyByCode<T extends { code: string }>() {
  const byCode: Record<string, Tally<T>> = {}
  let total = 0
  return {
    byCode,
    total: () => total,
    add(item: T) {
      total++
      let tally = byCode[item.code]
      if (!tally) {
        tally = { count: 0, first: [] }
        byCode[item.code] = tally
      }
      tally.count++
      if (tally.first.length < kept) tally.first.push(item)
    },
  }
}

/** A cell fit for a message. */
export const shorten = (cell: string): string => (cell.length > longest ? `${cell.slice(0, longest - 1)}…` : cell)
