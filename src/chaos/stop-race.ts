import { count, statesText } from './count.ts'
import type { Found, Setting } from './fault.ts'
import { sized } from './fault.ts'
import { invitation, peopleFile } from './people.ts'
import { post } from './providers/server.ts'
import { openStand, until } from './stand.ts'

/**
 * F18: people text STOP while a campaign is sending. Whoever's delivery was not yet claimed when the STOP was
 * answered gets nothing: that instant is read from the database, right behind the answer.
 */
export async function stopRace(setting: Setting): Promise<Found> {
  const people = sized(5_000, setting, 150)
  const stops = sized(250, setting, 15)
  const stand = await openStand({ seed: setting.seed, speed: 1 })
  try {
    const { twilio } = stand
    stand.write('people.csv', peopleFile(people))
    stand.write('invitation.yaml', invitation)
    await stand.command('import', 'people.csv', '--basis', 'consent', 'then', 'launch', 'invitation.yaml', '--yes')
    twilio.plan.pause(20)
    const server = stand.serve()
    const port = await server.ready()
    await until(() => twilio.messages.length > 0)
    const phone = (person: number) => `+3363998${String(person).padStart(4, '0')}`
    const honoured = new Set<string>()
    const sms = "deliveries.channel = 'sms'"
    for (let stop = 0; stop < stops; stop++) {
      const from = phone(stand.between(0, people - 1, 'stop', stop))
      const { status } = await post(twilio.inbound(stand.publicUrl, 'STOP', from, '36180'), `http://127.0.0.1:${port}`)
      if (status >= 300) throw new Error(`A STOP was answered ${status}.`)
      const [row] = await stand.stored<{ status: string }>(
        `select deliveries.status from deliveries join addresses on addresses.network_id = deliveries.network_id and addresses.id = deliveries.address_id where ${sms} and addresses.normalised = '${from}'`,
      )
      if (row === undefined || row.status === 'queued') honoured.add(from)
    }
    await until(
      async () =>
        (await stand.one("select count(*) n from step_runs where status <> 'done'")) === 0 &&
        (await stand.one(
          `select count(*) n from deliveries where ${sms} and status in ('planned', 'held', 'queued', 'sending', 'unknown')`,
        )) === 0,
      50,
    )
    server.signal('SIGTERM')
    await server.ended
    // Who said STOP before it was their turn to be decided about has no text to lose.
    const { lost, extra, states } = await count(
      stand,
      await stand.one(`select count(*) n from deliveries where ${sms}`),
      ['sms'],
    )
    const after = twilio.messages.filter(({ to }) => honoured.has(to)).length
    return {
      messages: people,
      kills: 0,
      lost,
      extra: extra + after,
      notes: [`${stops} STOP, ${honoured.size} before the claim, ${after} sent after it`, statesText(states)],
    }
  } finally {
    await stand.close()
  }
}
