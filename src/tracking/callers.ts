import { and, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, contactAddresses, deliveries, networks, senders } from '../db/schema.ts'
import { addressHash } from '../network/suppression.ts'

/** A phone that answered: in one network, the contacts that share it and the last delivery to any of them. */
export interface Caller {
  networkId: string
  addressId: string
  contactIds: string[]
  deliveryId?: string
  sentAt?: Date
  senderId?: string
}

const mostNetworks = 50

/**
 * Who an inbound SMS may be from, the network that wrote last first. A number can be known to several networks,
 * and to several contacts of one. Where one of our senders is what was written to (a number, or the messaging
 * service behind it), only its network is meant; `only` is the network whose own account was written to. A real text never answers a sandbox: there nothing has left, and its clock runs ahead.
 */
export async function callersAt(
  tx: Tx,
  from: string,
  to: readonly string[],
  mode: 'live' | 'sandbox',
  only?: string,
): Promise<Caller[]> {
  const answering = await tx
    .select({ id: networks.id })
    .from(networks)
    .where(and(eq(networks.mode, mode), only === undefined ? undefined : eq(networks.id, only)))
  const networkIds = answering.map((network) => network.id)
  if (networkIds.length === 0) return []
  const known = await tx
    .select({ networkId: addresses.networkId, id: addresses.id })
    .from(addresses)
    .where(and(inArray(addresses.networkId, networkIds), eq(addresses.hash, addressHash('mobile', from))))
    .limit(mostNetworks)
  const written = to.length
    ? await tx
        .select({ networkId: senders.networkId, id: senders.id })
        .from(senders)
        .where(
          and(inArray(senders.networkId, networkIds), eq(senders.channel, 'sms'), inArray(senders.address, [...to])),
        )
    : []
  const senderOf = new Map(written.map((row) => [row.networkId, row.id]))
  const callers: Caller[] = []
  for (const { networkId, id } of known) {
    const sharing = await tx
      .select({ contactId: contactAddresses.contactId })
      .from(contactAddresses)
      .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.addressId, id)))
    const contactIds = sharing.map((row) => row.contactId)
    const last = await lastSms(tx, networkId, contactIds)
    callers.push({
      networkId,
      addressId: id,
      contactIds,
      deliveryId: last?.id,
      sentAt: last?.sentAt ?? undefined,
      senderId: senderOf.get(networkId) ?? last?.senderId ?? undefined,
    })
  }
  const meant = callers.filter((caller) => senderOf.has(caller.networkId))
  return (meant.length > 0 ? meant : callers).sort((a, b) => (b.sentAt?.getTime() ?? 0) - (a.sentAt?.getTime() ?? 0))
}

/** Whether a text to these people may have left without our having noted it yet. */
export async function isUnderWayTo(tx: Tx, { networkId, contactIds }: Caller): Promise<boolean> {
  if (contactIds.length === 0) return false
  const [some] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(
          deliveries.recipientKey,
          contactIds.map((id) => `contact:${id}`),
        ),
        eq(deliveries.channel, 'sms'),
        inArray(deliveries.status, ['sending', 'unknown']),
        isNull(deliveries.sentAt),
      ),
    )
    .limit(1)
  return some !== undefined
}

/** The network one of whose senders was written to, or whose own account was; undefined when that says several. */
export async function networkWrittenTo(
  tx: Tx,
  to: readonly string[],
  mode: 'live' | 'sandbox',
  only?: string,
): Promise<string | undefined> {
  const isMeant = and(eq(networks.mode, mode), only === undefined ? undefined : eq(networks.id, only))
  const written = to.length
    ? await tx
        .selectDistinct({ id: networks.id })
        .from(senders)
        .innerJoin(networks, eq(networks.id, senders.networkId))
        .where(and(isMeant, eq(senders.channel, 'sms'), inArray(senders.address, [...to])))
        .limit(2)
    : []
  if (written.length > 0) return written.length === 1 ? written[0]!.id : undefined
  const there = await tx.select({ id: networks.id }).from(networks).where(isMeant).limit(2)
  return there.length === 1 ? there[0]!.id : undefined
}

async function lastSms(tx: Tx, networkId: string, contactIds: readonly string[]) {
  if (contactIds.length === 0) return undefined
  const [last] = await tx
    .select({ id: deliveries.id, sentAt: deliveries.sentAt, senderId: deliveries.senderId })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(
          deliveries.recipientKey,
          contactIds.map((id) => `contact:${id}`),
        ),
        eq(deliveries.channel, 'sms'),
        isNotNull(deliveries.sentAt),
      ),
    )
    .orderBy(desc(deliveries.sentAt))
    .limit(1)
  return last
}
