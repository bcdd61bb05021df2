import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
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

/** How long a team is watched doing nothing. */
const idleSeconds = 5

interface Team {
  perCpuSecond: number
  perSecond: number
  workers: number
}

/**
 * Texts that three worker processes send on one PostgreSQL and one Redis, for each CPU second of theirs, against one
 * worker alone: what sharing costs each message. What three processes cost by being three is left out: each is warm, by
 * as many texts as the one alone, and what it uses while there is nothing to do is taken off. Throws when one is lost or
 * sent twice.
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
    await stand.command('import', 'people.csv')
    await stand.stored(`update senders set rate_per_second = ${ratePerSecond} where channel = 'sms'`)
    const team = Array.from({ length: workers }, () => stand.start(['worker', '--json']))
    await until(() => team.every((worker) => worker.said().stdout.includes('\n')))
    const left = (many: number) =>
      until(
        async () =>
          stand.twilio.messages.length >= many &&
          (await stand.one("select count(*) n from deliveries where channel = 'sms' and status = 'accepted'")) >= many,
        100,
      )
    const launch = async (name: string) => {
      stand.write(`${name}.yaml`, notice(['sms']).replace('name: fermeture', `name: ${name}`))
      await stand.command('launch', `${name}.yaml`, '--yes')
    }
    // A process compiles what it runs often while it runs: three would pay for that three times over, once in their lives.
    for (let round = 1; round <= workers; round++) {
      await launch(`tour-${round}`)
      await left(round * messages)
    }
    // Looking whether something is due costs a worker the same however much is: it is no cost of a message.
    const idle = await usedBy(team, () => pause(idleSeconds * 1_000))
    const began = performance.now()
    // From before the launch on: the first have left before its command has ended.
    const busy = await usedBy(team, async () => {
      await launch('mesure')
      await left((workers + 1) * messages)
    })
    const seconds = (performance.now() - began) / 1_000
    const used = busy - (idle / idleSeconds) * seconds
    if (used <= 0) throw new Error('Too few messages to measure: doing nothing cost as much as sending them.')
    for (const worker of team) worker.signal('SIGTERM')
    for (const worker of team) await worker.ended
    const { lost, extra } = await count(stand, (workers + 1) * messages, ['sms'])
    if (lost + extra > 0) throw new Error(`${workers} workers: lost ${lost}, extra ${extra}.`)
    const had = await stand.one('select count(distinct worker) n from attempts')
    return { perCpuSecond: messages / used, perSecond: messages / seconds, workers: had }
  } finally {
    await stand.close()
    await redis.close()
  }
}

/** CPU seconds of all of a team while something is waited for. */
async function usedBy(team: readonly { pid: number }[], work: () => Promise<unknown>): Promise<number> {
  const before = team.map(({ pid }) => cpuSeconds(pid))
  await work()
  return team.reduce((sum, { pid }, index) => sum + cpuSeconds(pid) - before[index]!, 0)
}

/** User and system time of a process so far. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold blanks: the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
