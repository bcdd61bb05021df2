import fc from 'fast-check'
import { expect, test } from 'vitest'
import { howAsked, leftStatuses, openStatuses } from '../../src/retention/how-asked.ts'
import { deliveryStatuses } from '../../src/words.ts'

const dayMs = 86_400_000
const askedAt = new Date('2027-01-11T08:00:00Z')
const days = (count: number) => new Date(askedAt.getTime() + count * dayMs)
const ask = { askedAt, answerDays: 30 }

test('the time to answer counts from when the message left, not from when it was asked for', () => {
  const left = [{ status: 'delivered' as const, sentAt: days(4) }]
  expect(howAsked(ask, left, { isComing: false, now: days(31) })).toEqual({ is: 'answering', until: days(34) })
})

test('a message still on its way, or told to have failed, has asked nobody', () => {
  const now = days(400)
  for (const status of deliveryStatuses) {
    const { is } = howAsked(ask, [{ status, sentAt: days(1) }], { isComing: false, now })
    const expected = (openStatuses as readonly string[]).includes(status)
      ? 'coming'
      : (leftStatuses as readonly string[]).includes(status)
        ? 'answering'
        : 'unreached'
    expect([status, is]).toEqual([status, expected])
  }
  expect(howAsked(ask, [], { isComing: false, now }).is).toBe('unreached')
  expect(howAsked(ask, [], { isComing: true, now }).is).toBe('coming')
})

test('whatever became of the messages, nobody’s time is over unless one left all the days before, and none may leave', () => {
  const one = fc.record({
    status: fc.constantFrom(...deliveryStatuses),
    sentAt: fc.option(fc.integer({ min: 0, max: 100 }).map(days), { nil: null }),
  })
  fc.assert(
    fc.property(
      ...([fc.array(one, { maxLength: 4 }), fc.boolean(), fc.integer({ min: 0, max: 200 })] as const),
      fc.integer({ min: 7, max: 365 }),
      (messages, isComing, day, answerDays) => {
        const now = days(day)
        const how = howAsked({ askedAt, answerDays }, messages, { isComing, now })
        if (how.is !== 'answering' || how.until > now) return
        const left = messages.filter(({ status, sentAt }) => sentAt && (status === 'sent' || status === 'delivered'))
        expect(left.length).toBeGreaterThan(0)
        for (const { sentAt } of left)
          expect(now.getTime() - sentAt!.getTime()).toBeGreaterThanOrEqual(answerDays * dayMs)
        expect(isComing).toBe(false)
      },
    ),
  )
})
