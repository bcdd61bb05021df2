import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { attempts, deliveries } from '../db/schema.ts'
import { act, voidExposures } from '../engagement/record.ts'
import { schedule } from '../timer/timers.ts'
import { actionEvents, type EventType, type Verdict } from '../words.ts'
import { isAffirmative } from './affirmative.ts'
import { type Judging, judgeClicks } from './clicks.ts'
import { closeAddress, markAddress, type Said, stopSender, unsubscribe } from './close-address.ts'
import { contactOf, type Happening, storeEvent } from './happening.ts'
import { keepsClick } from './measure.ts'
import { keepOpen } from './opens.ts'
import { isFailure, statusAfter } from './status.ts'
import type { Delivery } from './subjects.ts'

const actions: readonly EventType[] = actionEvents
/** Codes by which adapters say that nobody is at this address and never will be. */
const deadAddressCodes = new Set([
  'unknown_number',
  'invalid_number',
  'not_a_mobile',
  'unknown_mailbox',
  'invalid_address',
  'bounced_address',
])
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/**
 * Stores an event once, with its verdict, and does what follows from it, in this transaction: the delivery's
 * status, the address, consent, what is learnt, the next channel. Returns false for what was known already. Where
 * several events are applied together, `judging` puts off the verdict on clicks until all are stored.
 */
export async function apply(tx: Tx, happening: Happening, judging?: Judging): Promise<boolean> {
  const { networkId, subject, type, occurredAt } = happening
  if (type === 'open') return keepOpen(tx, happening)
  if (type === 'click' && !(await keepsClick(tx, happening))) return true
  if (!(await storeEvent(tx, happening, verdictOf(type)))) return false
  await moveDelivery(tx, happening)
  await closeWhatIsClosed(tx, happening)
  if (type === 'click' || type === 'scan') await (judging ? judging.add(happening) : judgeClicks(tx, happening))
  else if (actions.includes(type)) {
    await act(tx, {
      networkId,
      deliveryId: subject.delivery.id,
      contactIds: whoActed(happening),
      at: occurredAt,
      now: happening.recordedAt,
    })
    await judgeClicks(tx, happening)
    if (type === 'reply') await acknowledgeByReply(tx, happening)
  }
  return true
}

/** A person's own act needs no judging; clicks wait for theirs; what carriers say is not an act. */
function verdictOf(type: EventType): Verdict | null {
  if (type === 'click' || type === 'scan') return 'unknown'
  return actions.includes(type) || type === 'unsubscribe' || type === 'stop' || type === 'complaint'
    ? 'human_confirmed'
    : null
}

const whoActed = (happening: Happening) => {
  const contactId = contactOf(happening)
  return contactId === undefined ? undefined : [contactId]
}

async function moveDelivery(tx: Tx, happening: Happening): Promise<void> {
  const { networkId, subject, type, attempt, occurredAt, recordedAt, data } = happening
  const { delivery } = subject
  const status = statusAfter(delivery, { type, attempt })
  const change: Partial<Delivery> = {}
  // Kept whatever the status says by now: a bounce may follow an arrival, and be told before it.
  if (type === 'delivered' || type === 'shown') change.deliveredAt = earliest(delivery.deliveredAt, occurredAt)
  if (status) {
    change.status = status
    change.reason = isFailure(status) ? (text(data.code) ?? text(data.reason) ?? type) : null
    change.isReceiptMissing = false
    change.providerRef = delivery.providerRef ?? happening.providerRef ?? null
    change.sentAt = delivery.sentAt ?? (await handedOverAt(tx, happening))
  }
  if (Object.keys(change).length === 0) return
  await tx
    .update(deliveries)
    .set({ ...change, updatedAt: recordedAt })
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, delivery.id)))
  Object.assign(delivery, change)
  if (!status) return
  await closeDoubt(tx, happening)
  if (!isFailure(status)) return
  await voidExposures(tx, { networkId, deliveryId: delivery.id, now: recordedAt })
  await askForFallback(tx, happening)
}

const earliest = (known: Date | null, at: Date) => (known && known <= at ? known : at)

/** When the attempt spoken of began: the worker that would have noted the hand-over never came to it. */
async function handedOverAt(tx: Tx, { networkId, subject, attempt }: Happening): Promise<Date | null> {
  const [row] = await tx
    .select({ startedAt: attempts.startedAt })
    .from(attempts)
    .where(
      and(
        eq(attempts.networkId, networkId),
        eq(attempts.deliveryId, subject.delivery.id),
        eq(attempts.number, attempt ?? subject.delivery.attempt),
      ),
    )
  return row?.startedAt ?? null
}

/** The provider speaks of an attempt whose answer we never saw: so it did take it. */
async function closeDoubt(tx: Tx, { networkId, subject, attempt, providerRef, recordedAt }: Happening): Promise<void> {
  await tx
    .update(attempts)
    .set({ outcome: 'accepted', endedAt: recordedAt, ...(providerRef ? { providerRef } : {}) })
    .where(
      and(
        eq(attempts.networkId, networkId),
        eq(attempts.deliveryId, subject.delivery.id),
        eq(attempts.number, attempt ?? subject.delivery.attempt),
        or(isNull(attempts.outcome), inArray(attempts.outcome, ['unknown'])),
      ),
    )
}

/** The next channel's turn, written with the failure that calls for it. */
async function askForFallback(tx: Tx, { networkId, subject, recordedAt }: Happening): Promise<void> {
  const { delivery } = subject
  if (delivery.isCompanion) return
  await schedule(
    tx,
    networkId,
    [
      {
        kind: 'fallback',
        subject: delivery.id,
        occurrence: 'failed',
        dueAt: recordedAt,
        payload: { deliveryId: delivery.id },
      },
    ],
    recordedAt,
  )
}

async function closeWhatIsClosed(tx: Tx, happening: Happening): Promise<void> {
  const { networkId, subject, type, data, source, occurredAt, recordedAt } = happening
  const { delivery, message, contactIds } = subject
  if (!delivery.addressId) return
  const code = text(data.code)
  const said: Said = { networkId, addressId: delivery.addressId, reason: code ?? type, source, occurredAt, recordedAt }
  const { channel } = delivery
  if (type === 'bounced' && data.permanent !== false) await closeAddress(tx, said, 'bounced')
  else if (type === 'failed' && code && deadAddressCodes.has(code))
    await closeAddress(tx, said, channel === 'email' ? 'bounced' : 'dead')
  else if (type === 'returned')
    await markAddress(tx, { ...said, reason: text(data.reason) ?? 'returned' }, 'quarantined')
  else if (type === 'stop' || (type === 'failed' && code === 'opted_out'))
    await stopSender(tx, { ...said, reason: 'stop', channel, senderId: delivery.senderId ?? undefined, contactIds })
  else if (type === 'complaint' || code === 'complained_address')
    await unsubscribe(tx, { ...said, reason: 'complaint', channel, contactIds })
  else if (type === 'unsubscribe' || code === 'unsubscribed_address') {
    const topic = data.scope === 'channel' ? undefined : message.topic
    await unsubscribe(tx, { ...said, reason: 'unsubscribe', channel, topic, contactIds })
  }
}

/** "OK" by return of text is an acknowledgement where one was asked for. */
async function acknowledgeByReply(tx: Tx, happening: Happening): Promise<void> {
  const { definition } = happening.subject.message
  const isAsked =
    typeof definition === 'object' &&
    definition !== null &&
    'asksAcknowledgement' in definition &&
    definition.asksAcknowledgement === true
  if (!isAsked || !isAffirmative(text(happening.data.text))) return
  await storeEvent(
    tx,
    { ...happening, type: 'acknowledge', dedupeKey: `${happening.dedupeKey}:acknowledge`, data: { by: 'reply' } },
    'human_confirmed',
  )
}
