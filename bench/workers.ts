import { readFileSync } from 'node:fs'
import { count } from '../src/chaos/count.ts'
import { notice, peopleFile } from '../src/chaos/people.ts'
import { postgresFor } from '../src/chaos/postgres.ts'
import { hasRedis, startRedis } from '../src/chaos/redis.ts'
import { openStand, until } from '../src/chaos/stand.ts'
import type { Figure } from './measure.ts'

/** Linux counts a process's time in hundredths of a second (proc(5), USER_HZ). */
const ticksPerSecond = 100
/** More than any worker here sends in a second: the pace is asked, and holds nobody up. */
const ratePerSecond = 1_500

interface Team {
  perCpuSecond: number
  perSecond: number
  workers: number
}

/**
 * Texts that three worker processes send on one PostgreSQL and one Redis, for each CPU second of theirs, against one
 * worker alone: what sharing costs. Throws when one is lost or sent twice.
 */
export async function benchWorkers(messages: number, pairs: number): Promise<Figure> {
  if (!hasRedis()) throw new Error('This figure needs redis-server: apt-get install redis-server.')
  const postgres = postgresFor(undefined)
  try {
    const ratios: number[] = []
    let three: Team | undefined
    let one: Team | undefined
    for (let pair = 0; pair < pairs; pair++) {
      one = await send(postgres.database, messages, 1)
      three = await send(postgres.database, messages, 3)
      ratios.push(three.perCpuSecond / one.perCpuSecond)
    }
    ratios.sort((a, b) => a - b)
    return {
      name: 'workers',
      unit: `messages (${three!.workers} workers had some)`,
      against: 'one worker of the same kind alone',
      floor: 0.3,
      goal: 0.9,
      value: Math.round(three!.perCpuSecond),
      ceiling: Math.round(one!.perCpuSecond),
      ratio: Number(ratios[Math.floor(ratios.length / 2)]!.toPrecision(2)),
      wall: Math.round(three!.perSecond),
    }
  } finally {
    await postgres.close()
  }
}

async function send(database: () => Promise<string | undefined>, messages: number, workers: number): Promise<Team> {
  const databaseUrl = await database()
  if (!databaseUrl) throw new Error('This figure needs PostgreSQL, which the development dependencies bring along.')
  const redis = await startRedis()
  const stand = await openStand({ seed: 'bench', speed: 1, databaseUrl, settings: { REDIS_URL: redis.url } })
  try {
    stand.write('people.csv', peopleFile(messages))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv')
    await stand.stored(`update senders set rate_per_second = ${ratePerSecond} where channel = 'sms'`)
    const team = Array.from({ length: workers }, () => stand.start(['worker', '--json']))
    await until(() => team.every((worker) => worker.said().stdout.includes('\n')))
    await stand.command('launch', 'notice.yaml', '--yes')
    const before = team.map(({ pid }) => cpuSeconds(pid))
    const began = performance.now()
    await until(
      async () =>
        stand.twilio.messages.length >= messages &&
        (await stand.one("select count(*) n from deliveries where channel = 'sms' and status = 'accepted'")) >=
          messages,
      100,
    )
    const seconds = (performance.now() - began) / 1_000
    const used = team.reduce((sum, { pid }, index) => sum + cpuSeconds(pid) - before[index]!, 0)
    for (const worker of team) worker.signal('SIGTERM')
    for (const worker of team) await worker.ended
    const { lost, extra } = await count(stand, messages, ['sms'])
    if (lost + extra > 0) throw new Error(`${workers} workers: lost ${lost}, extra ${extra}.`)
    const had = await stand.one('select count(distinct worker) n from attempts')
    return { perCpuSecond: messages / used, perSecond: messages / seconds, workers: had }
  } finally {
    await stand.close()
    await redis.close()
  }
}

/** User and system time of a process so far. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold blanks: the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
