import { describe, expect, it } from 'vitest'
import { sendgridEmail } from '../../channels/email/sendgrid.ts'
import { smtpEmail } from '../../channels/email/smtp.ts'
import { createChannels } from '../../channels/index.ts'
import { intranetChannel } from '../../channels/intranet/channel.ts'
import { previewEmail, previewSms } from '../../channels/preview/channel.ts'
import { printChannel } from '../../channels/print/channel.ts'
import { screenChannel } from '../../channels/screen/channel.ts'
import { twilioSms } from '../../channels/sms/twilio.ts'
import type { Channel } from '../../src/channel.ts'
import { type Fault, faults } from '../providers/faults.ts'
import { startSendGrid } from '../providers/sendgrid.ts'
import { deadUrl } from '../providers/server.ts'
import { startSmtp } from '../providers/smtp.ts'
import { startTwilio } from '../providers/twilio.ts'
import { conforms, type FaultCase } from './conformance.ts'

const publicUrl = 'https://relais.example'
const timeoutMs = 400

const alone = (make: () => Channel) => async () => ({ channel: make(), close: async () => undefined })

conforms('preview SMS', alone(previewSms))
conforms('preview e-mail', alone(previewEmail))
conforms('print', alone(printChannel))
conforms('intranet', alone(intranetChannel))
conforms('screen', alone(screenChannel))

/** The faults of an HTTP provider: only a 429 and a refused connection are certain. */
const httpFaults = (plan: { next(fault: Fault): void }, unreachable: () => Promise<Channel>): FaultCase[] => [
  ...faults.map(
    (fault): FaultCase => ({
      name: fault,
      provoke: () => {
        plan.next(fault)
        return undefined
      },
      ...(fault === '429' ? { expect: 'refused', code: 'rate_limited' } : { expect: 'unknown' }),
    }),
  ),
  { name: 'ECONNREFUSED', provoke: unreachable, expect: 'refused', code: 'unreachable' },
]

conforms('Twilio', async () => {
  const twilio = await startTwilio()
  const at = (baseUrl: string) =>
    twilioSms(
      { accountSid: twilio.accountSid, authToken: twilio.authToken, from: 'Relais', baseUrl, timeoutMs },
      publicUrl,
    )
  return {
    channel: at(twilio.url),
    handed: () => twilio.requests,
    faults: httpFaults(twilio.plan, async () => at(await deadUrl())),
    close: twilio.close,
  }
})

conforms('SendGrid', async () => {
  const sendgrid = await startSendGrid()
  const at = (baseUrl: string) => sendgridEmail({ apiKey: sendgrid.apiKey, baseUrl, timeoutMs }, 'news@example.com')
  return {
    channel: at(sendgrid.url),
    handed: () => sendgrid.requests,
    faults: httpFaults(sendgrid.plan, async () => at(await deadUrl())),
    close: sendgrid.close,
  }
})

conforms('SMTP', async () => {
  const smtp = await startSmtp()
  const channel = smtpEmail({ url: smtp.url, timeoutMs }, 'news@example.com')
  const opened: Channel[] = [channel]
  const fault = (
    name: string,
    planned: Parameters<typeof smtp.fail>[0],
    expected: Pick<FaultCase, 'expect' | 'code'>,
  ): FaultCase => ({
    name,
    provoke: () => {
      smtp.fail(planned)
      return undefined
    },
    ...expected,
  })
  return {
    channel,
    handed: () => smtp.mails.map((mail) => mail.raw),
    faults: [
      fault(
        '451 at RCPT',
        { at: 'rcpt', reply: 451, message: '4.7.1 Greylisted' },
        { expect: 'refused', code: 'greylisted' },
      ),
      fault(
        '550 at RCPT',
        { at: 'rcpt', reply: 550, message: '5.1.1 No such user' },
        { expect: 'refused', code: 'unknown_mailbox permanent' },
      ),
      fault(
        '552 after DATA',
        { at: 'data', reply: 552, message: '5.3.4 Too big' },
        { expect: 'refused', code: 'too_large permanent' },
      ),
      fault('silence before DATA', { at: 'hang-before-data' }, { expect: 'refused', code: 'unreachable' }),
      fault('closed before DATA', { at: 'close-before-data' }, { expect: 'refused', code: 'unreachable' }),
      fault('silence after DATA', { at: 'hang-after-data' }, { expect: 'unknown' }),
      fault('closed after DATA', { at: 'close-after-data' }, { expect: 'unknown' }),
      {
        name: 'ECONNREFUSED',
        provoke: async () => {
          const dead = smtpEmail({ url: (await deadUrl()).replace('http:', 'smtp:'), timeoutMs }, 'news@example.com')
          opened.push(dead)
          return dead
        },
        expect: 'refused',
        code: 'unreachable',
      },
    ],
    close: async () => {
      for (const one of opened) await one.close?.()
      await smtp.close()
    },
  }
})

describe('the channel table', () => {
  it('serves sandbox networks without any credentials', () => {
    const channels = createChannels({ publicUrl })
    expect(channels.map((channel) => `${channel.name} ${channel.provider} ${channel.serves}`)).toEqual([
      'sms preview sandbox',
      'email preview sandbox',
      'print pdf both',
      'intranet posts both',
      'screen screens both',
    ])
  })

  it('keeps the preview set beside live providers, which come first', () => {
    const channels = createChannels({
      publicUrl,
      mailFrom: 'news@example.com',
      twilio: { accountSid: 'AC1', authToken: 'token', from: 'Relais' },
      sendgrid: { apiKey: 'SG.key' },
      smtp: { url: 'smtp://127.0.0.1:2525' },
    })
    expect(channels.map((channel) => `${channel.name} ${channel.provider}`)).toEqual([
      'sms twilio',
      'sms preview',
      'email sendgrid',
      'email smtp',
      'email preview',
      'print pdf',
      'intranet posts',
      'screen screens',
    ])
  })
})
