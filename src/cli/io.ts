/** What a command reads and writes through, so that it runs alike at a terminal, over the server's socket and in a test. */
export interface Io {
  /** Where relative paths begin. */
  cwd: string
  out(text: string): void
  err(text: string): void
  /** Asks for a yes; undefined when there is nobody to ask. */
  confirm?(question: string): Promise<boolean>
  /** Width of the terminal in columns. */
  columns: number
}

/** Bad usage or bad input: exit 2. */
export class BadInput extends Error {
  override name = 'BadInput'
}

/** The operation ran and failed, in whole or in part: exit 1. */
export class Failed extends Error {
  override name = 'Failed'
}
