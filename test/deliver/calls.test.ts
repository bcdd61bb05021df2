import { expect, it } from 'vitest'
import type { Channel, Outgoing } from '../../src/channel.ts'
import { callsOf, claimedAtOnce, type Ready } from '../../src/deliver/calls.ts'
import type { Claimed } from '../../src/deliver/claim.ts'
import type { MessageClass } from '../../src/words.ts'

const ready = (id: string, priority = 2, itsClass: MessageClass = 'marketing'): Ready => ({
  claimed: { delivery: { id, priority, class: itsClass } } as Claimed,
  outgoing: { deliveryId: id } as Outgoing,
})
const idsOf = (calls: Ready[][]) => calls.map((call) => call.map(({ claimed }) => claimed.delivery.id))
const channel = (more: Partial<Channel>) => ({ perSend: 3, ...more }) as Channel

it('puts what is urgent alone into its call, by urgency or by class, and before the others', () => {
  const all = [ready('a'), ready('b', 0), ready('c'), ready('d', 1), ready('e', 3, 'urgent_service'), ready('f')]
  expect(idsOf(callsOf(channel({}), all))).toEqual([['b'], ['d'], ['e'], ['a', 'c', 'f']])
})

it('takes no more into a call than the channel does', () => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ready(id))
  expect(idsOf(callsOf(channel({}), all))).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']])
  expect(idsOf(callsOf(channel({ perSend: 1 }), all))).toEqual(all.map(({ claimed }) => [claimed.delivery.id]))
  expect(callsOf(channel({}), [])).toEqual([])
})

it('asks a channel that knows better', () => {
  const odd: Channel['calls'] = (some) => [some.filter((_, n) => n % 2 === 0), some.filter((_, n) => n % 2 === 1)]
  const all = ['a', 'b', 'c', 'd'].map((id) => ready(id))
  expect(idsOf(callsOf(channel({ calls: odd }), all))).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
})

it('claims a call’s worth of what is not urgent, and little of what is', () => {
  const own = { size: 8, atOnce: 4, isPaced: true }
  expect(claimedAtOnce(channel({ perSend: 100 }), ['normal', 'low'], own)).toEqual({ ...own, size: 100, atOnce: 2 })
  expect(claimedAtOnce(channel({ perSend: 100 }), ['immediate', 'high'], own)).toEqual(own)
  expect(claimedAtOnce(channel({ perSend: 100 }), ['high', 'normal'], own)).toEqual(own)
  expect(claimedAtOnce(channel({ perSend: 1 }), ['normal', 'low'], own)).toEqual(own)
  expect(claimedAtOnce(undefined, ['normal', 'low'], own)).toEqual(own)
})
