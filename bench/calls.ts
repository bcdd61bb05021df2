import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'undici'
import { sendgridEmail } from '../channels/email/sendgrid.ts'
import { twilioSms } from '../channels/sms/twilio.ts'
import type { Channel, Outgoing } from '../src/channel.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { benchNow } from './workspace.ts'

/** Calls under way at a time, on both sides. */
const together = 16

/** Answers as Twilio and SendGrid do, in a process of its own so that its work is not counted. */
const provider = `
const answer = JSON.stringify({ sid: 'SM' + '0'.repeat(32), status: 'queued', num_segments: '1' })
require('node:http').createServer((call, response) => {
  call.resume().on('end', () => {
    if (call.url.endsWith('/Messages.json')) response.writeHead(201, { 'content-type': 'application/json' }).end(answer)
    else response.writeHead(202, { 'x-message-id': 'bench' }).end()
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
`

interface Provider {
  url: string
  close(): void
}

async function startProvider(): Promise<Provider> {
  const child = spawn(process.execPath, ['-e', provider], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  return { url: `http://127.0.0.1:${String(port).trim()}`, close: () => void child.kill() }
}

const outgoing = (n: number, more: Pick<Outgoing, 'to' | 'content'>): Outgoing => ({
  networkId: 'network',
  mode: 'live',
  deliveryId: `delivery-${n}`,
  attempt: 1,
  messageId: 'message',
  recipientKey: `contact:${n}`,
  siteId: 'site',
  language: 'fr',
  trackingMode: 'none',
  now: benchNow,
  seed: String(n),
  ...more,
})

const text = (n: number): Outgoing =>
  outgoing(n, {
    to: { id: `a${n}`, kind: 'mobile', value: `+336399${String(n).padStart(5, '0')}`, isShared: false },
    content: { channel: 'sms', text: `Le challenge commence demain : https://rl.example/q/${n}`, parts: 1 },
  })

const paragraph =
  '<tr><td style="padding:12px;font:16px sans-serif">Trois mois, trois lots, et une fête à la fin.</td></tr>'
const mail = (n: number): Outgoing =>
  outgoing(n, {
    to: { id: `a${n}`, kind: 'email', value: `p${n}@example.com`, isShared: false },
    content: {
      channel: 'email',
      subject: `Bonjour Jean ${n}`,
      preheader: '',
      html: `<table>${paragraph.repeat(40)}<tr><td>Cher N${n}, <a href="https://relais.example/c/${n}">oui</a></td></tr>${paragraph.repeat(40)}</table>`,
      text: `${'Trois mois, trois lots.\n'.repeat(40)}Cher N${n} : https://relais.example/c/${n}\n`,
      headers: { 'List-Unsubscribe': `<https://relais.example/u/${n}>` },
    },
  })

/** Hands every call over, so many at a time. */
async function atOnce<T>(calls: readonly T[], send: (call: T) => Promise<unknown>): Promise<void> {
  const waiting = calls.values()
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (const call of waiting) await send(call)
    }),
  )
}

/** The adapter, each of its calls accepted. */
const adapter = (channel: Channel, deliveries: readonly Outgoing[]): Side => ({
  prepare: async () => {
    await channel.open?.()
    return async () => {
      const calls = channel.calls?.(deliveries) ?? deliveries.map((one) => [one])
      await atOnce(calls, async (call) => {
        const receipts = await channel.send(call)
        if (receipts.some(({ outcome }) => outcome !== 'accepted')) throw new Error('The stand-in takes everything.')
      })
      return deliveries.length
    }
  },
})

/** The same calls, their bodies made before, by undici alone. */
const bare = (url: string, bodies: readonly string[], units: number): Side => ({
  prepare: async () => {
    const dispatcher = new Agent({ connections: together })
    return async () => {
      await atOnce(bodies, async (body) => {
        const answer = await request(url, { dispatcher, method: 'POST', body })
        await answer.body.text()
      })
      await dispatcher.close()
      return units
    }
  },
})

/** Twilio's SDK on our connections against the bare POST. */
export async function benchSmsCalls(messages: number, pairs: number): Promise<Figure> {
  const { url, close } = await startProvider()
  const accountSid = `AC${'0'.repeat(32)}`
  const channel = twilioSms({ accountSid, authToken: 'bench', from: '36180', baseUrl: url }, 'https://relais.example')
  const texts = Array.from({ length: messages }, (_, n) => text(n))
  const bodies = texts.map(({ to }) => `To=${encodeURIComponent(to.value)}&From=36180&Body=Bonjour`)
  const about = { name: 'sms-calls', unit: 'messages', against: 'bare undici POST', floor: 0.2, goal: 0.8 }
  const figure = await compare(
    about,
    adapter(channel, texts),
    bare(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, bodies, messages),
    pairs,
  )
  await channel.close?.()
  close()
  return figure
}

/** SendGrid's SDK, a hundred mails a call with words of their own, against the bare POST of one mail a call. */
export async function benchMailCalls(messages: number, pairs: number): Promise<Figure> {
  const { url, close } = await startProvider()
  const channel = sendgridEmail({ apiKey: 'SG.bench', baseUrl: url }, 'news@example.com')
  const mails = Array.from({ length: messages }, (_, n) => mail(n))
  const bodies = mails.map(({ to, content }) => JSON.stringify({ to, content }))
  const about = { name: 'mail-calls', unit: 'messages', against: 'bare undici POST, a mail each', floor: 0.25, goal: 2 }
  const figure = await compare(about, adapter(channel, mails), bare(`${url}/v3/mail/send`, bodies, messages), pairs)
  await channel.close?.()
  close()
  return figure
}
