import { hash } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import { newId, oneOf, type Tx } from '../db/index.ts'
import { suppressions } from '../db/schema.ts'
import { checkAddress } from '../segment/check.ts'
import type { AddressKind, SuppressionScope } from '../words.ts'

/**
 * What stands for an address wherever the address itself must not be kept: SHA-256, in hex, of its kind and
 * normalised value (lower-cased mailbox, E.164 phone, postal lines joined by newlines). Mobiles and landlines
 * share a hash, so that a STOP holds however a file calls the number.
 */
export function addressHash(kind: AddressKind, normalised: string): string {
  return hash('sha256', `${kind === 'phone' ? 'mobile' : kind}\u0000${normalised}`)
}

/** The reason under which an erased person's addresses are closed, so that a re-import leaves them out. */
export const erasedReason = 'erased'

export interface Suppression {
  scope: SuppressionScope
  addressHash: string
  /** Empty when the scope does not use it; so are senderId and topic. */
  channel: string
  senderId: string
  topic: string
  reason: string
  source: string
  occurredAt: Date
}

export interface NewSuppression {
  networkId: string
  scope: SuppressionScope
  addressHash: string
  channel?: string
  senderId?: string
  topic?: string
  /** Why: `stop`, `unsubscribe`, `complaint`, `hard_bounce`, `erased` … */
  reason: string
  /** Who told us: `twilio`, `list_unsubscribe`, `console` … */
  source: string
  occurredAt: Date
}

const usedBy: Record<SuppressionScope, readonly ('channel' | 'senderId' | 'topic')[]> = {
  address: [],
  channel_sender: ['channel', 'senderId'],
  // A channel only where somebody left the topic on that one.
  topic: ['channel', 'topic'],
  marketing: ['channel'],
}

/**
 * Closes an address within a scope. Saying it twice keeps the first saying; closing again what was lifted closes
 * it anew. Parts that the scope does not use are dropped, so that the same wish is always the same row.
 */
export async function suppress(tx: Tx, suppression: NewSuppression): Promise<void> {
  const { networkId, scope, addressHash, reason, source, occurredAt } = suppression
  // Only an address closed altogether makes somebody unreachable.
  if (scope === 'address') await checkAddress(tx, networkId, { hash: addressHash })
  const part = (name: 'channel' | 'senderId' | 'topic') =>
    usedBy[scope].includes(name) ? (suppression[name] ?? '') : ''
  const key = {
    networkId,
    scope,
    addressHash,
    channel: part('channel'),
    senderId: part('senderId'),
    topic: part('topic'),
  }
  const stored = await tx
    .insert(suppressions)
    .values({ ...key, id: newId(), reason, source, occurredAt })
    .onConflictDoNothing()
    .returning({ id: suppressions.id })
  if (stored.length > 0) return
  const [existing] = await tx
    .select({ id: suppressions.id, liftedAt: suppressions.liftedAt })
    .from(suppressions)
    .where(
      and(
        eq(suppressions.networkId, networkId),
        eq(suppressions.addressHash, addressHash),
        eq(suppressions.scope, scope),
        eq(suppressions.channel, key.channel),
        eq(suppressions.senderId, key.senderId),
        eq(suppressions.topic, key.topic),
      ),
    )
  if (!existing?.liftedAt || existing.liftedAt > occurredAt) return
  await tx
    .update(suppressions)
    .set({ liftedAt: null, reason, source, occurredAt })
    .where(and(eq(suppressions.networkId, networkId), eq(suppressions.id, existing.id)))
}

const hashesPerQuery = 500

/** The closures in force on these address hashes; a hash without any is absent. Pass at most a page of them. */
export async function suppressionsOf(
  tx: Tx,
  networkId: string,
  hashes: readonly string[],
): Promise<Map<string, Suppression[]>> {
  const found = new Map<string, Suppression[]>()
  if (hashes.length === 0) return found
  for (let start = 0; start < hashes.length; start += hashesPerQuery) {
    const rows = await tx
      .select({
        scope: suppressions.scope,
        addressHash: suppressions.addressHash,
        channel: suppressions.channel,
        senderId: suppressions.senderId,
        topic: suppressions.topic,
        reason: suppressions.reason,
        source: suppressions.source,
        occurredAt: suppressions.occurredAt,
      })
      .from(suppressions)
      .where(
        and(
          eq(suppressions.networkId, networkId),
          oneOf(suppressions.addressHash, hashes.slice(start, start + hashesPerQuery)),
          isNull(suppressions.liftedAt),
        ),
      )
    for (const row of rows) {
      const same = found.get(row.addressHash)
      if (same) same.push(row)
      else found.set(row.addressHash, [row])
    }
  }
  return found
}

/** Whether the network has any closure in force: most have none yet, and need not be asked address by address. */
export async function hasSuppressions(tx: Tx, networkId: string): Promise<boolean> {
  const [any] = await tx
    .select({ id: suppressions.id })
    .from(suppressions)
    .where(and(eq(suppressions.networkId, networkId), isNull(suppressions.liftedAt)))
    .limit(1)
  return any !== undefined
}
