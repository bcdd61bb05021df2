import { and, eq, or, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { attempts, deliveries, deliveryMembers, messages } from '../db/schema.ts'
import type { StoredEvent } from './stored-event.ts'

/** What listening reads and writes of a delivery; the words it was made of are none of it. */
const heldColumns = {
  id: deliveries.id,
  messageId: deliveries.messageId,
  channel: deliveries.channel,
  recipientKey: deliveries.recipientKey,
  status: deliveries.status,
  attempt: deliveries.attempt,
  addressId: deliveries.addressId,
  senderId: deliveries.senderId,
  isCompanion: deliveries.isCompanion,
  reason: deliveries.reason,
  provider: deliveries.provider,
  providerRef: deliveries.providerRef,
  trackingMode: deliveries.trackingMode,
  isReceiptMissing: deliveries.isReceiptMissing,
  sentAt: deliveries.sentAt,
  deliveredAt: deliveries.deliveredAt,
} as const

export type Delivery = Pick<typeof deliveries.$inferSelect, keyof typeof heldColumns>
export type Message = typeof messages.$inferSelect

/** What an event is about. */
export interface Subject {
  delivery: Delivery
  message: Message
  /** The contacts the delivery covers. */
  contactIds: string[]
}

const inNetwork = sql.placeholder('networkId')
const these = sql.placeholder('ids')

const hold = prepared((tx) =>
  tx
    .update(deliveries)
    // A column of no index: holding must not write one.
    .set({ attempt: sql`${deliveries.attempt}` })
    .where(and(eq(deliveries.networkId, inNetwork), oneOf(deliveries.id, these)))
    .returning(heldColumns),
)
const messagesNamed = prepared((tx) =>
  tx
    .select()
    .from(messages)
    .where(and(eq(messages.networkId, inNetwork), oneOf(messages.id, these))),
)
const membersOf = prepared((tx) =>
  tx
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, inNetwork), oneOf(deliveryMembers.deliveryId, these))),
)

/**
 * Deliveries of a network by their ids, held for this transaction: they are written to before they are read, so
 * that on PostgreSQL two workers never both judge by the same old status. Those that do not exist are absent.
 */
export async function holdDeliveries(tx: Tx, networkId: string, ids: readonly string[]): Promise<Map<string, Subject>> {
  const wanted = [...new Set(ids)].sort()
  if (wanted.length === 0) return new Map()
  const held = await hold(tx, { networkId, ids: wanted })
  if (held.length === 0) return new Map()
  const known = await messagesNamed(tx, { networkId, ids: [...new Set(held.map((row) => row.messageId))] })
  const members = await membersOf(tx, { networkId, ids: wanted })
  const messageOf = new Map(known.map((message) => [message.id, message]))
  const subjects = new Map<string, Subject>()
  for (const delivery of held) {
    const message = messageOf.get(delivery.messageId)
    if (message) subjects.set(delivery.id, { delivery, message, contactIds: [] })
  }
  for (const { deliveryId, contactId } of members) subjects.get(deliveryId)?.contactIds.push(contactId)
  return subjects
}

/** One delivery, held; undefined when there is none. */
export const holdDelivery = async (tx: Tx, networkId: string, id: string): Promise<Subject | undefined> =>
  (await holdDeliveries(tx, networkId, [id])).get(id)

export interface Named {
  networkId: string
  deliveryId: string
  attempt?: number
}

const referenceOf = ({ provider, providerRef }: StoredEvent) =>
  provider !== undefined && providerRef !== undefined ? { provider, providerRef } : undefined

/**
 * The delivery each event names itself, or that its provider's reference belongs to, in the order asked; undefined
 * where it is not known (yet).
 */
export async function deliveriesNamed(tx: Tx, events: readonly StoredEvent[]): Promise<(Named | undefined)[]> {
  const byReference = new Map<string, Set<string>>()
  for (const event of events) {
    if (event.networkId && event.deliveryId) continue
    const reference = referenceOf(event)
    if (!reference) continue
    const refs = byReference.get(reference.provider) ?? new Set()
    byReference.set(reference.provider, refs.add(reference.providerRef))
  }
  const known = new Map<string, Named>()
  if (byReference.size > 0) {
    const rows = await tx
      .select({
        networkId: attempts.networkId,
        deliveryId: attempts.deliveryId,
        attempt: attempts.number,
        provider: attempts.provider,
        providerRef: attempts.providerRef,
      })
      .from(attempts)
      .where(
        or(
          ...[...byReference].map(([provider, refs]) =>
            and(eq(attempts.provider, provider), oneOf(attempts.providerRef, [...refs])),
          ),
        ),
      )
    for (const { provider, providerRef, ...named } of rows) known.set(`${provider} ${providerRef}`, named)
  }
  return events.map((event) => {
    const { networkId, deliveryId, attempt } = event
    if (networkId && deliveryId) return { networkId, deliveryId, attempt }
    const reference = referenceOf(event)
    const named = reference && known.get(`${reference.provider} ${reference.providerRef}`)
    // Said for one network, it is of no other's delivery.
    return networkId && named?.networkId !== networkId ? undefined : named
  })
}
