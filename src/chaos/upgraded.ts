import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { packageRoot } from '../root.ts'
import { statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { openStand, type Stand } from './stand.ts'

/** A database as an earlier release left it, with deliveries in every state; with the sources only. */
const released = join(packageRoot, 'test/backup/releases/0.1.0.db.gz')

/** F17: the database of an earlier release is opened by this one: as many in each state as before, and all of it goes on. */
export async function upgraded({ seed }: Setting): Promise<Found | string> {
  if (!existsSync(released)) return 'needs the sources, which hold the database of an earlier release'
  const stand = await openStand({ seed, speed: 1 })
  try {
    writeFileSync(join(stand.data(), 'relais.db'), gunzipSync(readFileSync(released)))
    const before = await states(stand)
    const attempts = await attemptsOfSent(stand)
    await stand.command('status', '--json')
    const after = await states(stand)
    const all = new Set([...Object.keys(before), ...Object.keys(after)])
    const moved = [...all].reduce((sum, state) => sum + Math.abs((before[state] ?? 0) - (after[state] ?? 0)), 0)
    await stand.command('advance', '--until-idle')
    const open = await stand.one(
      "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
    )
    const again = await attemptsOfSent(stand)
    const twice = [...attempts].filter(([id, attempt]) => (again.get(id) ?? attempt) !== attempt).length
    return {
      messages: Object.values(before).reduce((sum, many) => sum + many, 0),
      kills: 0,
      lost: moved + open,
      extra: twice,
      notes: [`0.1.0 left ${statesText(before)}`, `afterwards ${statesText(await states(stand))}`],
    }
  } finally {
    await stand.close()
  }
}

async function states(stand: Stand): Promise<Record<string, number>> {
  const rows = await stand.stored<{ status: string; n: number }>(
    'select status, count(*) n from deliveries group by status',
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

/** How often each was tried of what had left already. */
async function attemptsOfSent(stand: Stand): Promise<Map<string, number>> {
  const rows = await stand.stored<{ id: string; attempt: number }>(
    "select id, attempt from deliveries where status in ('accepted', 'sent', 'delivered')",
  )
  return new Map(rows.map(({ id, attempt }) => [id, attempt]))
}
