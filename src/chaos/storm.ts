import { systemClock } from '../clock.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { post } from './providers/server.ts'
import { shuffled } from './shuffle.ts'
import { openStand, until } from './stand.ts'

const copies = 3
const eventsPerCall = 100
const callsAtOnce = 8
/** Of each mail, one delivery and many opens: as SendGrid tells them, each with an id of its own. */
const eventsPerMail = 50

/** F12: SendGrid's events three times over in any order, one call in ten forged: each is stored once, no forged one. */
export async function storm(setting: Setting): Promise<Found> {
  const mails = sized(400, setting, 20)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    const { sendgrid } = stand
    stand.write('people.csv', peopleFile(mails))
    stand.write('notice.yaml', notice(['email']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const server = stand.serve()
    const origin = `http://127.0.0.1:${await server.ready()}`
    await until(
      async () => (await stand.one("select count(*) n from deliveries where status = 'accepted'")) >= mails,
      50,
    )

    const at = stand.now()
    const events = sendgrid.mails.flatMap((mail) =>
      Array.from({ length: eventsPerMail }, (_, n) =>
        sendgrid.eventOf(mail, n === 0 ? 'delivered' : 'open', at, { sg_event_id: `${mail.id}-${n}` }),
      ),
    )
    const all = shuffled(Array.from({ length: copies }, () => events).flat(), setting.seed)
    const genuine = pages(all).map((page) => sendgrid.events(stand.publicUrl, page, at))
    const forged = pages(events.slice(0, Math.floor(all.length / 10))).map((page) => {
      const lies = page.map((event) => ({ ...event, sg_event_id: `forged-${event.sg_event_id}` }))
      const call = sendgrid.events(stand.publicUrl, lies, at)
      return { ...call, body: call.body.replace('forged-', 'forgedX') }
    })
    const calls = shuffled(
      [...genuine.map((call) => ({ call, expected: 204 })), ...forged.map((call) => ({ call, expected: 403 }))],
      `${setting.seed} calls`,
    )
    const began = systemClock.now().getTime()
    let wrong = 0
    const answering = calls.values()
    await Promise.all(
      Array.from({ length: callsAtOnce }, async () => {
        for (const { call, expected } of answering) if ((await post(call, origin)).status !== expected) wrong++
      }),
    )
    const seconds = Math.max(0.001, (systemClock.now().getTime() - began) / 1_000)
    const stored = await stand.one("select count(*) n from inbound_events where source = 'sendgrid'")
    await until(
      async () =>
        (await stand.one("select count(*) n from deliveries where channel = 'email' and status = 'delivered'")) >=
        mails,
      50,
    )
    server.signal('SIGTERM')
    await server.ended
    return {
      messages: events.length,
      kills: 0,
      lost: Math.max(0, events.length - stored) + wrong,
      extra: Math.max(0, stored - events.length),
      notes: [
        `${all.length} events in ${genuine.length} calls, ${forged.length} forged calls: ${wrong} answered wrongly`,
        `${stored} stored, ${Math.round(all.length / seconds)} events/s`,
      ],
    }
  } finally {
    await stand.close()
  }
}

const pages = <T>(things: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(things.length / eventsPerCall) }, (_, page) =>
    things.slice(page * eventsPerCall, (page + 1) * eventsPerCall),
  )
