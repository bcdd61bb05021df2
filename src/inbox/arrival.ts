import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import type { MessageDetails } from '../db/schema/inbox.ts'
import { addresses, senders } from '../db/schema.ts'
import { contactOf, type Happening } from '../tracking/happening.ts'
import { isAnswer } from './answer-step.ts'
import { type Arrival, type HandledKind, recordArrival } from './record.ts'
import type { AnsweredChannel } from './whose.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const isAnswered = (channel: string): channel is AnsweredChannel => channel === 'sms' || channel === 'email'

/** Puts what somebody answered to a delivery into the inbox; anything but words in return is passed over. */
export async function keepAnswer(tx: Tx, happening: Happening, handledAs: HandledKind | undefined): Promise<void> {
  const { networkId, subject, data } = happening
  const { delivery, message } = subject
  if (!isAnswered(delivery.channel)) return
  const writer = writerOf(data) ?? (await mailboxOrNumber(tx, networkId, delivery.addressId))
  if (writer === undefined) return
  // What answers an answer belongs to the campaign it all began with.
  const began = isAnswer(message) ? {} : { deliveryId: delivery.id, campaignId: message.campaignId }
  await recordArrival(tx, {
    ...began,
    networkId,
    channel: delivery.channel,
    address: writer,
    contactId: contactOf(happening),
    senderId: (await senderWrittenTo(tx, networkId, delivery.channel, data)) ?? delivery.senderId ?? undefined,
    ...wordsOf(data),
    handledAs,
    dedupeKey: happening.dedupeKey,
    inboundEventId: happening.inboundEventId,
    at: happening.occurredAt,
    receivedAt: happening.receivedAt ?? happening.recordedAt,
  })
}

/** The words of an answer, and what else its channel says of it. */
export function wordsOf(data: Record<string, unknown>): Pick<Arrival, 'text' | 'subject' | 'details'> {
  const writer = data.writer as { name?: unknown } | undefined
  const details: MessageDetails = {
    mailId: text(data.mailId),
    references: Array.isArray(data.references) ? data.references.filter((one) => typeof one === 'string') : undefined,
    attachments: Array.isArray(data.attachments) ? data.attachments : undefined,
    original: text(data.original),
    writerName: text(writer?.name),
    backOn: text(data.backOn),
    media: typeof data.media === 'number' ? data.media : undefined,
    isNearStop: data.isNearStop === true || undefined,
  }
  return { text: text(data.text) ?? '', subject: text(data.subject), details }
}

function writerOf(data: Record<string, unknown>): string | undefined {
  const writer = data.writer as { mailbox?: unknown } | undefined
  return text(data.from) ?? text(writer?.mailbox)?.toLowerCase()
}

async function mailboxOrNumber(tx: Tx, networkId: string, addressId: string | null): Promise<string | undefined> {
  if (addressId === null) return undefined
  const [row] = await tx
    .select({ value: addresses.normalised })
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), eq(addresses.id, addressId)))
  return row?.value ?? undefined
}

/** Which of the network's own numbers or mailboxes was written to, where the event says. */
export async function senderWrittenTo(
  tx: Tx,
  networkId: string,
  channel: AnsweredChannel,
  data: Record<string, unknown>,
): Promise<string | undefined> {
  const to = [data.to, data.messagingServiceSid].flatMap((one) => text(one) ?? [])
  if (to.length === 0) return undefined
  const [row] = await tx
    .select({ id: senders.id })
    .from(senders)
    .where(and(eq(senders.networkId, networkId), eq(senders.channel, channel), inArray(senders.address, to)))
    .limit(1)
  return row?.id
}

/** What answers no delivery of ours: from somebody we have not written to, or from an address nobody knows. */
export async function keepUnasked(
  tx: Tx,
  networkId: string,
  { channel, from, contactId, senderId, data, handledAs, ...kept }: Unasked,
): Promise<void> {
  await recordArrival(tx, {
    ...kept,
    networkId,
    channel,
    address: from,
    contactId,
    senderId: (await senderWrittenTo(tx, networkId, channel, data)) ?? senderId,
    ...wordsOf(data),
    handledAs,
  })
}

export interface Unasked {
  channel: AnsweredChannel
  /** An E.164 phone or a lower-cased mailbox. */
  from: string
  contactId?: string
  senderId?: string
  data: Record<string, unknown>
  handledAs?: HandledKind
  dedupeKey: string
  inboundEventId: string
  /** Business time. */
  at: Date
  /** Wall time. */
  receivedAt: Date
}
