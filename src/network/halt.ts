import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'

interface Act {
  networkId: string
  actor: string
  /** As notifications name them. */
  name: string
  /** Wall time. */
  at: Date
}

/** Whether all sending of a network is stopped, as committed now. */
export async function isHalted(tx: Tx, networkId: string): Promise<boolean> {
  const [row] = await tx.select({ halt: networks.halt }).from(networks).where(eq(networks.id, networkId))
  return row?.halt !== null && row?.halt !== undefined
}

/**
 * Stops all sending of a network: from the commit on no worker claims anything of it, whatever its campaigns are, and
 * no letter goes into a batch. What is decided meanwhile waits. Stopping twice is stopping once; returns whether this
 * was the first. Owners and marketers are told.
 */
export async function haltSending(tx: Tx, { networkId, actor, name, at }: Act, reason: string): Promise<boolean> {
  const stopped = await tx
    .update(networks)
    .set({ halt: { by: actor, at: at.toISOString(), reason } })
    .where(and(eq(networks.id, networkId), isNull(networks.halt)))
    .returning({ id: networks.id })
  if (stopped.length === 0) return false
  await audit(tx, { networkId, actor, action: 'network.halt', subject: networkId, data: { reason }, at })
  await notify(tx, {
    networkId,
    userId: null,
    kind: 'sending_halted',
    params: { by: name, reason },
    href: '/console',
    dedupeKey: `halted:${at.toISOString()}`,
    at,
  })
  return true
}

/** Lets a network send again; what is due leaves in its order, each asked again. Returns whether it was stopped. */
export async function resumeSending(tx: Tx, { networkId, actor, name, at }: Act): Promise<boolean> {
  const opened = await tx
    .update(networks)
    .set({ halt: null })
    .where(and(eq(networks.id, networkId), isNotNull(networks.halt)))
    .returning({ id: networks.id })
  if (opened.length === 0) return false
  await audit(tx, { networkId, actor, action: 'network.resume', subject: networkId, at })
  await notify(tx, {
    networkId,
    userId: null,
    kind: 'sending_resumed',
    params: { by: name },
    href: '/console',
    dedupeKey: `resumed:${at.toISOString()}`,
    at,
  })
  return true
}
