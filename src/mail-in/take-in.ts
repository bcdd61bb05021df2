import { and, eq } from 'drizzle-orm'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { addresses, networks } from '../db/schema.ts'
import { addressHash } from '../network/suppression.ts'
import { networkNumbered } from '../tracking/behind.ts'
import { mailSource, receive } from '../tracking/inbox.ts'
import { findReturnAddress, type ReturnClaims, readReturnAddress } from '../tracking/return-address.ts'
import type { TokenKeys } from '../tracking/tokens.ts'
import { classify } from './classify.ts'
import { type PolicyOf, reportedMail } from './delivery-report.ts'
import type { IncomingMail } from './incoming-mail.ts'
import { mailEvent, type Named } from './mail-event.ts'

/** How mail comes in, as the settings say. */
export interface MailInSettings {
  /** The domain of our return addresses; without it answers are told by what they refer to. */
  domain?: string
  /** Base64 DER of the key SendGrid's Inbound Parse signs with. */
  publicKey?: string
  /** The secret at the end of the webhook's address, where nothing is signed. */
  pathToken?: string
  /** What a server's refusal means. */
  policyOf: PolicyOf
}

export interface MailInDeps {
  db: Db
  wall: WallClock
  keys: TokenKeys
  mailIn: MailInSettings
  /** Told of mail that was dropped, for a counter. */
  onRefused?: (path: string, reason: string) => void
  onHeard?: (provider: string, count: number) => void
}

/** `known`: handed in before · `dropped`: nothing in it leads to a network, nothing of it is kept. */
export type TakenIn = 'stored' | 'known' | 'dropped'

/**
 * Stores a mail as the event it is, once; it is applied later. Nothing is ever answered: two programs that answer
 * each other never end (RFC 3834, 2). Throws only when the database does, so that whoever hands it in tries again.
 */
export async function takeInMail(deps: MailInDeps, mail: IncomingMail): Promise<TakenIn> {
  const { db, wall, mailIn } = deps
  const receivedAt = wall.now()
  const claims = claimsOf(deps, mail)
  const named = claims && (await namedBy(db, claims))
  const isForLeaving = named !== undefined && claims?.kind === 'leave'
  const classified = classify(mail, { policyOf: mailIn.policyOf, isForLeaving, receivedAt })
  const event = mailEvent(mail, classified, named)
  const refersToSome = Array.isArray(event.data.answers) && event.data.answers.length > 0
  if (!named && !refersToSome && !(await isKnownWriter(db, mail.from?.mailbox))) {
    deps.onRefused?.('mail', 'It names no delivery, answers none, and nobody of a network wrote it.')
    return 'dropped'
  }
  const stored = await receive(db, mailSource, [event], receivedAt)
  deps.onHeard?.(mailSource, stored)
  return stored > 0 ? 'stored' : 'known'
}

/** Whom it was for says most; of a report, the addresses in the mail it is about. */
function claimsOf({ keys, mailIn }: MailInDeps, mail: IncomingMail): ReturnClaims | undefined {
  const { domain } = mailIn
  if (domain === undefined) return undefined
  for (const recipient of mail.recipients) {
    const claims = readReturnAddress(keys, recipient, domain)
    if (claims) return claims
  }
  return findReturnAddress(keys, reportedMail(mail), domain)
}

/** Nothing leaves a sandbox, so nothing answers it either. */
async function namedBy(db: Db, { network: number, deliveryId, attempt }: ReturnClaims): Promise<Named | undefined> {
  const network = await networkNumbered(db, number)
  return network?.mode === 'live' ? { networkId: network.id, deliveryId, attempt: Math.max(1, attempt) } : undefined
}

async function isKnownWriter(db: Db, mailbox: string | undefined): Promise<boolean> {
  if (mailbox === undefined) return false
  const [known] = await db
    .select({ id: addresses.id })
    .from(addresses)
    .innerJoin(networks, eq(networks.id, addresses.networkId))
    .where(and(eq(networks.mode, 'live'), eq(addresses.hash, addressHash('email', mailbox))))
    .limit(1)
  return known !== undefined
}
