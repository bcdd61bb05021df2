import { and, desc, eq, inArray, or } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { addresses, attempts, contactAddresses, deliveries, events, networks } from '../db/schema.ts'
import { keepUnasked } from '../inbox/arrival.ts'
import { addressHash } from '../network/suppression.ts'
import { applyAll } from '../tracking/apply.ts'
import type { Received, TimesIn } from '../tracking/inbound.ts'
import type { EmailReplyData } from '../tracking/reply-data.ts'
import { holdDelivery, type Subject } from '../tracking/subjects.ts'
import type { EventType } from '../words.ts'

type By = EmailReplyData['by']

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

/** What is left of a stored event's data for its event: who wrote is said by `writer` alone, and only where needed. */
function dataOf(received: Received, by: By, isOther: boolean): Record<string, unknown> {
  const { from, fromName, answers: _, ...data } = received.event.data
  const mailbox = text(from)
  if (!('text' in data)) return data
  return { ...data, by, writer: isOther && mailbox !== undefined ? { mailbox, name: text(fromName) } : undefined }
}

/**
 * A mail that came in: an event on the delivery that its return address names, else on the one it answers. Where
 * neither is known, what a contact of a network wrote is kept as an event without delivery. Returns its network,
 * undefined where there is none (yet).
 */
export async function applyMail(tx: Tx, received: Received, timesIn: TimesIn): Promise<string | undefined> {
  const { event } = received
  const isNamed = event.networkId !== undefined && event.deliveryId !== undefined
  const named = isNamed
    ? { networkId: event.networkId!, deliveryId: event.deliveryId!, attempt: event.attempt }
    : await answered(tx, texts(event.data.answers), text(event.data.from))
  const subject = named && (await holdDelivery(tx, named.networkId, named.deliveryId))
  if (!named || !subject) return keepOrphan(tx, received, timesIn, named?.networkId)
  const times = await timesIn(received, named.networkId)
  if (!times) return undefined
  const from = text(event.data.from)
  const isOther = from !== undefined && !(await isAddressOf(tx, named.networkId, subject, from))
  const { source, inboundEventId } = received
  await applyAll(tx, [
    {
      ...times,
      networkId: named.networkId,
      subject,
      ...meant(event.type, isNamed, isOther, dataOf(received, isNamed ? 'return_address' : 'references', isOther)),
      dedupeKey: `${source}:${event.dedupeKey}`,
      inboundEventId,
      receivedAt: received.receivedAt,
      attempt: named.attempt,
      source,
    },
  ])
  return named.networkId
}

/** Only whoever got the mail, or its own address for leaving, may leave by it: else a person is to read it. */
function meant(type: EventType, isNamed: boolean, isOther: boolean, data: Record<string, unknown>) {
  return type === 'unsubscribe' && !isNamed && isOther
    ? { type: 'reply' as const, data: { ...data, isNearStop: true } }
    : { type, data }
}

async function isAddressOf(tx: Tx, networkId: string, { delivery }: Subject, mailbox: string): Promise<boolean> {
  if (!delivery.addressId) return false
  const [row] = await tx
    .select({ hash: addresses.hash })
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), eq(addresses.id, delivery.addressId)))
  return row?.hash === addressHash('email', mailbox)
}

/** Mails that share a call to SendGrid share its id, each with its place behind it. */
const mostInCall = 100
const fewAnswers = 3

/**
 * The attempt whose mail bore one of these message ids: what we gave a relay is its reference; SendGrid puts its own
 * before the `@`. Where several mails bore it, the one that went to the writer.
 */
async function answered(tx: Tx, messageIds: readonly string[], from: string | undefined) {
  if (messageIds.length === 0) return undefined
  const places = Array.from({ length: mostInCall }, (_, place) => `.${place}`)
  const ofSendGrid = messageIds.slice(0, fewAnswers).map(localPart)
  const rows = await tx
    .select({
      networkId: attempts.networkId,
      deliveryId: attempts.deliveryId,
      attempt: attempts.number,
      providerRef: attempts.providerRef,
      hash: addresses.hash,
    })
    .from(attempts)
    .innerJoin(networks, and(eq(networks.id, attempts.networkId), eq(networks.mode, 'live')))
    .innerJoin(deliveries, and(eq(deliveries.networkId, attempts.networkId), eq(deliveries.id, attempts.deliveryId)))
    .leftJoin(addresses, and(eq(addresses.networkId, attempts.networkId), eq(addresses.id, deliveries.addressId)))
    .where(
      or(
        and(
          eq(attempts.provider, 'smtp'),
          inArray(
            attempts.providerRef,
            messageIds.map((id) => `<${id}>`),
          ),
        ),
        and(
          eq(attempts.provider, 'sendgrid'),
          inArray(
            attempts.providerRef,
            ofSendGrid.flatMap((ref) => [ref, ...places.map((place) => ref + place)]),
          ),
        ),
      ),
    )
  const nearest = (ref: string | null) =>
    messageIds.findIndex((id) => ref === `<${id}>` || ref === localPart(id) || ref?.startsWith(`${localPart(id)}.`))
  const best = Math.min(...rows.map((row) => nearest(row.providerRef)))
  const meant = rows.filter((row) => nearest(row.providerRef) === best)
  const writers = from === undefined ? [] : meant.filter((row) => row.hash === addressHash('email', from))
  const found = meant.length === 1 ? meant[0] : writers[0]
  return found && { networkId: found.networkId, deliveryId: found.deliveryId, attempt: found.attempt }
}

const localPart = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('@'))) || id

/** What a person reads; the rest says something of a delivery that is not known. */
const readByAPerson: readonly EventType[] = ['reply', 'auto_reply', 'unsubscribe']

/** Nothing follows from a mail whose delivery is not known, whatever it says: it is put before a person. */
async function keepOrphan(
  tx: Tx,
  received: Received,
  timesIn: TimesIn,
  networkId: string | undefined,
): Promise<string | undefined> {
  const { event, source, inboundEventId, receivedAt } = received
  const from = text(event.data.from)
  if (!readByAPerson.includes(event.type) || from === undefined) return undefined
  const known = await writerIn(tx, from, networkId)
  const kept = networkId ?? known?.networkId
  const times = kept === undefined ? undefined : await timesIn(received, kept)
  if (kept === undefined || !times) return undefined
  const isAutomatic = event.type === 'auto_reply'
  const contactId = known?.contactIds.length === 1 ? known.contactIds[0] : undefined
  const dedupeKey = `${source}:${event.dedupeKey}`
  const data = {
    ...dataOf(received, networkId === undefined ? 'writer' : 'return_address', true),
    ...(event.type === 'unsubscribe' ? { isNearStop: true } : {}),
  }
  await tx.insertRows(
    events,
    [
      {
        ...times,
        networkId: kept,
        id: newId(),
        type: isAutomatic ? ('auto_reply' as const) : ('reply' as const),
        contactId: contactId ?? null,
        channel: 'email' as const,
        dedupeKey,
        inboundEventId,
        verdict: isAutomatic ? null : ('human_confirmed' as const),
        data,
      },
    ],
    'ignore',
  )
  await keepUnasked(tx, kept, {
    ...{ channel: 'email', from, contactId, data, dedupeKey, inboundEventId, receivedAt },
    at: times.occurredAt,
    handledAs: isAutomatic ? (event.data.kind === 'out_of_office' ? 'out_of_office' : 'automatic') : undefined,
  })
  return kept
}

/** The live network where a mailbox is known, the last that changed it first, and who has it there. */
async function writerIn(tx: Tx, mailbox: string, only: string | undefined) {
  const [row] = await tx
    .select({ networkId: addresses.networkId, id: addresses.id })
    .from(addresses)
    .innerJoin(networks, and(eq(networks.id, addresses.networkId), eq(networks.mode, 'live')))
    .where(
      and(
        eq(addresses.hash, addressHash('email', mailbox)),
        only === undefined ? undefined : eq(addresses.networkId, only),
      ),
    )
    .orderBy(desc(addresses.updatedAt))
    .limit(1)
  if (!row) return undefined
  const sharing = await tx
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.networkId, row.networkId), eq(contactAddresses.addressId, row.id)))
  return { networkId: row.networkId, contactIds: sharing.map(({ contactId }) => contactId) }
}
