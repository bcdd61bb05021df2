import { describe, expect, test } from 'vitest'
import { credentialsSchema, hintsOf, smtpUrl } from '../../src/network/credentials.ts'
import { senderProblems, senderWarnings, type WantedSender } from '../../src/network/sender-rules.ts'

const sms = (over: Partial<WantedSender>): WantedSender => ({
  channel: 'sms',
  name: 'Numéro court',
  address: '36180',
  isTwoWay: true,
  countries: [],
  ...over,
})
const mail = (address: string): WantedSender => ({
  channel: 'email',
  name: 'Animation',
  address,
  isTwoWay: true,
  countries: [],
})

describe('a sender of SMS', () => {
  test.each([
    ['a short code that is answered', { address: '36180' }],
    ['a number abroad', { address: '+32470000000' }],
    ['a name nobody answers', { address: 'VAUQUELIN', isTwoWay: false }],
    ['a messaging service', { address: `MG${'0'.repeat(32)}` }],
    ['a French mobile number that serves another country', { address: '+33639980000', countries: ['BE'] }],
  ])('may be %s', (_, over) => {
    expect(senderProblems(sms(over), [])).toEqual({})
  })

  test.each([
    ['a name of letters that is to be answered', { address: 'VAUQUELIN' }, { isTwoWay: 'oneWay' }],
    ['a name of twelve letters', { address: 'VAUQUELINSAS', isTwoWay: false }, { address: 'smsAddress' }],
    ['a French mobile number', { address: '+33639980000' }, { address: 'frenchMobile' }],
    [
      'a name in the United States',
      { address: 'VAUQUELIN', isTwoWay: false, countries: ['US'] },
      { countries: 'noNames' },
    ],
    ['nothing', { address: '' }, { address: 'smsAddress' }],
    ['for a country that is none', { countries: ['Atlantis'] }, { countries: 'country' }],
    ['without a name', { name: ' ' }, { name: 'nameMissing' }],
    ['of a name that is taken', { name: 'Pris' }, { name: 'nameTaken' }],
    ['of a name on two lines', { name: 'a\nb' }, { name: 'nameLong' }],
  ])('cannot be %s', (_, over, problems) => {
    expect(senderProblems(sms(over), ['Pris'])).toEqual(problems)
  })

  test('is warned of when nobody could write STOP to France', () => {
    const name = { channel: 'sms' as const, address: 'VAUQUELIN', isTwoWay: false, countries: [] }
    expect(senderWarnings(name, {})).toEqual(['noStop'])
    expect(senderWarnings(name, { stopNumber: '36180' })).toEqual([])
    expect(senderWarnings({ ...name, countries: ['BE'] }, {})).toEqual([])
    expect(senderWarnings({ ...name, address: '36180', isTwoWay: true }, {})).toEqual([])
  })
})

describe('a sender of e-mail', () => {
  test('is a mailbox of a domain of one’s own', () => {
    expect(senderProblems(mail('animation@vauquelin.example.com'), [])).toEqual({})
    expect(senderProblems(mail('animation'), [])).toEqual({ address: 'mailAddress' })
    expect(senderProblems(mail('a@b.example.com\r\nBcc: c@d.example.com'), [])).toEqual({ address: 'mailAddress' })
    expect(senderProblems(mail('animation@gmail.com'), [])).toEqual({ address: 'freeMail' })
    expect(senderProblems(mail('animation@orange.fr'), [])).toEqual({ address: 'freeMail' })
  })

  test('is warned of at another domain than the account’s, and where nobody reads', () => {
    const of = (address: string) =>
      senderWarnings({ channel: 'email', address, isTwoWay: true, countries: [] }, { domain: 'vauquelin.example.com' })
    expect(of('Animation <a@vauquelin.example.com>')).toEqual([])
    expect(of('a@news.vauquelin.example.com')).toEqual([])
    expect(of('a@elsewhere.example.com')).toEqual(['otherDomain'])
    expect(of('noreply@vauquelin.example.com')).toEqual(['noReply'])
  })
})

describe('credentials', () => {
  const problemsOf = (given: Record<string, unknown>) =>
    Object.fromEntries(
      (credentialsSchema.safeParse(given).error?.issues ?? []).map(({ path, message }) => [path[0], message]),
    )
  const twilio = { provider: 'twilio', accountSid: `AC${'0'.repeat(32)}`, authToken: 'x'.repeat(32), from: '36180' }

  test('are refused at the field that is wrong', () => {
    expect(problemsOf(twilio)).toEqual({})
    expect(problemsOf({ ...twilio, accountSid: `SK${'0'.repeat(32)}` })).toEqual({ accountSid: 'accountSid' })
    expect(problemsOf({ ...twilio, apiKey: `SK${'0'.repeat(32)}` })).toEqual({ apiSecret: 'keyPair' })
    expect(problemsOf({ ...twilio, from: '' })).toEqual({ from: 'smsSender' })
    expect(problemsOf({ provider: 'sendgrid', apiKey: 'key', from: 'x' })).toEqual({
      apiKey: 'sendgridKey',
      from: 'mailbox',
    })
    const smtp = { provider: 'smtp', security: 'tls', host: 'smtp.example.com', from: 'a@example.com' }
    expect(problemsOf({ ...smtp, port: '465' })).toEqual({})
    expect(problemsOf({ ...smtp, port: '22' })).toEqual({ port: 'port' })
    expect(problemsOf({ ...smtp, port: '465', host: 'smtp.example.com/..' })).toEqual({ host: 'host' })
  })

  test('show no more of a secret than its end', () => {
    const token = 'abcdefghijklmnopqrstuvwxyz012345'
    const hints = hintsOf(credentialsSchema.parse({ ...twilio, authToken: token }), 'Maison Vauquelin')
    expect(hints).toMatchObject({ name: 'Maison Vauquelin', accountSid: twilio.accountSid, authToken: '…2345' })
    expect(JSON.stringify(hints)).not.toContain(token.slice(0, 28))
    const smtp = { provider: 'smtp', security: 'tls', host: 'smtp.example.com', port: 465, from: 'a@example.com' }
    const relay = credentialsSchema.parse({ ...smtp, user: 'a@b', password: 'p:/@#' })
    expect(JSON.stringify(hintsOf(relay))).not.toContain('p:/@#')
    expect(relay.provider === 'smtp' && new URL(smtpUrl(relay))).toMatchObject({
      protocol: 'smtps:',
      host: 'smtp.example.com:465',
      username: 'a%40b',
      password: 'p%3A%2F%40%23',
    })
  })
})

test.each([0, -1, Number.NaN, 1_000_000])('a rate of %d a second is none', (ratePerSecond) => {
  expect(senderProblems(sms({ ratePerSecond }), [])).toEqual({ rate: 'rate' })
})

test('a rate may be left to its kind', () => {
  expect(senderProblems(sms({ ratePerSecond: null }), [])).toEqual({})
  expect(senderProblems(sms({ ratePerSecond: 0.5 }), [])).toEqual({})
})
