import { setTimeout as pause } from 'node:timers/promises'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { speed } from './sending.ts'
import { openStand, type Server, until } from './stand.ts'

const workers = 3
/** Longer than a lease (120 s) and the grace of a doubt (60 s) together, on the stand's clock. */
const frozenMs = Math.ceil(240_000 / speed)

/** F15: of three workers on one PostgreSQL, one after another is frozen until others have taken over its work. */
export async function workerFrozen(setting: Setting): Promise<Found | string> {
  const databaseUrl = await setting.postgres?.()
  if (!databaseUrl) return 'needs PostgreSQL: name an empty database by --postgres'
  const people = sized(1_000, setting, 150)
  const freezes = sized(6, setting, 2)
  const stand = await openStand({ seed: setting.seed, speed, databaseUrl })
  try {
    stand.twilio.plan.pause(50)
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const running: Server[] = []
    for (let worker = 0; worker < workers; worker++) running.push(stand.serve())
    const most = Math.max(1, Math.floor((people * 0.8) / freezes))
    for (let freeze = 0; freeze < freezes; freeze++) {
      const goal = stand.twilio.messages.length + stand.between(1, most, 'frozen', freeze)
      await until(async () => stand.twilio.messages.length >= goal || stand.twilio.messages.length >= people)
      const one = running[stand.between(0, workers - 1, 'who', freeze)]!
      one.signal('SIGSTOP')
      await pause(frozenMs)
      one.signal('SIGCONT')
    }
    await until(
      async () =>
        (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= people &&
        (await stand.one(
          "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0,
      100,
    )
    for (const one of running) one.signal('SIGTERM')
    for (const one of running) await one.ended
    const { lost, extra, states } = await count(stand, people)
    return { messages: people, kills: freezes, lost, extra, notes: [statesText(states)] }
  } finally {
    await stand.close()
  }
}
