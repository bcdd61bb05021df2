import { and, eq, inArray } from 'drizzle-orm'
import { listenFor } from '../challenge/sms/listen.ts'
import type { Tx } from '../db/index.ts'
import { messages } from '../db/schema.ts'
import { keepUnasked } from '../inbox/arrival.ts'
import type { ChannelName } from '../words.ts'
import { type Counted, countedType, countUp } from './aggregate.ts'
import { applyAll } from './apply.ts'
import { callersAt, isUnderWayTo, networkWrittenTo } from './callers.ts'
import { stopSender } from './close-address.ts'
import type { Happening } from './happening.ts'
import { reopenAfterStop } from './reopen.ts'
import { type StoredEvent, saidBy } from './stored-event.ts'
import { deliveriesNamed, holdDeliveries, holdDelivery, type Subject } from './subjects.ts'

export interface Received {
  event: StoredEvent
  source: string
  inboundEventId: string
  /** Wall time. */
  receivedAt: Date
}

/** The business times of an event in a network; undefined when there is no such network. */
export type TimesIn = (
  received: Received,
  networkId: string,
) => Promise<{ occurredAt: Date; recordedAt: Date } | undefined>

const keyOf = ({ source, event }: Received) => `${saidBy(source)}:${event.dedupeKey}`
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/**
 * Events that name their delivery, or a reference its provider gave us, applied together. Returns the network of
 * each, undefined where the delivery is not known (yet).
 */
export async function applyToDeliveries(
  tx: Tx,
  received: readonly Received[],
  timesIn: TimesIn,
): Promise<(string | undefined)[]> {
  const named = await deliveriesNamed(
    tx,
    received.map((one) => one.event),
  )
  const subjects = new Map<string, Map<string, Subject>>()
  for (const networkId of [...new Set(named.flatMap((one) => one?.networkId ?? []))].sort()) {
    const ids = named.flatMap((one) => (one?.networkId === networkId ? one.deliveryId : []))
    subjects.set(networkId, await holdDeliveries(tx, networkId, ids))
  }
  const happenings: Happening[] = []
  const networkIds: (string | undefined)[] = []
  for (const [index, one] of received.entries()) {
    const name = named[index]
    const subject = name && subjects.get(name.networkId)?.get(name.deliveryId)
    const times = subject && (await timesIn(one, name.networkId))
    networkIds.push(times && name.networkId)
    if (!times) continue
    const { event, source, inboundEventId, receivedAt } = one
    happenings.push({
      ...times,
      networkId: name.networkId,
      subject,
      type: event.type,
      dedupeKey: keyOf(one),
      inboundEventId,
      attempt: event.attempt ?? name.attempt,
      provider: event.provider,
      providerRef: event.providerRef,
      data: event.data,
      source: saidBy(source),
      receivedAt,
    })
  }
  await applyAll(tx, happenings)
  return networkIds
}

/**
 * A text from a phone. A reply belongs to the last message sent to that number; a STOP closes the number in every
 * network that may be meant, since leaving one out would be the worse error. Returns a network it was meant for.
 */
export async function applyFromPhone(tx: Tx, received: Received, timesIn: TimesIn): Promise<string | undefined> {
  const { event, source, inboundEventId, receivedAt } = received
  const from = text(event.data.from) ?? ''
  const to = [event.data.to, event.data.messagingServiceSid].flatMap((one) => text(one) ?? [])
  const mode = source === simulated ? 'sandbox' : 'live'
  const only = mode === 'live' ? event.networkId : undefined
  const callers = await callersAt(tx, from, to, mode, only)
  if (callers.length === 0) return keepFromStranger(tx, received, await networkWrittenTo(tx, to, mode, only), timesIn)
  const answering = callers.find((caller) => caller.deliveryId) ?? callers[0]!
  // Its words may be faster than our own note that the message left: then it waits for that.
  if (event.type !== 'stop' && !answering.deliveryId && (await isUnderWayTo(tx, answering))) return undefined
  const meant = event.type === 'stop' ? callers : [answering]
  let network: string | undefined
  for (const caller of meant) {
    const { networkId, deliveryId, addressId, contactIds, senderId } = caller
    const times = await timesIn(received, networkId)
    if (!times) continue
    const subject = deliveryId ? await holdDelivery(tx, networkId, deliveryId) : undefined
    const [isNew = true] = subject
      ? await applyAll(tx, [
          {
            ...times,
            ...{ networkId, subject, type: event.type, dedupeKey: keyOf(received), inboundEventId, source },
            data: event.data,
            receivedAt,
          },
        ])
      : []
    if (!subject) {
      const isStart = event.type === 'reply' && event.data.isStart === true
      const reopened = isStart
        ? await reopenAfterStop(tx, { ...times, networkId, addressId, contactIds, senderId, source })
        : false
      const [contactId, ...others] = contactIds
      const said = text(event.data.text)
      // Out of the blue, and from a phone that is one person's.
      const isForChallenge =
        event.type === 'reply' && !reopened && contactId !== undefined && others.length === 0 && said !== undefined
          ? await listenFor(tx, {
              ...{ networkId, contactId, text: said, dedupeKey: keyOf(received), at: times.occurredAt },
            })
          : false
      await keepUnasked(tx, networkId, {
        ...{ channel: 'sms', from, senderId, data: event.data, dedupeKey: keyOf(received), inboundEventId, receivedAt },
        handledAs: event.type === 'stop' ? 'stop' : reopened ? 'start' : isForChallenge ? 'challenge' : undefined,
        at: times.occurredAt,
      })
    }
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

/** From a number nobody knows: somebody reads it, and nothing answers by itself. */
async function keepFromStranger(
  tx: Tx,
  received: Received,
  networkId: string | undefined,
  timesIn: TimesIn,
): Promise<string | undefined> {
  const { event, inboundEventId, receivedAt } = received
  const from = text(event.data.from)
  const times = networkId && from !== undefined ? await timesIn(received, networkId) : undefined
  if (!networkId || from === undefined || !times) return undefined
  await keepUnasked(tx, networkId, {
    ...{ channel: 'sms', from, data: event.data, dedupeKey: keyOf(received), inboundEventId, receivedAt },
    at: times.occurredAt,
  })
  return networkId
}

/** The source of what simulated carriers and people say. */
const simulated = 'preview'

const channelOf: Record<string, ChannelName> = { click: 'email', sms: 'sms', qr: 'print' }

/**
 * Aggregate tracking: only the message is known, and only its counter moves. Returns the network of each, undefined
 * where the message is not known.
 */
export async function applyToMessages(
  tx: Tx,
  received: readonly Received[],
  timesIn: TimesIn,
): Promise<(string | undefined)[]> {
  const known = new Set<string>()
  for (const networkId of new Set(received.flatMap(({ event }) => event.networkId ?? []))) {
    const ids = received.flatMap(({ event }) => (event.networkId === networkId ? (event.messageId ?? []) : []))
    const rows = await tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(eq(messages.networkId, networkId), inArray(messages.id, [...new Set(ids)])))
    for (const { id } of rows) known.add(`${networkId} ${id}`)
  }
  const networkIds: (string | undefined)[] = []
  const counted: Counted[] = []
  for (const one of received) {
    const { networkId, messageId, type, data } = one.event
    const isKnown = networkId !== undefined && messageId !== undefined && known.has(`${networkId} ${messageId}`)
    const times = isKnown ? await timesIn(one, networkId) : undefined
    networkIds.push(times && networkId)
    if (!times || !networkId || !messageId) continue
    const channel = channelOf[text(data.via) ?? ''] ?? 'email'
    counted.push({ ...times, networkId, messageId, channel, type: countedType(type), linkId: text(data.linkId) })
  }
  await countUp(tx, counted)
  return networkIds
}
