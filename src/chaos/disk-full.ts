import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { speed } from './sending.ts'
import { openStand, type Stand, until } from './stand.ts'

const megabyte = 1024 * 1024
const diskMb = 48
const reserveMb = 16
/** As long as a call, a lease and the grace of a doubt take, on the stand’s clock. */
const fullMs = Math.ceil(240_000 / speed)

/**
 * F8: the disk fills up while messages leave. With a reserve, nothing more is begun and it is said so; without one,
 * what was under way cannot be written down. Either way all goes on by itself once there is room.
 */
export async function diskFull(setting: Setting): Promise<Found | string> {
  const guarded = await filled(setting, { reserve: reserveMb, leaves: reserveMb / 4 })
  if (typeof guarded === 'string') return guarded
  const bare = await filled(setting, { reserve: 0, leaves: 0 })
  if (typeof bare === 'string') return bare
  return {
    messages: guarded.messages + bare.messages,
    kills: guarded.kills + bare.kills,
    lost: guarded.lost + bare.lost,
    extra: guarded.extra + bare.extra,
    notes: [...guarded.notes.map((note) => `reserve: ${note}`), ...bare.notes.map((note) => `no reserve: ${note}`)],
  }
}

async function filled(
  setting: Setting,
  { reserve, leaves }: { reserve: number; leaves: number },
): Promise<Found | string> {
  const people = sized(600, setting, 150)
  const stand = await openStand({ seed: setting.seed, speed, settings: { DISK_RESERVE_MB: String(reserve) } })
  const unmount = mountSmallDisk(stand.data())
  try {
    if (!unmount) return 'needs the right to mount a small disk (root)'
    const { twilio } = stand
    twilio.plan.pause(30)
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const server = stand.serve()
    const origin = `http://127.0.0.1:${await server.ready()}`
    await until(() => twilio.messages.length >= people / 4)
    const ballast = fill(stand, leaves)
    await pause(fullMs)
    const during = twilio.messages.length
    const says = await fetch(`${origin}/readyz`).then((answer) => answer.text())
    await pause(fullMs / 4)
    const begunMeanwhile = twilio.messages.length - during
    rmSync(ballast)
    await until(async () => {
      if (server.hasEnded()) throw new Error(`relais serve ended on its own: ${server.said().stderr.trim()}`)
      return (
        (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= people &&
        (await stand.one(
          "select count(*) n from deliveries where status in ('planned', 'held', 'queued', 'sending', 'unknown')",
        )) === 0
      )
    }, 100)
    const [integrity] = await stand.stored<{ integrity_check: string }>('pragma integrity_check')
    const isSound = integrity?.integrity_check === 'ok'
    server.signal('SIGTERM')
    await server.ended
    const { lost, extra, states } = await count(stand, people)
    const isSaid = reserve === 0 || (/MB are free/.test(says) && begunMeanwhile === 0)
    return {
      messages: people,
      kills: 1,
      lost: lost + (isSound && isSaid ? 0 : 1),
      extra,
      notes: [
        `full after ${during} left, ${begunMeanwhile} begun while full, integrity ${integrity?.integrity_check}${isSaid ? '' : `; /readyz said ${says}`}`,
        statesText(states),
      ],
    }
  } finally {
    // Detached at once, freed when the last process that uses it has ended.
    unmount?.()
    await stand.close()
  }
}

/** A disk of its own under the data folder, in memory; undefined where mounting is not allowed. */
function mountSmallDisk(folder: string): (() => void) | undefined {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m`, 'tmpfs', folder])
  if (mounted.status !== 0) return undefined
  return () => void spawnSync('umount', ['-l', folder])
}

/** Writes until only so many megabytes are left. Returns the file to remove. */
function fill(stand: Stand, leavesMb: number): string {
  const path = join(stand.data(), 'ballast')
  const { bavail, bsize } = statfsSync(stand.data())
  const bytes = Math.max(0, bavail * bsize - leavesMb * megabyte)
  try {
    writeFileSync(path, Buffer.alloc(bytes))
  } catch (error) {
    // Full a little earlier than counted: the server writes too.
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
  }
  return path
}
