import type { Context } from 'hono'
import { businessNow } from '../clock.ts'
import { type Db, newId } from '../db/index.ts'
import { networkNumbered } from './behind.ts'
import { clickFeatures, openAgent } from './classify.ts'
import { clickSource, type Network, receive } from './inbox.ts'
import { type LinkRow, resolveLink } from './links.ts'
import { networkHash } from './network-hash.ts'
import type { StoredEvent } from './stored-event.ts'
import { type TokenKeys, verifyToken } from './tokens.ts'

export interface HitDeps {
  db: Db
  keys: TokenKeys
}

/** Who asks, as far as it is looked at: judged at once, then forgotten. */
export interface Asker {
  method: string
  userAgent?: string
  ip?: string
  /** Wall time. */
  at: Date
}

export const askerOf = (c: Context, ip: string | undefined, at: Date): Asker => ({
  method: c.req.method,
  userAgent: c.req.header('user-agent'),
  ip,
  at,
})

/** Stores an open, if the token is genuine. What may be kept of it is decided when it is applied. */
export async function openHit({ db, keys }: HitDeps, token: string, asker: Asker): Promise<void> {
  const claims = verifyToken(keys, 'open', token)
  const network = claims && (await networkNumbered(db, claims.network))
  if (!claims || !network) return
  const { deliveryId, messageId } = claims
  // Who asks only whether the picture is there does not show it.
  const data = { agent: asker.method === 'HEAD' ? 'prefetch' : openAgent(asker.userAgent) }
  await store(db, 'open', network, asker, { type: 'open', deliveryId, messageId, data })
}

/** The link behind a click token, undefined when forged or gone. The click is stored. */
export async function clickHit({ db, keys }: HitDeps, token: string, asker: Asker): Promise<LinkRow | undefined> {
  const claims = verifyToken(keys, 'click', token)
  const network = claims && (await networkNumbered(db, claims.network))
  const link = claims?.linkId && network ? await resolveLink(db, network.id, claims.linkId) : undefined
  if (!link || !network) return undefined
  await linkHit(db, network, link, claims?.deliveryId, asker)
  return link
}

/** Stores that a link was followed: a scan when it was printed, a click otherwise. */
export async function linkHit(db: Db, network: Network, link: LinkRow, deliveryId: string | undefined, asker: Asker) {
  await store(db, clickSource, network, asker, {
    type: link.kind === 'qr' ? 'scan' : 'click',
    deliveryId,
    messageId: link.messageId,
    data: {
      linkId: link.id,
      via: link.kind,
      ...clickFeatures(asker.method, asker.userAgent),
      network: networkHash(asker.ip, link.messageId),
    },
  })
}

/** The unsubscribe page was looked at: it counts for nothing but tells a scanner from a person. */
export async function unsubscribeHit(
  db: Db,
  network: Network,
  delivery: { id: string; messageId: string },
  asker: Asker,
) {
  await store(db, clickSource, network, asker, {
    type: 'click',
    deliveryId: delivery.id,
    data: {
      page: 'unsubscribe',
      linkId: 'unsubscribe',
      ...clickFeatures(asker.method, asker.userAgent),
      network: networkHash(asker.ip, delivery.messageId),
    },
  })
}

type Stored = Pick<StoredEvent, 'type' | 'deliveryId' | 'messageId' | 'data'>

/** The same thing again from the same network within this time is one: a flood must not fill the inbox. */
const sameMs = 10_000

/** Counted ones (aggregate tracking), which nothing tells apart, are each their own. */
async function store(db: Db, source: string, network: Network, asker: Asker, event: Stored): Promise<void> {
  const { type, deliveryId, messageId, data } = event
  const moment = Math.floor(asker.at.getTime() / sameMs)
  const dedupeKey = deliveryId
    ? [type, deliveryId, data.linkId ?? '', data.network ?? '', data.agent ?? '', moment].join(':')
    : [type, messageId, newId()].join(':')
  const occurredAt = businessNow(asker.at, network)
  const counted = deliveryId ? undefined : messageId
  const body: StoredEvent = { dedupeKey, type, networkId: network.id, deliveryId, messageId: counted, occurredAt, data }
  await receive(db, source, [body], asker.at)
}
