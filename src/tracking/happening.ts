import { newId } from '../db/index.ts'
import type { events } from '../db/schema.ts'
import type { EventType, Verdict } from '../words.ts'
import { classifierVersion } from './classify.ts'
import type { Subject } from './subjects.ts'

/** Something that happened to a known delivery, on its way into `events`. */
export interface Happening {
  networkId: string
  subject: Subject
  type: EventType
  /** Unique in the network: the same thing told twice changes nothing the second time. */
  dedupeKey: string
  inboundEventId?: string
  attempt?: number
  provider?: string
  providerRef?: string
  /** The contact who did it, where it is known among those the delivery covers. */
  contactId?: string
  data: Record<string, unknown>
  /** Who told us, as the ledgers name it: `twilio`, `list_unsubscribe` … */
  source: string
  /** Business times. */
  occurredAt: Date
  recordedAt: Date
  /** Wall time at which it reached us; left out where nothing is told of it at once. */
  receivedAt?: Date
}

/** The contact who acted: the one told, or the only one covered; otherwise nobody in particular. */
export const contactOf = ({ contactId, subject }: Happening): string | undefined =>
  contactId ?? (subject.contactIds.length === 1 ? subject.contactIds[0] : undefined)

/** Numbers and mailboxes stay with the address; an event keeps what was said, not to whom. */
const withoutAddresses = ({ from: _, to: __, email: ___, ...kept }: Record<string, unknown>) => kept

export type EventRow = typeof events.$inferInsert

/** The row of `events` that keeps it. */
export function eventRow(happening: Happening, verdict: Verdict | null): EventRow {
  const { networkId, subject, type, dedupeKey, inboundEventId, occurredAt, recordedAt } = happening
  const [, site] = subject.delivery.recipientKey.split('site:')
  return {
    networkId,
    id: newId(),
    type,
    deliveryId: subject.delivery.id,
    messageId: subject.delivery.messageId,
    contactId: contactOf(happening) ?? null,
    siteId: site ?? null,
    channel: subject.delivery.channel,
    dedupeKey,
    inboundEventId: inboundEventId ?? null,
    verdict,
    classifierVersion: verdict && classifierVersion,
    data: withoutAddresses(happening.data),
    occurredAt,
    recordedAt,
  }
}
