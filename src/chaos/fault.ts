export interface Found {
  messages: number
  kills: number
  lost: number
  extra: number
  /** What else was seen, for people. */
  notes: string[]
}

/** One line of the report. */
export interface Line extends Found {
  fault: string
  what: string
  seconds: number
  /** Why it was not run; nothing else holds then. */
  notRun?: string
}

export interface Setting {
  seed: string
  /** 1 is the full size. */
  scale: number
  /** An empty PostgreSQL database, asked for once by each fault that needs one; undefined where none is to be had. */
  postgres?: () => Promise<string | undefined>
}

export interface Fault {
  name: string
  what: string
  /** Runs it; a string says why it cannot be. */
  run(setting: Setting): Promise<Found | string>
}

/** A full size scaled down, never below `least`. */
export const sized = (full: number, { scale }: Setting, least: number): number =>
  Math.max(least, Math.round(full * scale))
