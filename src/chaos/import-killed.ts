import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { peopleFile } from './people.ts'
import { openStand, until } from './stand.ts'

interface Summary {
  read: number
  created: number
  updated: number
  unchanged: number
  rejected: number
}

/** F3: an import dies at any moment; run again it is whole, its counts add up, and once more it changes nothing. */
export async function importKilled(setting: Setting): Promise<Found> {
  const rows = sized(50_000, setting, 1_000)
  const kills = sized(5, setting, 2)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    stand.write('people.csv', peopleFile(rows))
    const command = ['import', 'people.csv', '--basis', 'consent', '--json']
    const imported = () => stand.one('select count(*) n from contacts')
    let interrupted = 0
    for (let kill = 0; kill < kills; kill++) {
      const goal = Math.floor(((kill + stand.between(1, 99, 'import', kill) / 100) * rows) / kills)
      const importing = stand.start(command)
      await until(async () => importing.hasEnded() || (await imported()) >= goal)
      importing.signal('SIGKILL')
      if ((await importing.ended).signal === 'SIGKILL') interrupted++
    }
    const summary = JSON.parse(await stand.command(...command)) as Summary
    const again = JSON.parse(await stand.command(...command)) as Summary
    const people = await imported()
    const distinct = await stand.one('select count(distinct identity_key) n from contacts')
    const adds = summary.created + summary.updated + summary.unchanged + summary.rejected === rows
    return {
      messages: rows,
      kills,
      lost: rows - distinct + (adds ? 0 : rows - summary.read),
      extra: people - distinct + (rows - again.unchanged),
      notes: [`${people} rows stored, ${interrupted} of ${kills} kills in the middle`],
    }
  } finally {
    await stand.close()
  }
}
