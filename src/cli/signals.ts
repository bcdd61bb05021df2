import type { Io } from './io.ts'

const codes = { SIGINT: 130, SIGTERM: 143 } as const

export interface Signals {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  stop: AbortSignal
  /** The exit code of the signal that came, as shells expect it. */
  code(): number | undefined
}

/** The first signal asks for a graceful end, saying `message`; the second one ends the process at once. */
export function watchSignals(io: Pick<Io, 'err'>, message: string): Signals {
  const controller = new AbortController()
  let came: number | undefined
  for (const [signal, code] of Object.entries(codes))
    process.on(signal, () => {
      if (came !== undefined) process.exit(code)
      came = code
      io.err(`${message} Press Ctrl-C again to stop at once.\n`)
      controller.abort()
    })
  return { stop: controller.signal, code: () => came }
}
