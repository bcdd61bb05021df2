import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendgridEmail } from '../../../channels/email/sendgrid.ts'
import { type FakeSendGrid, startSendGrid } from '../../providers/sendgrid.ts'
import { contents, outgoingOf } from '../outgoing.ts'

let sendgrid: FakeSendGrid
beforeAll(async () => {
  sendgrid = await startSendGrid()
})
afterAll(() => sendgrid.close())

const channel = (mailFrom?: string, apiKey = sendgrid.apiKey) =>
  sendgridEmail({ apiKey, baseUrl: sendgrid.url, timeoutMs: 500 }, mailFrom)
const to = (value: string) => ({ ...outgoingOf('email').to, value })

describe('what SendGrid is asked', () => {
  it('carries opaque ids only, on the recipient, and leaves tracking to us', async () => {
    const [receipt] = await channel('Relais <news@example.com>').send([outgoingOf('email', { attempt: 4 })])
    const mail = sendgrid.mails.at(-1)
    expect(receipt).toEqual({ outcome: 'accepted', ref: mail?.id })
    expect(mail?.body).toMatchObject({
      personalizations: [
        {
          to: [{ email: 'eloise@example.com' }],
          headers: contents.email.headers,
          custom_args: { network_id: 'network-1', delivery_id: 'delivery-1', attempt: '4' },
        },
      ],
      from: { email: 'news@example.com', name: 'Relais' },
      subject: contents.email.subject,
      content: [
        { type: 'text/plain', value: contents.email.text },
        { type: 'text/html', value: contents.email.html },
      ],
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
      },
    })
  })

  it('takes the sender and name of the delivery first', async () => {
    await channel('news@example.com').send([outgoingOf('email', { from: 'fete@example.com', fromName: 'La fête' })])
    expect(sendgrid.mails.at(-1)?.body.from).toEqual({ email: 'fete@example.com', name: 'La fête' })
  })

  it('refuses without any sender, and says what to set', async () => {
    const [receipt] = await channel().send([outgoingOf('email')])
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'sender_misconfigured', permanent: false })
  })

  it('lets no line break of a subject or header start another header', async () => {
    const content = {
      ...contents.email,
      subject: 'Bonjour\r\nBcc: x@example.com',
      headers: { 'X-Note': 'a\nb', 'Bad name': 'x' },
    }
    await channel('news@example.com').send([outgoingOf('email', { content })])
    const { subject, headers } = sendgrid.mails.at(-1)!
    expect({ subject, headers }).toEqual({ subject: 'Bonjour Bcc: x@example.com', headers: { 'X-Note': 'a b' } })
  })
})

describe('what SendGrid refuses', () => {
  it.each([
    [400, 'Does not contain a valid address.', 'invalid_address', true],
    [400, 'The subject is required.', 'bad_request', true],
    [403, 'The from address does not match a verified Sender Identity.', 'sender_misconfigured', false],
    [403, 'access forbidden', 'credentials', false],
    [413, 'Payload too large', 'too_large', true],
  ])('HTTP %i "%s" becomes %s (for good: %s)', async (status, message, code, permanent) => {
    const address = `refused-${status}-${code}@example.com`
    sendgrid.refuse(address, status, message)
    const [receipt] = await channel('news@example.com').send([outgoingOf('email', { to: to(address) })])
    expect(receipt).toMatchObject({ outcome: 'refused', code, permanent })
  })

  it('calls a wrong key by its name', async () => {
    const [receipt] = await channel('news@example.com', 'SG.wrong').send([outgoingOf('email')])
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'credentials', permanent: false })
  })
})
