import { and, desc, eq, gte, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses, deliveries, senders } from '../db/schema.ts'
import { type Closing, type Failure, failureOf } from '../deliver/failure-codes.ts'
import { appendConsents, type ConsentEntry } from '../network/consent.ts'
import { suppress } from '../network/suppression.ts'
import { checkAddress } from '../segment/check.ts'
import type { AddressStatus, ChannelName } from '../words.ts'
import type { Happening } from './happening.ts'

const dayMs = 86_400_000
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** What an event closes: the address for good or for now, the sender, a topic, marketing on the channel. */
export async function closeWhatIsClosed(tx: Tx, happening: Happening): Promise<void> {
  const { networkId, subject, type, data, source, occurredAt, recordedAt } = happening
  const { delivery, message, contactIds } = subject
  if (!delivery.addressId) return
  const code = text(data.code)
  const said: Said = { networkId, addressId: delivery.addressId, reason: code ?? type, source, occurredAt, recordedAt }
  const { channel } = delivery
  const failure = type === 'failed' && code ? failureOf(code) : undefined
  const closes = failure?.closesAfter ? await closesByNow(tx, happening, failure) : failure?.closes
  const gone = channel === 'email' ? 'bounced' : 'dead'
  if ((type === 'bounced' && data.permanent !== false) || closes === 'dead') await closeAddress(tx, said, gone)
  else if (closes === 'quarantine') await markAddress(tx, said, 'quarantined')
  else if (type === 'returned')
    await markAddress(tx, { ...said, reason: text(data.reason) ?? 'returned' }, 'quarantined')
  else if (type === 'stop' || closes === 'stop')
    await stopSender(tx, { ...said, reason: 'stop', channel, senderId: delivery.senderId ?? undefined, contactIds })
  else if (type === 'complaint' || closes === 'complaint')
    await unsubscribe(tx, { ...said, reason: 'complaint', channel, contactIds })
  // On the provider's own list nothing is said of a topic: it sends this address nothing at all.
  else if (closes === 'unsubscribe') await unsubscribe(tx, { ...said, reason: 'unsubscribe', channel, contactIds })
  else if (type === 'unsubscribe') {
    const topic = data.scope === 'channel' ? undefined : message.topic
    await unsubscribe(tx, { ...said, reason: 'unsubscribe', channel, topic, contactIds })
  }
}

/** A phone that is off says little; one that was off each of the last times, for weeks, is nobody's any more. */
async function closesByNow(
  tx: Tx,
  { networkId, subject: { delivery }, data, occurredAt }: Happening,
  { closes, closesAfter }: Failure,
): Promise<Closing | undefined> {
  if (!closesAfter || !delivery.addressId) return undefined
  const last = await tx
    .select({ status: deliveries.status, reason: deliveries.reason })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(deliveries.recipientKey, delivery.recipientKey),
        eq(deliveries.channel, delivery.channel),
        eq(deliveries.addressId, delivery.addressId),
        gte(deliveries.sentAt, new Date(occurredAt.getTime() - closesAfter.days * dayMs)),
      ),
    )
    .orderBy(desc(deliveries.sentAt))
    .limit(closesAfter.times)
  const isEach = last.every(({ status, reason }) => status === 'failed' && reason === data.code)
  return last.length === closesAfter.times && isEach ? closes : undefined
}

/** What was said of an address: by whom, why and when (business times). */
export interface Said {
  /** Beside those who have the address as theirs: those a delivery to it covered. */
  contactIds?: readonly string[]
  networkId: string
  addressId: string
  reason: string
  source: string
  occurredAt: Date
  recordedAt: Date
  /** What the person was shown, where they answered a page. */
  wording?: Pick<ConsentEntry, 'wordingVersion' | 'wordingHash' | 'language'>
}

async function hashOf(tx: Tx, networkId: string, addressId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ hash: addresses.hash })
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), eq(addresses.id, addressId)))
  return row?.hash
}

/** Nothing goes to this address any more: the mailbox does not exist, the number is not in service. */
export async function closeAddress(tx: Tx, said: Said, status: AddressStatus): Promise<void> {
  await markAddress(tx, said, status)
  const { networkId, reason, source, occurredAt } = said
  const addressHash = await hashOf(tx, networkId, said.addressId)
  if (addressHash) await suppress(tx, { networkId, scope: 'address', addressHash, reason, source, occurredAt })
}

/** The address is doubtful and is not used until somebody has looked at it. */
export async function markAddress(tx: Tx, said: Said, status: AddressStatus): Promise<void> {
  await tx
    .update(addresses)
    .set({ status, statusReason: said.reason, updatedAt: said.recordedAt })
    .where(and(eq(addresses.networkId, said.networkId), eq(addresses.id, said.addressId)))
  await checkAddress(tx, said.networkId, { id: said.addressId })
}

/**
 * STOP closes the phone for the sender that was answered, since the provider blocks it there too, whatever the
 * class of the message. When the sender cannot be told, for every sender of the network on that channel.
 */
export async function stopSender(tx: Tx, said: Said & { channel: ChannelName; senderId?: string }): Promise<void> {
  const { networkId, channel, reason, source, occurredAt } = said
  const addressHash = await hashOf(tx, networkId, said.addressId)
  if (!addressHash) return
  const closing = said.senderId ? [said.senderId] : await sendersOn(tx, networkId, channel)
  for (const senderId of closing)
    await suppress(tx, {
      networkId,
      scope: 'channel_sender',
      addressHash,
      channel,
      senderId,
      reason,
      source,
      occurredAt,
    })
  await withdraw(tx, said, stopEvidence)
}

/** What marks the withdrawal a STOP wrote into the ledger, so that a START takes back that and nothing else. */
export const stopEvidence = 'stop'

async function sendersOn(tx: Tx, networkId: string, channel: ChannelName): Promise<string[]> {
  const rows = await tx
    .select({ id: senders.id })
    .from(senders)
    .where(and(eq(senders.networkId, networkId), eq(senders.channel, channel)))
  return rows.length > 0 ? rows.map((row) => row.id) : ['']
}

/**
 * Unsubscribing from a topic closes the topic; without one, and after a complaint, it is marketing on the channel
 * that is closed, and the ledger says that consent was withdrawn.
 */
export async function unsubscribe(tx: Tx, said: Said & { channel: ChannelName; topic?: string }): Promise<void> {
  const { networkId, channel, topic, reason, source, occurredAt } = said
  const addressHash = await hashOf(tx, networkId, said.addressId)
  if (!addressHash) return
  if (topic) {
    await suppress(tx, { networkId, scope: 'topic', addressHash, topic, reason, source, occurredAt })
    return
  }
  await suppress(tx, { networkId, scope: 'marketing', addressHash, channel, reason, source, occurredAt })
  await withdraw(tx, said)
}

/** Everyone who shares the address takes consent back with it: who of them wrote cannot be known. */
async function withdraw(tx: Tx, said: Said & { channel: ChannelName }, evidenceRef?: string): Promise<void> {
  const { networkId, addressId, channel, source, occurredAt } = said
  const sharing = await tx
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.addressId, [addressId])))
  const contactIds = new Set([...sharing.map((row) => row.contactId), ...(said.contactIds ?? [])])
  await appendConsents(
    tx,
    [...contactIds].map((contactId) => ({
      networkId,
      contactId,
      channel,
      purpose: 'receive' as const,
      action: 'withdraw' as const,
      basis: 'consent' as const,
      source,
      actor: 'contact',
      evidenceRef,
      ...said.wording,
      occurredAt,
    })),
    said.recordedAt,
  )
}
