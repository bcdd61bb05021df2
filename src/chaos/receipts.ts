import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { notice, peopleFile } from './people.ts'
import { post } from './providers/server.ts'
import { openStand, until } from './stand.ts'

const life = ['accepted', 'queued', 'sending', 'sent', 'delivered']
const callsAtOnce = 8

/** F13: the five receipts of a text in every order, each twice: every text ends delivered. */
export async function receiptsInAnyOrder(setting: Setting): Promise<Found> {
  const orders = permutations(life)
  const people = Math.min(orders.length, sized(orders.length, setting, 24))
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    const { twilio } = stand
    stand.write('people.csv', peopleFile(people))
    stand.write('notice.yaml', notice(['sms']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    const server = stand.serve()
    const origin = `http://127.0.0.1:${await server.ready()}`
    await until(
      async () => (await stand.one("select count(*) n from deliveries where status = 'accepted'")) >= people,
      50,
    )
    const step = Math.floor(orders.length / people)
    const texts = twilio.messages.map(({ sid }, index) => ({ sid, order: orders[index * step]! })).values()
    let wrong = 0
    await Promise.all(
      Array.from({ length: callsAtOnce }, async () => {
        for (const { sid, order } of texts)
          for (const status of order.flatMap((one) => [one, one]))
            if ((await post(twilio.statusCallback(sid, status), origin)).status !== 204) wrong++
      }),
    )
    await until(
      async () => (await stand.one('select count(*) n from inbound_events where applied_at is null')) === 0,
      50,
    )
    server.signal('SIGTERM')
    await server.ended
    const delivered = await stand.one(
      "select count(*) n from deliveries where channel = 'sms' and status = 'delivered'",
    )
    const told = await stand.one("select count(*) n from inbound_events where source = 'twilio'")
    return {
      messages: people,
      kills: 0,
      lost: people - delivered + wrong,
      extra: Math.max(0, told - people * life.length),
      notes: [`${delivered} of ${people} orders end delivered, ${told} receipts kept of ${people * life.length * 2}`],
    }
  } finally {
    await stand.close()
  }
}

const permutations = (things: readonly string[]): string[][] =>
  things.length === 0
    ? [[]]
    : things.flatMap((first, index) => permutations(things.toSpliced(index, 1)).map((rest) => [first, ...rest]))
