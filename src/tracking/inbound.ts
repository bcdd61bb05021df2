import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { messages } from '../db/schema.ts'
import { countUp } from './aggregate.ts'
import { apply } from './apply.ts'
import type { Judging } from './clicks.ts'
import { stopSender } from './close-address.ts'
import type { StoredEvent } from './stored-event.ts'
import { callersAt, deliveryNamed, holdDelivery } from './subjects.ts'

export interface Received {
  event: StoredEvent
  source: string
  inboundEventId: string
  judging: Judging
}

/** The business times of an event in a network; undefined when there is no such network. */
export type TimesIn = (networkId: string) => Promise<{ occurredAt: Date; recordedAt: Date } | undefined>

const keyOf = ({ source, event }: Received) => `${source}:${event.dedupeKey}`
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** An event that names its delivery, or a reference its provider gave us. Returns the network, if it is known. */
export async function applyToDelivery(tx: Tx, received: Received, timesIn: TimesIn): Promise<string | undefined> {
  const { event, source, inboundEventId, judging } = received
  const named = await deliveryNamed(tx, event)
  if (!named) return undefined
  const times = await timesIn(named.networkId)
  const subject = times && (await holdDelivery(tx, named.networkId, named.deliveryId))
  if (!subject) return undefined
  const happening = {
    ...times,
    networkId: named.networkId,
    subject,
    type: event.type,
    dedupeKey: keyOf(received),
    inboundEventId,
    attempt: event.attempt ?? named.attempt,
    provider: event.provider,
    providerRef: event.providerRef,
    data: event.data,
    source,
  }
  await apply(tx, happening, judging)
  return named.networkId
}

/**
 * A text from a phone. A reply belongs to the last message sent to that number; a STOP closes the number in every
 * network that may be meant, since leaving one out would be the worse error.
 */
export async function applyFromPhone(tx: Tx, received: Received, timesIn: TimesIn): Promise<string | undefined> {
  const { event, source, inboundEventId, judging } = received
  const callers = await callersAt(tx, text(event.data.from) ?? '', text(event.data.to))
  const meant = event.type === 'stop' ? callers : callers.filter((caller) => caller.deliveryId).slice(0, 1)
  let network: string | undefined
  for (const caller of meant) {
    const times = await timesIn(caller.networkId)
    if (!times) continue
    const { networkId, deliveryId, addressId, contactIds, senderId } = caller
    const subject = deliveryId ? await holdDelivery(tx, networkId, deliveryId) : undefined
    const happening = subject && {
      ...times,
      ...{ networkId, subject, type: event.type, dedupeKey: keyOf(received), inboundEventId, source },
      data: event.data,
    }
    const isNew = happening ? await apply(tx, happening, judging) : true
    // A STOP holds for the number that wrote, which need not be the one the delivery went to.
    if (event.type === 'stop' && isNew && subject?.delivery.addressId !== addressId)
      await stopSender(tx, {
        ...times,
        ...{ networkId, addressId, contactIds, senderId, source, reason: 'stop', channel: 'sms' },
      })
    network ??= networkId
  }
  return network
}

/** Aggregate tracking: only the message is known, and only its counter moves. */
export async function applyToMessage(tx: Tx, received: Received, timesIn: TimesIn): Promise<string | undefined> {
  const { networkId, messageId, type, data } = received.event
  const times = networkId && (await timesIn(networkId))
  if (!networkId || !messageId || !times) return undefined
  const [message] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.id, messageId)))
  if (!message) return undefined
  await countUp(tx, { ...times, networkId, messageId, type, data })
  return networkId
}
