import { Temporal } from 'temporal-polyfill'

/** The day a cell holds, as 2026-03-31 or as the French write it, 31/03/2026; undefined for anything else. */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text)
  const iso = french
    ? `${french[3]}-${french[2]!.padStart(2, '0')}-${french[1]!.padStart(2, '0')}`
    : /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(text)?.[0]
  if (iso === undefined) return undefined
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString()
  } catch {
    return undefined
  }
}
