import { setTimeout as pause } from 'node:timers/promises'
import { draw } from '../random.ts'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { tellOfMails } from './mail-teller.ts'
import { notice, peopleFile } from './people.ts'
import type { Way } from './providers/faults.ts'
import { openStand, type Stand, until } from './stand.ts'

/** Graces, leases and retries pass thirty times as fast. */
export const speed = 30
const share = 0.2
const slowMs = 4_000
const day = 24 * 3_600_000
const open = "status in ('planned', 'held', 'queued', 'sending')"

export interface Sending {
  people: number
  kills: number
  /** One answer in five goes wrong in one of these ways. */
  ways?: readonly Way[]
}

/** A notice by SMS and by e-mail, its server killed again and again, its providers at their worst. */
export async function sending(setting: Setting, { people, kills, ways = [] }: Sending): Promise<Found> {
  const { seed } = setting
  const stand = await openStand({ seed, speed })
  const teller = tellOfMails(stand)
  try {
    const { twilio, sendgrid } = stand
    for (const [name, { plan }] of Object.entries({ twilio, sendgrid })) {
      plan.pause(20)
      plan.slowness(slowMs / speed)
      // Which answer to whom goes wrong is the seed’s; in which order they ask is the moment’s.
      const asked = new Map<string, number>()
      plan.by((whom) => {
        const times = (asked.get(whom) ?? 0) + 1
        asked.set(whom, times)
        if (ways.length === 0 || draw(seed, 'faulty', name, whom, times) >= share) return undefined
        return ways[Math.floor(draw(seed, 'way', name, whom, times) * ways.length)]
      })
    }
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms', 'email']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const promised = people * 2
    const killed = await kill(stand, teller, kills, promised)
    await settle(stand, teller)
    const { lost, extra, states } = await count(stand, promised)
    const notes = [statesText(states)]
    return { messages: promised, kills: killed, lost, extra, notes }
  } finally {
    await teller.stop()
    await stand.close()
  }
}

type Teller = ReturnType<typeof tellOfMails>

/** Each server dies once the providers have taken so many more, and a few milliseconds later. Returns how many did. */
async function kill(stand: Stand, teller: Teller, kills: number, promised: number): Promise<number> {
  const taken = () => stand.twilio.messages.length + stand.sendgrid.mails.length
  const most = Math.max(2, Math.floor((promised * 0.8) / Math.max(1, kills)))
  let killed = 0
  for (; killed < kills; killed++) {
    const server = stand.serve()
    teller.to(server)
    const goal = taken() + stand.between(1, most, 'taken', killed)
    await until(async () => server.hasEnded() || taken() >= goal || (await hasNothingUnderWay(stand)), 5)
    if (server.hasEnded()) throw new Error(`relais serve ended on its own: ${server.said().stderr.trim()}`)
    await pause(stand.between(0, 40, 'moment', killed))
    server.signal('SIGKILL')
    await server.ended
  }
  return killed
}

/** Nothing is left that moves by itself today: a doubt about a mail waits a day, one about an SMS is looked up. */
const hasNothingUnderWay = async (stand: Stand): Promise<boolean> =>
  (await stand.one('select count(*) n from deliveries')) > 0 &&
  (await stand.one(`select count(*) n from deliveries where ${open} or (status = 'unknown' and channel = 'sms')`)) === 0

/** Undisturbed from now on, until nothing is open; then a day later, when doubts about mails are for a person. */
async function settle(stand: Stand, teller: Teller): Promise<void> {
  const server = stand.serve()
  teller.to(server)
  const isRunning = () => {
    if (server.hasEnded()) throw new Error(`relais serve ended on its own: ${server.said().stderr.trim()}`)
  }
  await until(async () => {
    isRunning()
    return (
      teller.isThrough() &&
      (await hasNothingUnderWay(stand)) &&
      (await stand.one("select count(*) n from step_runs where status <> 'done'")) === 0 &&
      (await stand.one('select count(*) n from inbound_events where applied_at is null')) === 0
    )
  }, 100)
  server.signal('SIGTERM')
  await server.ended
  stand.later(day + 3_600_000)
  const tomorrow = stand.serve()
  teller.to(tomorrow)
  await until(async () => (await stand.one("select count(*) n from deliveries where status = 'unknown'")) === 0, 100)
  tomorrow.signal('SIGTERM')
  await tomorrow.ended
}
