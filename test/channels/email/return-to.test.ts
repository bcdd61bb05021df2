import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendgridEmail } from '../../../channels/email/sendgrid.ts'
import { smtpEmail } from '../../../channels/email/smtp.ts'
import { type FakeSendGrid, startSendGrid } from '../../providers/sendgrid.ts'
import { type FakeSmtp, startSmtp } from '../../providers/smtp.ts'
import { contents, outgoingOf } from '../outgoing.ts'

let sendgrid: FakeSendGrid
let smtp: FakeSmtp
beforeAll(async () => {
  sendgrid = await startSendGrid()
  smtp = await startSmtp()
})
afterAll(async () => {
  await sendgrid.close()
  await smtp.close()
})

const returnTo = (token: string) => ({
  reply: `reply+${token}@reponses.example.com`,
  bounce: `bounce+${token}@reponses.example.com`,
  leave: `leave+${token}@reponses.example.com`,
})
const to = (value: string) => ({ ...outgoingOf('email').to, value })

test('mails that share a call to SendGrid are answered each to an address of its own', async () => {
  const channel = sendgridEmail(
    { apiKey: sendgrid.apiKey, baseUrl: sendgrid.url, timeoutMs: 2_000 },
    'news@example.com',
  )
  // What stands for the address in the call must stand in none of its words.
  const content = { ...contents.email, text: `${contents.email.text} xx-reply-xx` }
  await channel.send(
    ['a', 'b', 'c'].map((name) =>
      outgoingOf('email', { deliveryId: name, to: to(`${name}@example.com`), content, returnTo: returnTo(name) }),
    ),
  )
  await channel.close?.()
  expect(sendgrid.requests).toHaveLength(1)
  expect(sendgrid.mails.map((mail) => [mail.to, mail.replyTo, mail.text])).toEqual(
    ['a', 'b', 'c'].map((name) => [`${name}@example.com`, returnTo(name).reply, content.text]),
  )
  expect(sendgrid.mails[1]?.headers['List-Unsubscribe']).toBe(
    '<https://relais.example/u/token>, <mailto:leave+b@reponses.example.com?subject=unsubscribe>',
  )
})

test('a relay is told where reports go by the envelope, and the reader where answers do', async () => {
  const channel = smtpEmail({ url: smtp.url, timeoutMs: 2_000 }, 'Relais <news@example.com>')
  await channel.send([outgoingOf('email', { returnTo: returnTo('a') }), outgoingOf('email', { deliveryId: 'd2' })])
  await channel.close?.()
  const [own, plain] = [
    smtp.mails.find(({ from }) => from.startsWith('bounce')),
    smtp.mails.find(({ raw }) => raw.includes('d2.1')),
  ]
  expect(own).toMatchObject({ from: returnTo('a').bounce, to: ['eloise@example.com'] })
  expect(own?.raw).toContain(`Reply-To: ${returnTo('a').reply}`)
  expect(own?.raw).toContain('From: Relais <news@example.com>')
  expect(plain?.from).toBe('news@example.com')
  expect(plain?.raw).not.toContain('Reply-To')
  expect(plain?.raw).not.toContain('mailto:')
})
