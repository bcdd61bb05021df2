import { expect, test } from 'vitest'
import { notice, peopleFile } from '../../src/chaos/people.ts'
import { post } from '../../src/chaos/providers/server.ts'
import { openStand, until } from '../../src/chaos/stand.ts'

/** Fast enough that a doubt, a retry and an hour of business pass while the test looks on. */
const speed = 30
const people = 8
const open = "status in ('planned', 'held', 'queued', 'sending', 'unknown')"

/** Everything an installation says on its worst day, at the most talkative level. */
async function worstDay(): Promise<{ said: string; secrets: string[] }> {
  const stand = await openStand({ seed: 'logs', speed, settings: { LOG_LEVEL: 'trace' } })
  const said: string[] = []
  try {
    const { twilio, sendgrid } = stand
    stand.write('people.csv', peopleFile(people).replace(/;N0;/, ';Secretan;'))
    stand.write('notice.yaml', notice(['sms', 'email']))
    await stand.command('import', 'people.csv', 'then', 'launch', 'notice.yaml', '--yes')
    // Each is answered badly in another way the first time, so that every complaint about a provider is written.
    const ways = ['500-after', 'reset', 'half', 'html', 'hang', '429'] as const
    for (const { plan } of [twilio, sendgrid]) {
      const asked = new Set<string>()
      plan.by((whom) => {
        if (asked.has(whom)) return undefined
        asked.add(whom)
        return ways[asked.size % ways.length]
      })
    }
    const server = stand.serve()
    const origin = `http://127.0.0.1:${await server.ready()}`
    await until(async () => (await stand.one("select count(*) n from deliveries where channel = 'sms'")) >= people, 50)
    await until(() => twilio.messages.length > 0 && sendgrid.mails.length > 0)
    const [mail] = sendgrid.mails
    const at = stand.now()
    await post(twilio.inbound(stand.publicUrl, 'STOP', '+33639980000', '36180'), origin)
    await post(twilio.inbound(stand.publicUrl, 'Rappelez Jean au 06 39 98 00 01', '+33639980001', '36180'), origin)
    await post(
      sendgrid.events(stand.publicUrl, [sendgrid.eventOf(mail!, 'bounce', at, { sg_event_id: 'b' })], at),
      origin,
    )
    const forged = sendgrid.events(stand.publicUrl, [sendgrid.eventOf(mail!, 'open', at, { sg_event_id: 'x' })], at)
    await post({ ...forged, body: forged.body.replace('"x"', '"y"') }, origin)
    for (const path of [
      '/c/forged',
      '/u/forged',
      '/prefs/forged',
      '/sign-in/link/forged',
      '/q/AAAAAAAA',
      '/nowhere?email=p1@example.com',
    ])
      await fetch(origin + path, { redirect: 'manual' })
    const form = (fields: Record<string, string>) => ({
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
      redirect: 'manual' as const,
    })
    await fetch(`${origin}/sign-in`, form({ email: 'p2@example.com', password: 'the wrong one of p2' }))
    await fetch(`${origin}/api/v1/contacts`, { headers: { authorization: 'Bearer rl_live_not-a-key-anybody-has' } })
    await until(
      async () => (await stand.one(`select count(*) n from deliveries where ${open} and channel = 'sms'`)) === 0,
      100,
    )
    server.signal('SIGTERM')
    await server.ended
    said.push(server.said().stderr)
    return {
      said: said.join('\n'),
      secrets: [
        twilio.authToken,
        sendgrid.apiKey,
        'a secret of the fault suite',
        'not-a-key-anybody-has',
        'the wrong one of p2',
      ],
    }
  } finally {
    await stand.close()
  }
}

test('on its worst day it names nobody: no phone, mailbox, name or text, and no secret', async () => {
  const { said, secrets } = await worstDay()
  const lines = said.split('\n').filter((line) => line !== '' && !line.startsWith('Stopping: '))
  // It did complain, or nothing was shown; and each line is one record, whatever somebody's name holds.
  expect(lines.length).toBeGreaterThan(5)
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  expect(said.match(/\+?\d{0,2}\s?0?6\s?39\s?98[\d\s]*/g) ?? []).toEqual([])
  expect(said.match(/[\w.+-]*p\d+@example\.com/g) ?? []).toEqual([])
  for (const word of ['Secretan', 'Maison 1', 'Rappelez', 'Fermé demain', ...secrets])
    expect({ word, isSaid: said.includes(word) }).toEqual({ word, isSaid: false })
}, 300_000)
