import { fork } from 'node:child_process'

/**
 * Runs one of the programs below in a process of its own and returns what it answers with: its memory is then
 * only its own. `nodeOptions` may hold its heap small. Answers are JSON; the peak RSS (megabytes) is added.
 */
export function inChild<T extends object>(
  program: string,
  args: (string | number)[],
  nodeOptions: string[] = [],
): Promise<T & { peakMegabytes: number }> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(program, import.meta.url), args.map(String), {
      execArgv: [...process.execArgv, ...nodeOptions],
    })
    child.once('message', (answer) => resolve(answer as T & { peakMegabytes: number }))
    child.once('exit', (code) => reject(new Error(`${program} ${args.join(' ')} ended with ${code} and no answer.`)))
  })
}

/** Called by the program in the child when it is through. */
export function answer(result: object): void {
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  process.send?.({ ...result, peakMegabytes }, () => process.exit(0))
}
