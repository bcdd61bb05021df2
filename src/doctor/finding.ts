import type { Relais } from '../main.ts'

/** `unset`: not configured, and works without · `warn`: works, but not as it should · `bad`: does not work. */
export type Health = 'ok' | 'unset' | 'warn' | 'bad'

export interface Finding {
  /** What was looked at, such as `database` or `sms`. */
  about: string
  health: Health
  /** One sentence; names of settings and counts, never a secret. */
  says: string
  /** What to do about it. */
  mend?: string
}

/** Looks at one side of an installation and changes nothing. */
export type Examination = (relais: Relais) => Promise<Finding[]>
