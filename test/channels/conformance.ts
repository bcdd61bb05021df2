import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Channel, Outgoing, Receipt } from '../../src/channel.ts'
import { book, contents, outgoingOf } from './outgoing.ts'

/** What a fault at the provider must be called. `refused` is certain: nothing left. */
export interface FaultCase {
  name: string
  /** Makes the next hand-over meet the fault; the returned channel is used instead when there is one. */
  provoke(): Promise<Channel | undefined> | Channel | undefined
  expect: 'refused' | 'unknown'
  code?: string
}

/** An adapter on the bench, with its provider. */
export interface Subject {
  channel: Channel
  /** What the provider has been handed so far, byte for byte; undefined for those that have no provider. */
  handed?(): string[]
  faults?: FaultCase[]
  close(): Promise<void>
}

/** What every adapter must keep, real or simulated (src/channel.ts). */
export function conforms(name: string, setUp: () => Promise<Subject>): void {
  describe(`the ${name} channel`, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await setUp()
    })
    afterAll(() => subject.close())

    const right = (overrides: Partial<Outgoing> = {}): Outgoing =>
      outgoingOf(subject.channel.name, {
        mode: subject.channel.serves === 'sandbox' ? 'sandbox' : 'live',
        ...overrides,
      })

    it('answers nothing to nothing', async () => {
      expect(await subject.channel.send([])).toEqual([])
    })

    it('gives one receipt for each delivery, in order', async () => {
      const wrong: Outgoing['mode'] = subject.channel.serves === 'live' ? 'sandbox' : 'live'
      const deliveries = ['a', 'b', 'c'].map((deliveryId) => right({ deliveryId }))
      // The one in the middle cannot be carried; its neighbours must not change places with it.
      const misfit = contents[subject.channel.name === 'sms' ? 'email' : 'sms']
      deliveries[1] =
        subject.channel.serves === 'both' ? right({ content: misfit }) : right({ deliveryId: 'b', mode: wrong })
      const receipts = await subject.channel.send(deliveries)
      expect(receipts.map((receipt) => receipt.outcome)).toEqual(['accepted', 'refused', 'accepted'])
      const refs = receipts.map((receipt) => (receipt.outcome === 'accepted' ? receipt.ref : ''))
      expect(refs[0]).not.toBe(refs[2])
      expect(refs[0]).not.toBe('')
    })

    it('refuses for good what is for another mode, and hands nothing over', async () => {
      if (subject.channel.serves === 'both') {
        const [sandbox] = await subject.channel.send([right({ mode: 'sandbox' })])
        expect(sandbox?.outcome).toBe('accepted')
        return
      }
      const before = subject.handed?.().length
      const wrong: Outgoing['mode'] = subject.channel.serves === 'live' ? 'sandbox' : 'live'
      const [receipt] = await subject.channel.send([right({ mode: wrong })])
      expect(receipt).toMatchObject({ outcome: 'refused', code: 'wrong_mode', permanent: true })
      expect(subject.handed?.().length).toBe(before)
    })

    it('refuses for good the content of another channel', async () => {
      const content = contents[subject.channel.name === 'sms' ? 'email' : 'sms']
      const [receipt] = await subject.channel.send([right({ content })])
      expect(receipt).toMatchObject({ outcome: 'refused', code: 'wrong_content', permanent: true })
    })

    it('hands over the same bytes for the same delivery', async () => {
      const first = await subject.channel.send([right({ deliveryId: 'same' })])
      const second = await subject.channel.send([right({ deliveryId: 'same' })])
      const handed = subject.handed?.().slice(-2)
      if (handed) expect(handed[0]).toBe(handed[1])
      else expect(second).toEqual(first)
    })

    it('has, when it can be asked, nothing of what was never handed over', async () => {
      const found = await subject.channel.lookup?.(right({ deliveryId: 'never' }), new Date('2027-01-01T00:00:00Z'))
      if (subject.channel.lookup) expect(found).toEqual({ refs: [] })
      else expect(subject.channel.name).toBe('email')
    })

    it('answers only for the sandbox what carriers and people would', async () => {
      const [receipt] = await subject.channel.send([right()])
      const hasEchoes = receipt?.outcome === 'accepted' && receipt.echoes !== undefined
      expect(hasEchoes).toBe(subject.channel.serves === 'sandbox')
    })

    it('has no address for a contact without one', () => {
      const { contactId, siteId } = book
      const bare = subject.channel.address({ contactId, siteId })
      if (subject.channel.name === 'intranet') expect(bare?.value).toBe(contactId)
      else expect(bare).toBeUndefined()
      expect(subject.channel.address(book)).toBeDefined()
    })

    it('calls each fault of its provider by its right name, and never throws', async () => {
      const told: Record<string, string> = {}
      const expected: Record<string, string> = {}
      for (const fault of subject.faults ?? []) {
        const channel = (await fault.provoke()) ?? subject.channel
        const [receipt] = await channel.send([right({ deliveryId: `fault-${fault.name}` })])
        told[fault.name] = nameOf(receipt, fault.code !== undefined)
        expected[fault.name] = fault.code === undefined ? fault.expect : `${fault.expect} ${fault.code}`
      }
      expect(told).toEqual(expected)
    })
  })
}

const nameOf = (receipt: Receipt | undefined, withCode: boolean): string =>
  receipt?.outcome === 'refused' && withCode
    ? `refused ${receipt.code}${receipt.permanent ? ' permanent' : ''}`
    : (receipt?.outcome ?? 'nothing')
