import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smtpPolicy } from '../../../channels/email/errors.ts'
import { smtpEmail } from '../../../channels/email/smtp.ts'
import { type FakeSmtp, startSmtp } from '../../providers/smtp.ts'
import { outgoingOf } from '../outgoing.ts'

let smtp: FakeSmtp
beforeAll(async () => {
  smtp = await startSmtp({ user: 'relais', password: 'secret' })
})
afterAll(() => smtp.close())

describe('a mail by SMTP', () => {
  it('has a Message-ID and a date fixed by its delivery, and what one-click unsubscribing needs', async () => {
    const channel = smtpEmail({ url: smtp.url, timeoutMs: 1000 }, 'Relais <news@example.com>')
    const [receipt] = await channel.send([outgoingOf('email', { attempt: 2 })])
    await channel.close?.()
    expect(receipt).toEqual({ outcome: 'accepted', ref: '<delivery-1.2@example.com>' })
    const raw = smtp.mails.at(-1)?.raw ?? ''
    expect(smtp.mails.at(-1)).toMatchObject({ from: 'news@example.com', to: ['eloise@example.com'] })
    expect(raw).toContain('Message-ID: <delivery-1.2@example.com>')
    expect(raw).toContain('Date: Mon, 14 Sep 2026 08:00:00 +0000')
    expect(raw).toContain('From: Relais <news@example.com>')
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(raw).toMatch(/Content-Type: multipart\/alternative/)
  })

  it('many times over one line keeps its receipts in order', async () => {
    const channel = smtpEmail({ url: smtp.url, timeoutMs: 1000 }, 'news@example.com')
    const deliveries = Array.from({ length: 12 }, (_, i) => outgoingOf('email', { deliveryId: `d${i}` }))
    const receipts = await channel.send(deliveries)
    await channel.close?.()
    expect(receipts).toEqual(
      deliveries.map(({ deliveryId }) => ({ outcome: 'accepted', ref: `<${deliveryId}.1@example.com>` })),
    )
  })

  it('is sent once although the line broke after it was taken', async () => {
    const channel = smtpEmail({ url: smtp.url, timeoutMs: 300 }, 'news@example.com')
    const before = smtp.mails.length
    smtp.fail({ at: 'close-after-data' })
    const [receipt] = await channel.send([outgoingOf('email', { deliveryId: 'once' })])
    await channel.close?.()
    expect(receipt?.outcome).toBe('unknown')
    expect(smtp.mails.length - before).toBe(1)
  })

  it('calls wrong credentials by their name', async () => {
    const channel = smtpEmail({ url: smtp.url.replace('secret', 'wrong'), timeoutMs: 1000 }, 'news@example.com')
    const [receipt] = await channel.send([outgoingOf('email')])
    await channel.close?.()
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'credentials', permanent: false })
  })
})

describe('an SMTP reply', () => {
  it.each([
    [421, '421 4.7.0 Too many connections', 'rate_limited', false],
    [535, '535 5.7.8 bad credentials', 'credentials', false],
    [450, '450 busy', 'mailbox_busy', false],
    [452, '452 4.2.2 over quota', 'mailbox_full', false],
    [499, '499 odd', 'smtp_499', false],
    [550, '550 5.1.1 unknown', 'unknown_mailbox', true],
    [550, '550 5.1.10 null MX', 'unknown_domain', true],
    [550, '550 5.7.26 unauthenticated', 'not_authenticated', true],
    [550, '550 5.7.1 denied', 'rejected_by_policy', true],
    [550, '550 no', 'rejected', true],
    [554, '554 no', 'smtp_554', true],
  ])('%i "%s" is %s (for good: %s)', (reply, response, code, permanent) => {
    expect(smtpPolicy(reply, response)).toMatchObject({ code, permanent })
  })

  it('that is no refusal decides nothing', () => {
    expect(smtpPolicy(250, '250 OK')).toBeUndefined()
  })
})
