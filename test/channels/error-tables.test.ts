import { describe, expect, it, test } from 'vitest'
import {
  bounceClasses,
  bounceCode,
  droppedCode,
  droppedReasons,
  enhancedCodes,
  smtpPolicy,
} from '../../channels/email/errors.ts'
import { apiPolicy, deliveryPolicy, twilioErrors } from '../../channels/sms/errors.ts'
import { againAfter, failureOf, isFailureCode } from '../../src/deliver/failure-codes.ts'

const minute = 60_000

describe('Twilio: what each code does', () => {
  test.each([
    // code, our word, tried again at once by the API's refusal, whom it speaks of, what it closes
    [20429, 'rate_limited', true, 'provider', undefined],
    [20003, 'credentials', true, 'provider', undefined],
    [20005, 'credentials', true, 'provider', undefined],
    [21211, 'invalid_number', false, 'address', 'dead'],
    [21614, 'not_a_mobile', false, 'address', 'dead'],
    [21635, 'not_a_mobile', false, 'address', 'dead'],
    [21408, 'region_closed', false, 'address', undefined],
    [21610, 'opted_out', false, 'address', 'stop'],
    [21606, 'sender_misconfigured', true, 'sender', undefined],
    [21612, 'sender_cannot_reach', false, 'address', undefined],
    [30001, 'queue_overflow', true, 'provider', undefined],
    [30002, 'credentials', true, 'provider', undefined],
    [30003, 'handset_unreachable', true, 'address', 'quarantine'],
    [30004, 'number_blocked', false, 'address', 'quarantine'],
    [30005, 'unknown_number', false, 'address', 'dead'],
    [30006, 'not_a_mobile', false, 'address', 'dead'],
    [30007, 'filtered', false, 'message', undefined],
    [30008, 'carrier_error', true, 'message', undefined],
    [30410, 'carrier_timeout', true, 'message', undefined],
    [30450, 'fraud_guard', false, 'address', undefined],
    [30453, 'fraud_guard', false, 'address', undefined],
  ] as const)('%i is %s', (number, code, isTemporary, scope, closes) => {
    expect(deliveryPolicy(number)).toMatchObject({ code, permanent: !isTemporary })
    expect(failureOf(code).scope).toBe(scope)
    expect(failureOf(code).closes).toBe(closes)
  })

  it('judges a code alike whether the API answers it or a callback tells it', () => {
    for (const code of Object.keys(twilioErrors).map(Number)) expect(apiPolicy(400, code)).toEqual(deliveryPolicy(code))
  })

  it('never takes for a refusal what may have been sent', () => {
    for (const status of [408, 500, 502, 503, 504]) expect(apiPolicy(status, 20500)).toBeUndefined()
  })

  it('fails on a code it does not know, and shows it', () => {
    expect(apiPolicy(400, 29999)).toEqual({ code: 'twilio_29999', permanent: true })
    expect(isFailureCode('twilio_29999')).toBe(false)
    expect(failureOf('twilio_29999')).toEqual({ scope: 'message' })
  })
})

describe('a failure told late', () => {
  test.each([
    ['handset_unreachable', 'immediate', 2, 5 * minute],
    ['handset_unreachable', 'high', 2, 5 * minute],
    ['handset_unreachable', 'normal', 0, 0],
    ['carrier_error', 'normal', 1, 10 * minute],
    ['carrier_error', 'immediate', 1, 10 * minute],
    ['queue_overflow', 'low', 3, 10 * minute],
    ['filtered', 'immediate', 0, 0],
    ['number_blocked', 'immediate', 0, 0],
    ['unknown_number', 'immediate', 0, 0],
    ['fraud_guard', 'immediate', 0, 0],
    ['twilio_29999', 'immediate', 0, 0],
  ] as const)('%s of a %s message grants %i more attempts', (code, urgency, times, afterMs) => {
    for (let before = 0; before < times; before++) expect(againAfter(code, urgency, before)).toEqual({ afterMs })
    expect(againAfter(code, urgency, times)).toBeUndefined()
  })
})

describe('mail: what each code does', () => {
  test.each(enhancedCodes.map(([prefix, policy]) => [prefix, policy] as const))('%s is known', (prefix, policy) => {
    const full = prefix.split('.').length === 3 ? prefix : `${prefix}.0`
    expect(smtpPolicy(Number(`${prefix[0]}50`), `${full} text`)).toEqual(policy)
    expect(policy.permanent || policy.code.startsWith('sender_')).toBe(prefix.startsWith('5'))
  })

  test.each([
    ['5.1.1', 'dead'],
    ['5.1.2', 'dead'],
    ['5.1.6', 'dead'],
    ['5.2.1', 'dead'],
    ['5.2.2', undefined],
    ['5.7.1', undefined],
    ['5.4.4', undefined],
    ['5.6.1', undefined],
  ])('%s closes the mailbox: %s', (enhanced, closes) => {
    expect(failureOf(smtpPolicy(550, `550 ${enhanced} text`)!.code).closes).toBe(closes)
  })

  test.each([
    ['Bounced Address', 'bounced_address', 'dead'],
    ['Unsubscribed Address', 'unsubscribed_address', 'unsubscribe'],
    ['Spam Reporting Address', 'complained_address', 'complaint'],
    ['Invalid', 'invalid_address', 'dead'],
    ['Spam Content', 'bad_content', undefined],
    ['Recipient List over Package Quota', 'rate_limited', undefined],
    ['Invalid SMTPAPI header', 'bad_request', undefined],
    ['Something of tomorrow', 'dropped', undefined],
  ])('SendGrid dropped it for "%s": %s closes %s', (reason, code, closes) => {
    expect(droppedCode(reason)).toBe(code)
    expect(failureOf(code).closes).toBe(closes)
  })

  it('names every class of bounce, and a new one as a bounce', () => {
    expect(bounceCode('Invalid Address')).toBe('invalid_address')
    expect(bounceCode('A class of tomorrow')).toBe('bounced')
    expect(bounceCode(undefined)).toBe('bounced')
  })

  it('a block closes nothing: the server refused this mail, not the mailbox', () => {
    expect(failureOf('blocked')).toEqual({ scope: 'message' })
  })
})

it('says for every code of every provider what follows from it', () => {
  const codes = [
    ...Object.values(twilioErrors).map(({ code }) => code),
    ...enhancedCodes.map(([, { code }]) => code),
    ...Object.values(bounceClasses),
    ...droppedReasons.map(([, code]) => code),
  ]
  expect(codes.filter((code) => !isFailureCode(code))).toEqual([])
})
