import { eq, inArray } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel.ts'
import { contacts, deliveries, openCalls } from '../../src/db/schema.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { cast } from '../world.ts'
import { type Live, live, mailStep } from './live.ts'

const minute = 60_000
const hour = 60 * minute

let l: Live
beforeEach(async () => {
  l = await live()
  // Who shares a mailbox or is not measured is written otherwise, alone: the two others share a call.
  const alone = inArray(contacts.externalId, [cast.lucas.id, cast.karim.id])
  await l.context.db.update(contacts).set({ isActive: false }).where(alone)
})
afterEach(() => l.close())

const mails = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'email'))
const statuses = async () => [...new Set((await mails()).map(({ status }) => status))]
const calls = () => l.context.db.select().from(openCalls)
async function later(ms: number): Promise<void> {
  l.clock.forward(ms)
  await look(l.context, l.network, l.clock.now())
  await look(l.context, l.network, l.clock.now())
}

/** Several mails leave in one call, which SendGrid takes and whose answer nobody sees. */
async function takenUnseen(): Promise<void> {
  await l.owe(mailStep, 'class: transactional')
  l.sendgrid.plan.next('500-after')
  await l.deliver()
  expect(l.sendgrid.mails.length).toBe(2)
  expect(l.sendgrid.requests).toHaveLength(1)
  expect(await statuses()).toEqual(['unknown'])
  expect(await calls()).toHaveLength(1)
}

/** SendGrid tells of the first of them, as its adapter translates it. */
async function toldOfFirst(more: Partial<InboundEvent> = {}): Promise<void> {
  const { customArgs } = l.sendgrid.mails[0]!
  const event: InboundEvent = {
    ...{ dedupeKey: 'first', type: 'delivered', networkId: l.network.id, provider: 'sendgrid', attempt: 1 },
    ...{ deliveryId: customArgs.delivery_id, providerRef: 'sg1', data: { call: customArgs.call } },
    ...more,
  }
  await receive(l.context.db, 'sendgrid', [event], l.clock.now())
}

describe('mails of one call of which nobody can say whether it left', () => {
  test('have all left as soon as the provider speaks of one of them', async () => {
    await takenUnseen()
    await toldOfFirst()
    await later(0)
    const all = await mails()
    const [first, ...others] = [...all].sort((a) => (a.id === l.sendgrid.mails[0]!.customArgs.delivery_id ? -1 : 1))
    expect(first).toMatchObject({ status: 'delivered', attempt: 1, providerRef: 'sg1' })
    for (const { id, attempt, status, reason, providerRef, sentAt, contentHash } of others)
      expect({ attempt, status, reason, providerRef, sentAt, isKept: contentHash !== null }).toEqual({
        ...{ attempt: 1, status: 'accepted', reason: 'adopted', providerRef: `sg1.${id}`, isKept: true },
        sentAt: first?.sentAt,
      })
    await later(25 * hour)
    expect(l.sendgrid.requests).toHaveLength(1)
  })

  test('are taken back from the person who was to decide when it speaks of one only then', async () => {
    await takenUnseen()
    await later(25 * hour)
    expect(await statuses()).toEqual(['needs_review'])
    await toldOfFirst()
    await later(0)
    expect((await statuses()).sort()).toEqual(['accepted', 'delivered'])
    expect(l.sendgrid.requests).toHaveLength(1)
  })

  test('learn nothing from a word on part of a call, on another call or on another attempt', async () => {
    await takenUnseen()
    await toldOfFirst({ data: {} })
    await toldOfFirst({ dedupeKey: 'other', data: { call: 'another' } })
    await later(hour)
    const others = (await mails()).filter(({ id }) => id !== l.sendgrid.mails[0]!.customArgs.delivery_id)
    expect([...new Set(others.map(({ status }) => status))]).toEqual(['unknown'])
    // Given up on and sent anew: what is known of the first attempt says nothing of the second.
    await l.context.db.update(deliveries).set({ attempt: 2 })
    await toldOfFirst({ dedupeKey: 'late' })
    await later(hour)
    expect((await mails()).filter(({ status }) => status === 'accepted')).toEqual([])
  })

  test('are written down before they leave, and forgotten once the call is answered', async () => {
    await l.owe(mailStep, 'class: transactional')
    await l.deliver()
    expect(await statuses()).toEqual(['accepted'])
    expect(new Set(l.sendgrid.mails.map(({ customArgs }) => customArgs.call)).size).toBe(1)
    expect(l.sendgrid.mails[0]!.customArgs.call).toBeDefined()
    expect(await calls()).toEqual([])
  })

  test('do not leave when writing their call down took most of their lease, and leave with the next one', async () => {
    await l.owe(mailStep, 'class: transactional')
    let hangs = 1
    const insertRows: typeof l.context.db.insertRows = (table, ...rest) => {
      if (Object.is(table, openCalls) && hangs-- > 0) l.clock.forward(100_000)
      return l.context.db.insertRows(table, ...rest)
    }
    await l.deliver({ ...l.context, db: Object.assign(Object.create(l.context.db), { insertRows }) })
    expect(l.sendgrid.requests).toHaveLength(1)
    expect(l.sendgrid.mails.map(({ customArgs }) => customArgs.attempt)).toEqual(['2', '2'])
    expect(await statuses()).toEqual(['accepted'])
  })

  test('leave without its name as halves of a call that was refused for one of them', async () => {
    await l.owe(mailStep, 'class: transactional')
    l.sendgrid.refuse(cast.helene.email, 400, 'Does not contain a valid address.')
    await l.deliver()
    expect(l.sendgrid.requests).toHaveLength(3)
    expect(l.sendgrid.mails).toHaveLength(1)
    expect(l.sendgrid.mails.filter(({ customArgs }) => customArgs.call !== undefined)).toEqual([])
    expect(await calls()).toEqual([])
  })
})
