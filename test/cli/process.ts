import { type ChildProcess, spawn } from 'node:child_process'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '../..')
/** In the very process that is started: the tsx command would stand between it and our signals. */
const tsx = ['--import', import.meta.resolve('tsx')]

/** What node is to run for a file of the repository: its build where the run has one (see built.ts), else the source. */
function programOf(path: string): string[] {
  const built = process.env.RELAIS_BUILT
  return built ? [join(built, relative(root, path).replace(/\.ts$/, '.js'))] : [...tsx, path]
}

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  pid: number
  stdout(): string
  stderr(): string
  /** Resolves with everything said so far, once it matches; rejects when the process ends before. */
  says(pattern: RegExp, on?: 'stdout' | 'stderr'): Promise<RegExpMatchArray>
  done: Promise<Finished>
}

export interface Options {
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Runs as this user and group. */
  uid?: number
}

/** Nothing of the surroundings: neither the developer’s credentials nor the test runner’s. */
const bare = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  // Wherever it is started, JSX is ours.
  TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'),
}

/** The real program in a process of its own, without a terminal. */
export const startRelais = (argv: readonly string[], options: Options = {}): Running =>
  start([...programOf(join(root, 'src/cli.ts')), ...argv], options)

/** A script of the tests, in a process of its own. */
export const startScript = (path: string, argv: readonly string[], options: Options = {}): Running =>
  start([...programOf(path), ...argv], options)

function start(argv: readonly string[], { env = {}, cwd, uid }: Options): Running {
  const child = spawn(process.execPath, argv, {
    cwd,
    env: { ...bare, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]!.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
      child.emit('said')
    })
  const done = new Promise<Finished>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...said })),
  )
  return {
    child,
    pid: child.pid!,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    done,
    says: (pattern, on = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = said[on].match(pattern)
          if (!found) return false
          child.off('said', look)
          resolve(found)
          return true
        }
        if (look()) return
        child.on('said', look)
        void done.then((end) => {
          if (!look())
            reject(
              new Error(
                `It ended (${end.code ?? end.signal}) without saying ${pattern}:\n${end.stdout}\n${end.stderr}`,
              ),
            )
        })
      }),
  }
}

/** Runs a command line to its end. */
export const relais = (argv: readonly string[], options: Options = {}): Promise<Finished> =>
  startRelais(argv, options).done
