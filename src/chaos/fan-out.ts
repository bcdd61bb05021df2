import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { openStand, until } from './stand.ts'

/** F2: the server dies while it decides about everybody; afterwards there is one delivery for each, and no more. */
export async function fanOutKilled(setting: Setting): Promise<Found> {
  const people = sized(10_000, setting, 300)
  const kills = sized(10, setting, 2)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    // Nobody answers: what has been decided stays to be seen.
    stand.twilio.plan.always('429')
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const decided = () => stand.one("select count(*) n from deliveries where channel = 'sms'")
    let interrupted = 0
    for (let kill = 0; kill < kills; kill++) {
      const goal = Math.floor(((kill + stand.between(1, 99, 'fan-out', kill) / 100) * people) / kills)
      const server = stand.serve()
      await until(async () => server.hasEnded() || (await decided()) >= goal)
      if (server.hasEnded()) throw new Error(`relais serve ended on its own: ${server.said().stderr.trim()}`)
      if ((await decided()) < people) interrupted++
      server.signal('SIGKILL')
      await server.ended
    }
    const last = stand.serve()
    await until(async () => (await stand.one("select count(*) n from step_runs where status <> 'done'")) === 0, 50)
    last.signal('SIGTERM')
    await last.ended
    const rows = await decided()
    const reached = await stand.one(
      "select count(distinct contact_id) n from delivery_members join deliveries on deliveries.network_id = delivery_members.network_id and deliveries.id = delivery_members.delivery_id where channel = 'sms'",
    )
    return {
      messages: people,
      kills,
      lost: people - reached,
      extra: Math.max(0, rows - reached),
      notes: [`${rows} deliveries to ${reached} people, ${interrupted} of ${kills} kills in the middle`],
    }
  } finally {
    await stand.close()
  }
}
