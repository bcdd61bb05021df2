import type { Child } from './child.ts'
import { count, statesText } from './count.ts'
import type { Setting } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { openStand, type Stand, until } from './stand.ts'

/** Leases and graces pass so many times as fast; a look of the worker takes its time all the same. */
export const sharedSpeed = 10
const open = "status in ('planned', 'held', 'queued', 'sending', 'unknown')"

export interface Shared {
  stand: Stand
  /** Starts a web without a worker; resolves with its port. */
  web(): Promise<number>
  worker(...argv: string[]): Child
  /** Resolves once so many messages have left, or nothing is open. */
  taken(goal: number): Promise<void>
  /** Resolves once nothing is open. Throws when a process has ended meanwhile, but for `ended`. */
  settled(ended?: Child): Promise<void>
  /** Ends everything gracefully and counts. */
  end(): Promise<{ lost: number; extra: number; workers: number; note: string }>
}

/**
 * A notice by SMS to so many people, on one PostgreSQL and one Redis, waiting for processes to share it. A string says
 * why that cannot be had.
 */
export async function openShared(
  { seed, postgres }: Setting,
  people: number,
  redisUrl: string,
): Promise<Shared | string> {
  const databaseUrl = await postgres?.()
  if (!databaseUrl) return 'needs PostgreSQL: name an empty database by --postgres'
  const stand = await openStand({ seed, speed: sharedSpeed, databaseUrl, settings: { REDIS_URL: redisUrl } })
  const running: Child[] = []
  const start = (argv: readonly string[]) => {
    const child = stand.start(argv)
    running.push(child)
    return child
  }
  const isRunning = (but?: Child) => {
    const gone = running.find((child) => child !== but && child.hasEnded())
    if (gone) throw new Error(`A process ended on its own: ${gone.said().stderr.trim()}`)
  }
  stand.twilio.plan.pause(50)
  stand.write('people.csv', peopleFile(people))
  stand.write('notice.yaml', notice(['sms']))
  await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
  const left = () => stand.one(`select count(*) n from deliveries where ${open}`)
  const decided = () => stand.one("select count(*) n from deliveries where channel = 'sms'")
  return {
    stand,
    web: async () => {
      const child = start(['serve', '--no-worker', '--json'])
      await until(() => child.hasEnded() || child.said().stdout.includes('\n'))
      isRunning()
      return (JSON.parse(child.said().stdout.split('\n')[0]!) as { port: number }).port
    },
    worker: (...argv) => start(['worker', ...argv]),
    taken: (goal) =>
      until(async () => {
        isRunning()
        return stand.twilio.messages.length >= goal || ((await decided()) >= people && (await left()) === 0)
      }, 20),
    settled: (ended) =>
      until(async () => {
        isRunning(ended)
        return (await decided()) >= people && (await left()) === 0
      }, 100),
    end: async () => {
      for (const child of running) child.signal('SIGTERM')
      await Promise.all(running.map((child) => child.ended))
      const { lost, extra, states } = await count(stand, people, ['sms'])
      const workers = await stand.one('select count(distinct worker) n from attempts')
      return { lost, extra, workers, note: `${workers} workers sent; ${statesText(states)}` }
    },
  }
}
