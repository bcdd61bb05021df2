import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, consents, contactAddresses, suppressions } from '../db/schema.ts'
import { appendConsents, type ConsentEntry, stateOfConsent } from '../network/consent.ts'
import { stopEvidence } from './close-address.ts'
import type { Happening } from './happening.ts'

/** A START from a number: who has it, and which of our senders was written to. Business times. */
export interface Started {
  networkId: string
  addressId: string
  contactIds?: readonly string[]
  /** Absent where it cannot be told: then whatever a STOP closed is meant. */
  senderId?: string
  source: string
  occurredAt: Date
  recordedAt: Date
}

/** A START that answers one of our texts. */
export async function reopenAnswered(tx: Tx, happening: Happening): Promise<boolean> {
  const { networkId, subject, source, occurredAt, recordedAt } = happening
  const { delivery, contactIds } = subject
  if (delivery.channel !== 'sms' || !delivery.addressId) return false
  const { addressId } = delivery
  const senderId = delivery.senderId ?? undefined
  return reopenAfterStop(tx, { networkId, addressId, contactIds, senderId, source, occurredAt, recordedAt })
}

/**
 * Takes back what a STOP of this number closed, and nothing else: a dead number stays dead, and what was unsubscribed,
 * complained of or refused otherwise stays closed. The ledger goes back to what it said before the STOP, by a new
 * entry. Returns false, with nothing changed, where no STOP is in force: then the word was an answer.
 */
export async function reopenAfterStop(tx: Tx, started: Started): Promise<boolean> {
  const { networkId, addressId, senderId, occurredAt } = started
  const [address] = await tx
    .select({ hash: addresses.hash })
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), eq(addresses.id, addressId)))
  if (!address) return false
  const lifted = await tx
    .update(suppressions)
    .set({ liftedAt: occurredAt })
    .where(
      and(
        eq(suppressions.networkId, networkId),
        eq(suppressions.addressHash, address.hash),
        eq(suppressions.scope, 'channel_sender'),
        eq(suppressions.channel, 'sms'),
        eq(suppressions.reason, 'stop'),
        senderId === undefined ? undefined : inArray(suppressions.senderId, [senderId, '']),
        isNull(suppressions.liftedAt),
        lte(suppressions.occurredAt, occurredAt),
      ),
    )
    .returning({ id: suppressions.id })
  if (lifted.length === 0) return false
  const sharing = await tx
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.addressId, addressId)))
  const contactIds = new Set([...sharing.map((row) => row.contactId), ...(started.contactIds ?? [])])
  const entries: ConsentEntry[] = []
  for (const contactId of contactIds) {
    const entry = await asBeforeStop(tx, started, contactId)
    if (entry) entries.push(entry)
  }
  await appendConsents(tx, entries, started.recordedAt)
  return true
}

/** The entry that brings back what stood before the STOP; none where the STOP is not what the ledger said last. */
async function asBeforeStop(
  tx: Tx,
  { networkId, source, occurredAt }: Started,
  contactId: string,
): Promise<ConsentEntry | undefined> {
  const said = await tx
    .select()
    .from(consents)
    .where(
      and(
        eq(consents.networkId, networkId),
        eq(consents.contactId, contactId),
        eq(consents.channel, 'sms'),
        eq(consents.purpose, 'receive'),
      ),
    )
    .orderBy(asc(consents.occurredAt), asc(consents.id))
  if (said.at(-1)?.evidenceRef !== stopEvidence) return undefined
  const before = said.findLast((entry) => entry.evidenceRef !== stopEvidence)
  const state = before ? stateOfConsent(before) : 'unstated'
  if (state === 'denied') return undefined
  return {
    ...{ networkId, contactId, channel: 'sms', purpose: 'receive', source, actor: 'contact', occurredAt },
    // An expired entry permits nothing and refuses nothing, as silence did.
    action: state === 'granted' ? 'grant' : 'expire',
    basis: state === 'granted' ? (before?.basis ?? 'consent') : 'unstated',
    evidenceRef: 'start',
  }
}
