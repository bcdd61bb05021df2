import { z } from 'zod'
import type { NetworkSettings } from '../db/schema/network.ts'
import type { Override } from '../network/routing-settings.ts'

/** What is kept for a set time. Rendered messages have their own setting, `contentMonths`. */
export const keptKinds = ['inbound', 'tracking', 'events', 'exposures', 'files', 'batches', 'answers'] as const
export type KeptKind = (typeof keptKinds)[number]

/** What a network may set a term for: what is kept, and after how long without a word a person counts as silent. */
export const termKinds = [...keptKinds, 'silence'] as const
export type TermKind = (typeof termKinds)[number]

export interface Term {
  /** How long it is kept; a month is 30.4375 days. */
  value: number
  unit: 'day' | 'month'
  source: string
  status: 'sourced' | 'believed'
  /** YYYY-MM-DD. */
  checkedOn: string
}

const checkedOn = '2026-11-20'

/**
 * How long what is told of people is kept unless a network says otherwise. None of it is legal advice: each term has its
 * source, and a network may set its own with another.
 */
export const defaultTerms: Readonly<Record<TermKind, Term>> = {
  /** What providers and phones sent, as it came: needed until it is applied, and to find out what went wrong. */
  inbound: {
    ...{ value: 30, unit: 'day', status: 'believed', checkedOn },
    source: 'GDPR art. 5(1)(e), storage limitation; IP and user agent at most 30 days, as habit has it',
  },
  /** Opens, clicks and scans one by one. */
  tracking: {
    ...{ value: 13, unit: 'month', status: 'believed', checkedOn },
    source: 'CNIL guidelines on cookies and trackers (deliberation 2020-091): audience trackers 13 months',
  },
  /** Everything else that happened to a message. */
  events: {
    ...{ value: 25, unit: 'month', status: 'sourced', checkedOn },
    source: 'CNIL guidelines on cookies and trackers (deliberation 2020-091): audience data 25 months',
  },
  /** Chances to act, one by one; sums are left in their place. */
  exposures: {
    ...{ value: 25, unit: 'month', status: 'sourced', checkedOn },
    source: 'CNIL guidelines on cookies and trackers (deliberation 2020-091): audience data 25 months',
  },
  /** Partner files as they were uploaded, and the rows that were refused. */
  files: {
    ...{ value: 30, unit: 'day', status: 'believed', checkedOn },
    source: 'GDPR art. 5(1)(e): the network holds what was imported, the file is needed to mend what was refused',
  },
  /** Print packages, sealed: the letters as they were printed, with names and addresses. Their rows stay. */
  batches: {
    ...{ value: 12, unit: 'month', status: 'believed', checkedOn },
    source: 'GDPR art. 5(1)(e): a year covers complaints about a mailing, returned letters and reprints',
  },
  /** Answers of the API kept so that a repeated request gets the first one again. */
  answers: {
    ...{ value: 2, unit: 'day', status: 'believed', checkedOn },
    source: 'draft-ietf-httpapi-idempotency-key-header: keys expire; ours are honoured for 24 hours',
  },
  /**
   * From the last contact that came from the person: a click is one, an open is not. Those past it are listed, and asked
   * and erased only where the network has Relais do so (`src/retention/silence-rule.ts`).
   */
  silence: {
    ...{ value: 36, unit: 'month', status: 'sourced', checkedOn },
    source: 'CNIL, référentiel on managing commercial activities (deliberation 2021-131): prospects three years',
  },
}

/** The longest a network may keep anything of this, in the unit of its term. */
export const mostOfTerm = 1_200

const stored = z.partialRecord(
  z.enum(termKinds),
  z.object({
    value: z.int().min(1).max(mostOfTerm),
    source: z.string().min(1).max(500),
    reason: z.string().max(500).optional(),
    checkedOn: z.iso.date(),
    setBy: z.string(),
  }),
)

/** The terms a network has set itself (`settings.defaults.retention`). @throws when what is stored is none. */
export function ownTerms(settings: NetworkSettings): Partial<Record<TermKind, Override<number>>> {
  if (settings.defaults?.retention === undefined) return {}
  const parsed = stored.safeParse(settings.defaults.retention)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`The network’s setting defaults.retention.${issue!.path.join('.')} cannot be used: ${issue!.message}`)
}

const dayMs = 86_400_000
const monthMs = 30.4375 * dayMs

/** The term that holds in a network, in the unit of the shipped one. */
export function termOf(kind: TermKind, settings: NetworkSettings): number {
  return ownTerms(settings)[kind]?.value ?? defaultTerms[kind].value
}

/** What is older than this is past its term; `now` in the same clock as what it is compared with. */
export function endOf(kind: TermKind, settings: NetworkSettings, now: Date): Date {
  const value = termOf(kind, settings)
  const { unit } = defaultTerms[kind]
  return new Date(now.getTime() - value * (unit === 'day' ? dayMs : monthMs))
}
