import { expect, test } from 'vitest'
import { accountRate, ratePages, rateSources, senderRate } from '../../src/pace/rates.ts'

const sms = { channel: 'sms', provider: 'twilio', ratePerSecond: null } as const

test.each([
  ['+14155550100', 1],
  ['+18005550100', 3],
  ['+33939980001', 10],
  ['36180', 100],
  ['RELAIS', 10],
  [`MG${'0'.repeat(32)}`, 10],
] as const)('a sender %s has the rate of its kind, %i segments a second', (address, perSecond) => {
  expect(senderRate({ ...sms, address })).toMatchObject({ perSecond })
})

test('what is set counts, and a mailbox has its account’s rate alone', () => {
  expect(senderRate({ ...sms, address: 'RELAIS', ratePerSecond: 25 })).toEqual({ perSecond: 25, source: 'own' })
  expect(
    senderRate({ channel: 'email', provider: 'smtp', address: 'a@example.com', ratePerSecond: null }),
  ).toBeUndefined()
  expect(accountRate('smtp')).toEqual({ perSecond: 10, source: 'smtp_account' })
  expect(accountRate('sendgrid', 50)).toEqual({ perSecond: 50, source: 'own' })
  expect(accountRate('preview')).toBeUndefined()
})

test('every default says where it was read', () => {
  for (const source of rateSources) if (source !== 'own') expect(ratePages[source]).toMatch(/^https:\/\//)
})
