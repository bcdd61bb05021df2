import { setTimeout as pause } from 'node:timers/promises'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { speed } from './sending.ts'
import { openStand, type Server, until } from './stand.ts'

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
  const people = sized(800, setting, 120)
  const stand = await openStand({ seed: setting.seed, speed, databaseUrl })
  try {
    const { twilio } = stand
    // Slow enough that calls are under way at every leap.
    twilio.plan.pause(150)
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const running: Server[] = []
    for (let worker = 0; worker < (databaseUrl ? 3 : 1); worker++) running.push(stand.serve())
    await Promise.all(running.map((server) => server.ready()))
    for (const [turn, [away, home]] of turns.entries()) {
      await until(() => twilio.messages.length >= Math.floor(((turn + 1) * people) / 4))
      for (const server of running) server.signal(away)
      const goal = twilio.messages.length + 5
      await until(() => twilio.messages.length >= goal)
      const one = running.pop()!
      one.signal('SIGKILL')
      await one.ended
      for (const server of running) server.signal(home)
      running.push(stand.serve())
      await pause(settledMs)
    }
    await until(
      async () =>
        (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= people &&
        (await stand.one(
          "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0,
      100,
    )
    for (const server of running) server.signal('SIGTERM')
    for (const server of running) await server.ended
    const { lost, extra, states } = await count(stand, people)
    const twice = await stand.one(
      'select count(*) n from (select message_id from step_runs group by message_id having count(*) > 1) as twice',
    )
    return {
      messages: people,
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
