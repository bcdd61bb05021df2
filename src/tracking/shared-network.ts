import { and, desc, eq, gte, inArray, lte, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { addresses, deliveries, events } from '../db/schema.ts'

const window = 10 * 60_000
const leastRecipients = 10
const leastDomains = 3
/** Beyond this the rule has long spoken. */
const mostRows = 2_000

export interface NetworkHit {
  eventId: string
  /** Hash of the network the request came from. */
  network: string
  recipient: string
  /** Of the recipient's mailbox. */
  domain: string
  at: Date
}

/**
 * The hits of a security gateway that reads the mail of many companies: the same network followed links of 10
 * recipients or more, of 3 mail domains or more, within 10 minutes. One company's readers share a network too, but
 * not three domains. Returns the ids of their events. Pure.
 */
export function sharedNetworkHits(hits: readonly NetworkHit[]): Set<string> {
  const byNetwork = new Map<string, NetworkHit[]>()
  for (const hit of hits) {
    const own = byNetwork.get(hit.network)
    if (own) own.push(hit)
    else byNetwork.set(hit.network, [hit])
  }
  const shared = new Set<string>()
  for (const own of byNetwork.values()) {
    own.sort((a, b) => a.at.getTime() - b.at.getTime())
    const recipients = counter()
    const domains = counter()
    let first = 0
    for (const [last, hit] of own.entries()) {
      recipients.add(hit.recipient)
      domains.add(hit.domain)
      for (; hit.at.getTime() - own[first]!.at.getTime() > window; first++) {
        recipients.remove(own[first]!.recipient)
        domains.remove(own[first]!.domain)
      }
      if (recipients.size() >= leastRecipients && domains.size() >= leastDomains)
        for (let index = first; index <= last; index++) shared.add(own[index]!.eventId)
    }
  }
  return shared
}

function counter() {
  const counts = new Map<string, number>()
  return {
    add: (value: string) => void counts.set(value, (counts.get(value) ?? 0) + 1),
    remove: (value: string) => {
      const left = (counts.get(value) ?? 0) - 1
      if (left > 0) counts.set(value, left)
      else counts.delete(value)
    },
    size: () => counts.size,
  }
}

export interface Suspicion {
  messageId: string
  /** Hashes of the networks seen; they are salted by message and mean nothing elsewhere. */
  networks: ReadonlySet<string>
  from: Date
  to: Date
}

/** The e-mail clicks on a message, around these times, that one network shares; with the deliveries they are on. */
export async function sharedNetworks(
  tx: Tx,
  networkId: string,
  { messageId, networks, from, to }: Suspicion,
): Promise<{ eventIds: Set<string>; deliveryIds: Set<string> }> {
  const network = sql<string>`${events.data} ->> 'network'`
  const rows = await tx
    .select({
      eventId: events.id,
      deliveryId: events.deliveryId,
      network,
      mailbox: addresses.normalised,
      at: events.occurredAt,
    })
    .from(events)
    .innerJoin(deliveries, and(eq(deliveries.networkId, events.networkId), eq(deliveries.id, events.deliveryId)))
    .innerJoin(addresses, and(eq(addresses.networkId, deliveries.networkId), eq(addresses.id, deliveries.addressId)))
    .where(
      and(
        eq(events.networkId, networkId),
        eq(events.messageId, messageId),
        eq(events.type, 'click'),
        eq(events.channel, 'email'),
        gte(events.occurredAt, new Date(from.getTime() - window)),
        lte(events.occurredAt, new Date(to.getTime() + window)),
        inArray(network, [...networks]),
      ),
    )
    .orderBy(desc(events.occurredAt))
    .limit(mostRows)
  const deliveryOf = new Map(rows.map((row) => [row.eventId, row.deliveryId]))
  const eventIds = sharedNetworkHits(
    rows.map(({ eventId, deliveryId, network: hash, mailbox, at }) => ({
      ...{ eventId, network: hash, recipient: deliveryId ?? eventId, at },
      domain: mailbox?.split('@').at(-1) ?? '',
    })),
  )
  const deliveryIds = new Set([...eventIds].flatMap((id) => deliveryOf.get(id) ?? []))
  return { eventIds, deliveryIds }
}
