import { systemClock } from '../clock.ts'
import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { openStand, until } from './stand.ts'

const answerAfterMs = 3_000
const graceMs = 30_000

/** F14: SIGTERM with calls under way, whose answers take three seconds: they are settled, and nothing is in doubt. */
export async function stopped(setting: Setting): Promise<Found> {
  const people = sized(400, setting, 40)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    const { twilio } = stand
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    twilio.plan.pause(answerAfterMs)
    const server = stand.serve()
    const sending = () => stand.one("select count(*) n from deliveries where status = 'sending'")
    let calls = -1
    // As many as it begins at a time: no more come until one is answered.
    await until(async () => {
      const before = calls
      calls = twilio.messages.length
      return calls > 0 && calls === before && calls === (await sending())
    }, 150)
    const asked = systemClock.now().getTime()
    server.signal('SIGTERM')
    const { code, signal } = await server.ended
    const tookMs = systemClock.now().getTime() - asked
    const inDoubt = await stand.one("select count(*) n from deliveries where status in ('sending', 'unknown')")
    const late = twilio.messages.length - calls
    twilio.plan.pause(0)
    const next = stand.serve()
    await until(
      async () => (await stand.one("select count(*) n from deliveries where status = 'accepted'")) >= people,
      50,
    )
    next.signal('SIGTERM')
    await next.ended
    const { lost, extra, states } = await count(stand, people)
    const hasEndedWell = code === 0 && tookMs <= graceMs
    return {
      messages: people,
      kills: 1,
      lost: lost + inDoubt + (hasEndedWell ? 0 : calls),
      extra: extra + late,
      notes: [
        `${calls} under way, ended with ${code ?? signal} after ${(tookMs / 1_000).toFixed(1)} s, ${inDoubt} in doubt, ${late} begun after`,
        statesText(states),
      ],
    }
  } finally {
    await stand.close()
  }
}
