import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { systemClock } from '../clock.ts'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { post } from './providers/server.ts'
import { openStand, until } from './stand.ts'

const lockedMs = 3_000
const locks = 3
const eventsPerMail = 5
const eventsPerCall = 20
/** A request that takes longer was held up by whoever waits for the lock. */
const patientMs = 300

/** F7: another program holds the SQLite file while events come in: each is kept in the end, and pages still answer. */
export async function databaseLocked(setting: Setting): Promise<Found> {
  const people = sized(400, setting, 40)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    const { sendgrid } = stand
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['email']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const server = stand.serve()
    const origin = `http://127.0.0.1:${await server.ready()}`
    await until(
      async () => (await stand.one("select count(*) n from deliveries where status = 'accepted'")) >= people,
      50,
    )
    const at = stand.now()
    const events = sendgrid.mails.flatMap((mail) =>
      Array.from({ length: eventsPerMail }, (_, n) =>
        sendgrid.eventOf(mail, n === 0 ? 'delivered' : 'open', at, { sg_event_id: `${mail.id}-${n}` }),
      ),
    )
    let isOver = false
    const waits: number[] = []
    const asking = (async () => {
      while (!isOver) {
        const began = systemClock.now().getTime()
        await fetch(`${origin}/healthz`).then((answer) => answer.text())
        waits.push(systemClock.now().getTime() - began)
        await pause(10)
      }
    })()
    let laterCalls = 0
    const telling = (async () => {
      for (let start = 0; start < events.length; start += eventsPerCall) {
        const call = sendgrid.events(stand.publicUrl, events.slice(start, start + eventsPerCall), at)
        // As a provider does: what was not taken is told again.
        while ((await post(call, origin)).status !== 204) {
          laterCalls++
          await pause(200)
        }
        await pause(20)
      }
    })()
    for (let lock = 0; lock < locks; lock++) {
      await pause(stand.between(50, 300, 'lock', lock))
      await hold(join(stand.data(), 'relais.db'))
    }
    await telling
    isOver = true
    await asking
    const stored = await stand.one("select count(*) n from inbound_events where source = 'sendgrid'")
    await until(
      async () => (await stand.one('select count(*) n from inbound_events where applied_at is null')) === 0,
      50,
    )
    server.signal('SIGTERM')
    await server.ended
    const { lost, extra, states } = await count(stand, people)
    waits.sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0
    return {
      messages: people,
      kills: locks,
      lost: lost + Math.max(0, events.length - stored),
      extra: extra + Math.max(0, stored - events.length),
      notes: [
        `locked ${locks} times for ${lockedMs / 1_000} s, ${laterCalls} calls had to be made again, ${stored} of ${events.length} events kept`,
        `99 of 100 requests answered within ${p99} ms${p99 > patientMs ? `, more than ${patientMs} ms` : ''}`,
        statesText(states),
      ],
    }
  } finally {
    await stand.close()
  }
}

/** Takes the write lock as any other program could, and gives it back. */
async function hold(path: string): Promise<void> {
  const other = new Database(path, { timeout: 5_000 })
  try {
    other.exec('begin immediate')
    await pause(lockedMs)
    other.exec('rollback')
  } finally {
    other.close()
  }
}
