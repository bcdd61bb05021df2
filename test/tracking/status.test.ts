import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { statusAfter } from '../../src/tracking/status.ts'
import { type DeliveryStatus, deliveryStatuses, type EventType } from '../../src/words.ts'

const run = (from: DeliveryStatus, types: readonly EventType[], attempt = 1) =>
  types.reduce<DeliveryStatus>((status, type) => statusAfter({ status, attempt }, { type, attempt }) ?? status, from)

describe('a status only rises', () => {
  test.each<[DeliveryStatus, EventType, DeliveryStatus | undefined]>([
    ['sending', 'accepted', 'accepted'],
    ['unknown', 'sent', 'sent'],
    ['needs_review', 'delivered', 'delivered'],
    ['sent', 'accepted', undefined],
    ['delivered', 'sent', undefined],
    ['failed', 'delivered', undefined],
    ['delivered', 'bounced', 'failed'],
    ['sent', 'returned', 'returned'],
    ['sent', 'open', undefined],
    ['sent', 'deferred', undefined],
    ['planned', 'delivered', undefined],
    ['suppressed', 'delivered', undefined],
  ])('%s, told %s: %s', (status, type, expected) => {
    expect(statusAfter({ status, attempt: 1 }, { type, attempt: 1 })).toBe(expected)
  })

  test('a failure of an earlier attempt is not one of this attempt, an arrival is', () => {
    expect(statusAfter({ status: 'sending', attempt: 2 }, { type: 'failed', attempt: 1 })).toBeUndefined()
    for (const status of ['queued', 'held'] as const) {
      expect(statusAfter({ status, attempt: 1 }, { type: 'delivered', attempt: 1 })).toBe('delivered')
      expect(statusAfter({ status, attempt: 1 }, { type: 'failed', attempt: 1 })).toBeUndefined()
    }
  })

  test('what was never handed over cannot have arrived', () => {
    for (const status of deliveryStatuses)
      expect(statusAfter({ status, attempt: 0 }, { type: 'delivered' })).toBeUndefined()
  })

  test('events in any order, however often, lead to the same status', () => {
    const types = fc.array(
      fc.constantFrom<EventType>('accepted', 'sent', 'delivered', 'failed', 'bounced', 'returned', 'deferred', 'open'),
      { minLength: 1, maxLength: 8 },
    )
    const shuffled = types.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    )
    fc.assert(
      fc.property(shuffled, ([given, told]) => {
        expect(run('sending', told)).toBe(run('sending', given))
      }),
    )
  })
})
