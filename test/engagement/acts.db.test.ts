import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel.ts'
import { engagements, exposures } from '../../src/db/schema.ts'
import { asksFor } from '../../src/engagement/asks.ts'
import { isMeasurable } from '../../src/engagement/measurable.ts'
import { expose, matureDue } from '../../src/engagement/record.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import type { ChannelName, EventType } from '../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { day, delivery, hour, person, since, smallNetwork } from '../tracking/small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

/** A reader who agreed to no tracking at all, written to and heard of; what was learned of them. */
async function learned(channel: ChannelName, type: EventType | undefined, asked: Parameters<typeof asksFor>[1]) {
  const small = await smallNetwork(store.db)
  const { networkId } = small
  const ana = await person(store.db, small)
  const deliveryId = await delivery(store.db, small, ana, { channel, trackingMode: 'none' })
  const isMeasured = isMeasurable(channel, asksFor(channel, asked), 'none')
  await store.db.transaction((tx) =>
    expose(tx, [
      {
        ...{ networkId, deliveryId, contactId: ana.contactId, channel, profile: 'field' as const },
        ...{ sentAt: since(0), isMeasurable: isMeasured },
      },
    ]),
  )
  if (type) {
    const event: InboundEvent = {
      ...{ dedupeKey: `${type} ${deliveryId}`, type, networkId, deliveryId, attempt: 1, provider: 'test' },
      ...{ occurredAt: since(2 * hour), data: { text: 'C’est noté, merci', from: ana.mobile } },
    }
    await receive(store.db, 'preview', [event], since(2 * hour))
    await applyPending(store.db, { now: () => since(3 * hour) })
  }
  await matureDue(store.db, { id: networkId }, since(40 * day))
  const [row] = await store.db
    .select()
    .from(engagements)
    .where(and(eq(engagements.networkId, networkId), eq(engagements.contactId, ana.contactId)))
  const [exposure] = await store.db.select().from(exposures).where(eq(exposures.deliveryId, deliveryId))
  return { exposure: exposure!.outcome, actions: row?.actions ?? 0, exposures: row?.exposures ?? 0 }
}

const nothing = { hasLink: false }
const hit = { exposure: 'acted', actions: 1, exposures: 1 }

test.each<[string, ChannelName, EventType, Parameters<typeof asksFor>[1]]>([
  ['a reply by text', 'sms', 'reply', { ...nothing, asksReply: true }],
  ['a reply by mail', 'email', 'reply', { ...nothing, asksReply: true }],
  ['an acknowledgement', 'email', 'acknowledge', { ...nothing, asksAcknowledgement: true }],
  ['a registration after a text', 'sms', 'register', { ...nothing, asksRegistration: true }],
  ['a registration after a letter', 'print', 'register', { ...nothing, asksRegistration: true }],
  ['a code scanned on a letter', 'print', 'scan', { hasLink: true }],
  ['a post read on the intranet', 'intranet', 'read', nothing],
])('%s counts, without any tracking', async (_, channel, type, asked) => {
  expect(await learned(channel, type, asked)).toEqual(hit)
})

test.each<[string, ChannelName, Parameters<typeof asksFor>[1], number]>([
  ['a registration that was asked for and did not come is a miss', 'sms', { ...nothing, asksRegistration: true }, 1],
  ['so is a letter whose code nobody scanned', 'print', { hasLink: true }, 1],
  ['a mail that asks for nothing says nothing', 'email', nothing, 0],
  ['nor does one whose click may not be seen', 'email', { hasLink: true }, 0],
])('%s', async (_, channel, asked, counted) => {
  expect(await learned(channel, undefined, asked)).toMatchObject({ actions: 0, exposures: counted })
})

test('what is asked for is what can be answered', () => {
  expect(asksFor('email', { ...nothing, asksRegistration: true })).toEqual(['register'])
  expect(asksFor('print', { hasLink: true, asksReply: true, asksRegistration: true })).toEqual([
    'reply',
    'register',
    'scan',
  ])
  expect(asksFor('screen', { ...nothing, asksAcknowledgement: true })).toEqual(['acknowledge', 'read'])
})
