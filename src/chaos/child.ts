import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Child {
  pid: number
  said(): { stdout: string; stderr: string }
  signal(signal: NodeJS.Signals): void
  ended: Promise<Ended>
  hasEnded(): boolean
}

const built = process.env.RELAIS_BUILT
const isSource = import.meta.url.endsWith('.ts') && !built
/** RELAIS_BUILT names a folder with a build of these very sources, which starts at half the cost. */
const program = built
  ? join(built, 'src/chaos/on-its-clock.js')
  : fileURLToPath(new URL(`./on-its-clock.${isSource ? 'ts' : 'js'}`, import.meta.url))
/** From the sources, TypeScript is read in the very process that is killed: another would stand between it and us. */
const reader = isSource ? ['--import', import.meta.resolve('tsx')] : []

/** Starts Relais in a process of its own, with nothing of our surroundings but where programs are found. */
export function startChild(argv: readonly string[], env: Record<string, string>, cwd: string): Child {
  const child = spawn(process.execPath, [...reader, program, ...argv], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...(isSource ? { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  let hasEnded = false
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      hasEnded = true
      resolve({ code, signal })
    })
  })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    signal: (signal) => void child.kill(signal),
    ended,
    hasEnded: () => hasEnded,
  }
}
