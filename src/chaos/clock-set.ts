import { setTimeout as pause } from 'node:timers/promises'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { speed } from './sending.ts'
import { openStand, type Server, type Stand, until } from './stand.ts'

const turns: [NodeJS.Signals, NodeJS.Signals][] = [
  ['SIGUSR2', 'SIGWINCH'],
  ['SIGWINCH', 'SIGUSR2'],
]
/** Longer than leases (120 s) and graces (60 s) together, on the stand’s clock. */
const settledMs = Math.ceil(200_000 / speed)

/**
 * F11: an hour on and back, then an hour back and on again, as when daylight saving is set by hand. Between the two of
 * each, a worker dies with calls under way: what it began is dated by a clock that never was. Where there is PostgreSQL,
 * two others go on beside it.
 */
export async function clockSet(setting: Setting): Promise<Found> {
  const databaseUrl = await setting.postgres?.()
  const people = sized(400, setting, 60)
  const promised = people * turns.length
  const stand = await openStand({ seed: setting.seed, speed, databaseUrl })
  try {
    const { twilio } = stand
    // Slow enough that calls are under way at every leap.
    twilio.plan.pause(600)
    stand.write('people.csv', peopleFile(people))
    await stand.command('import', 'people.csv')
    const running: Server[] = []
    for (let worker = 0; worker < (databaseUrl ? 3 : 1); worker++) running.push(stand.serve())
    await Promise.all(running.map((server) => server.ready()))
    for (const [turn, [away, home]] of turns.entries()) {
      // A notice for each turn: there is something under way in both.
      stand.write(`notice-${turn}.yaml`, notice(['sms']).replace('name: fermeture', `name: fermeture-${turn}`))
      await stand.command('launch', `notice-${turn}.yaml`, '--yes')
      await until(() => twilio.messages.length > turn * people)
      for (const server of running) server.signal(away)
      const goal = Math.min((turn + 1) * people, twilio.messages.length + 5)
      await until(() => twilio.messages.length >= goal)
      const one = await busiest(stand, running)
      one.signal('SIGKILL')
      await one.ended
      running.splice(running.indexOf(one), 1)
      for (const server of running) server.signal(home)
      running.push(stand.serve())
      await pause(settledMs)
    }
    await until(
      async () =>
        (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= promised &&
        (await stand.one(
          "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0,
      100,
    )
    for (const server of running) server.signal('SIGTERM')
    for (const server of running) await server.ended
    const { lost, extra, states } = await count(stand, promised)
    const twice = await stand.one(
      'select count(*) n from (select message_id from step_runs group by message_id having count(*) > 1) as twice',
    )
    return {
      messages: promised,
      kills: turns.length,
      lost,
      extra: extra + twice,
      notes: [
        `set ${2 * turns.length} times by an hour, ${databaseUrl ? 'three workers' : 'one process'}`,
        statesText(states),
      ],
    }
  } finally {
    await stand.close()
  }
}

/** The one with the most calls under way: workers name themselves host:pid:random. */
async function busiest(stand: Stand, running: readonly Server[]): Promise<Server> {
  const rows = await stand.stored<{ holder: string }>(
    "select claimed_by holder from deliveries where status = 'sending' and claimed_by is not null group by claimed_by order by count(*) desc",
  )
  const pid = Number(rows[0]?.holder.split(':')[1])
  return running.find((server) => server.pid === pid) ?? running[0]!
}
