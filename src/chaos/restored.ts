import { join } from 'node:path'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { speed } from './sending.ts'
import { openStand, until } from './stand.ts'

/** F16: everything left after a back-up was made; restored from it, the installation asks before it sends. */
export async function oldBackupRestored(setting: Setting): Promise<Found> {
  const people = sized(200, setting, 40)
  const stand = await openStand({ seed: setting.seed, speed })
  try {
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const copy = join(stand.folder, 'copy')
    await stand.command('backup', copy)
    const accepted = async () =>
      (await stand.one("select count(*) n from deliveries where status = 'accepted'")) >= people
    const first = stand.serve()
    await until(accepted, 50)
    first.signal('SIGKILL')
    await first.ended
    const before = stand.twilio.messages.length
    stand.moveOut()
    await stand.command('restore', copy)
    const second = stand.serve()
    await until(
      async () =>
        (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= people &&
        (await stand.one(
          "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0,
      50,
    )
    second.signal('SIGTERM')
    await second.ended
    // What was decided after the back-up was decided again, under other ids: phones and the provider's refs tell.
    const rows = await stand.stored<{ ref: string | null; reason: string | null }>(
      "select provider_ref ref, reason from deliveries where channel = 'sms' and status = 'accepted'",
    )
    const taken = new Set(stand.twilio.messages.map(({ sid }) => sid))
    const known = new Set(rows.flatMap(({ ref }) => (ref !== null && taken.has(ref) ? [ref] : [])))
    const phones = new Set(stand.twilio.messages.map(({ to }) => to))
    return {
      messages: people,
      kills: 1,
      lost: people - known.size,
      extra: stand.twilio.messages.length - phones.size,
      notes: [
        `${before} left before the loss, ${rows.filter(({ reason }) => reason === 'adopted').length} of them adopted`,
      ],
    }
  } finally {
    await stand.close()
  }
}
