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
export const benchWorkers = (messages: number, pairs: number): Promise<Figure> =>
  against(messages, pairs, { installations: 1, workers: 1 }, 'workers', 'one worker of the same kind alone')

/**
 * The same three against three that share nothing but the machine: each with a database, a Redis and a third of the
 * people of its own. Both keep the cores equally busy, so that what is left between them is what sharing costs, and
 * not what a busy machine does to any process.
 */
export const benchContention = (messages: number, pairs: number): Promise<Figure> =>
  against(
    messages,
    pairs,
    { installations: 3, workers: 1 },
    'contention',
    'three workers at once that share nothing but the machine',
  )

interface Setting {
  installations: number
  /** Of each installation. */
  workers: number
}

async function against(
  messages: number,
  pairs: number,
  other: Setting,
  name: string,
  otherIs: string,
): Promise<Figure> {
  if (!hasRedis()) throw new Error('This figure needs redis-server: apt-get install redis-server.')
  const postgres = postgresFor(undefined)
  try {
    const ratios: number[] = []
    let three: Team | undefined
    let base: Team | undefined
    for (let pair = 0; pair < pairs; pair++) {
      base = await send(postgres.database, messages, other)
      three = await send(postgres.database, messages, { installations: 1, workers: 3 })
      ratios.push(three.perCpuSecond / base.perCpuSecond)
    }
    ratios.sort((a, b) => a - b)
    return {
      name,
      unit: `messages (${three!.workers} workers had some)`,
      against: otherIs,
      floor: 0.3,
      goal: 0.9,
      value: Math.round(three!.perCpuSecond),
      ceiling: Math.round(base!.perCpuSecond),
      ratio: Number(ratios[Math.floor(ratios.length / 2)]!.toPrecision(2)),
      wall: Math.round(three!.perSecond),
    }
  } finally {
    await postgres.close()
  }
}

/** Sends so many texts by so many workers in all, and answers with what that cost them. */
async function send(
  database: () => Promise<string | undefined>,
  messages: number,
  { installations, workers }: Setting,
): Promise<Team> {
  const people = Math.ceil(messages / installations)
  // A process compiles what it runs often while it runs: each is warm by as many texts as there are in all.
  const rounds = installations * workers
  const all: Installation[] = []
  try {
    for (let index = 0; index < installations; index++) all.push(await install(database, people, workers))
    const together = (work: (one: Installation) => Promise<void>) => Promise.all(all.map(work))
    for (let round = 1; round <= rounds; round++) {
      await together((one) => one.launch(`tour-${round}`))
      await together((one) => one.left(round * people))
    }
    const team = all.flatMap((one) => one.team)
    // Looking whether something is due costs a worker the same however much is: it is no cost of a message.
    const idle = await usedBy(team, () => pause(idleSeconds * 1_000))
    const began = performance.now()
    // From before the launch on: the first have left before its command has ended.
    const busy = await usedBy(team, async () => {
      await together((one) => one.launch('mesure'))
      await together((one) => one.left((rounds + 1) * people))
    })
    const seconds = (performance.now() - began) / 1_000
    const used = busy - (idle / idleSeconds) * seconds
    if (used <= 0) throw new Error('Too few messages to measure: doing nothing cost as much as sending them.')
    let had = 0
    for (const one of all) had += await one.end((rounds + 1) * people)
    const sent = people * installations
    return { perCpuSecond: sent / used, perSecond: sent / seconds, workers: had }
  } finally {
    for (const one of all) await one.close()
  }
}

type Installation = Awaited<ReturnType<typeof install>>

/** A PostgreSQL database and a Redis of its own, so many people who get texts, and so many workers, up and idle. */
async function install(database: () => Promise<string | undefined>, people: number, workers: number) {
  const databaseUrl = await database()
  if (!databaseUrl) throw new Error('This figure needs PostgreSQL, which the development dependencies bring along.')
  const redis = await startRedis()
  const stand = await openStand({ seed: 'bench', speed: 1, databaseUrl, settings: { REDIS_URL: redis.url } })
  stand.write('people.csv', peopleFile(people))
  await stand.command('import', 'people.csv')
  await stand.stored(`update senders set rate_per_second = ${ratePerSecond} where channel = 'sms'`)
  const team = Array.from({ length: workers }, () => stand.start(['worker', '--json']))
  await until(() => team.every((worker) => worker.said().stdout.includes('\n')))
  return {
    team,
    launch: async (name: string) => {
      stand.write(`${name}.yaml`, notice(['sms']).replace('name: fermeture', `name: ${name}`))
      await stand.command('launch', `${name}.yaml`, '--yes')
    },
    left: (many: number) =>
      until(
        async () =>
          stand.twilio.messages.length >= many &&
          (await stand.one("select count(*) n from deliveries where channel = 'sms' and status = 'accepted'")) >= many,
        100,
      ),
    /** Ends the workers and answers with how many of them sent something. Throws when a text was lost or sent twice. */
    end: async (texts: number): Promise<number> => {
      for (const worker of team) worker.signal('SIGTERM')
      for (const worker of team) await worker.ended
      const { lost, extra } = await count(stand, texts, ['sms'])
      if (lost + extra > 0) throw new Error(`${workers} workers: lost ${lost}, extra ${extra}.`)
      return stand.one('select count(distinct worker) n from attempts')
    },
    close: async () => {
      await stand.close()
      await redis.close()
    },
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
