import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { senders } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'

/** The failure that speaks of a sender and of nobody it writes to. */
export const refusesSender = (code: string): boolean => code === 'sender_misconfigured'

/**
 * A provider refuses whatever leaves in a sender's name: bulk in its name waits until somebody has put it right, and
 * those in charge are told. What is urgent goes on being tried, so that its next channel has its turn. `at` is wall
 * time. Returns whether it was not known yet.
 */
export async function pauseSender(
  tx: Tx,
  networkId: string,
  senderId: string,
  code: string,
  at: Date,
): Promise<boolean> {
  const [paused] = await tx
    .update(senders)
    .set({ refusedAt: at, refusedFor: code })
    .where(and(eq(senders.networkId, networkId), eq(senders.id, senderId), isNull(senders.refusedAt)))
    .returning({ name: senders.name, provider: senders.provider })
  if (!paused) return false
  await notify(tx, {
    networkId,
    userId: null,
    kind: 'sender_refused',
    params: { sender: paused.name, provider: paused.provider },
    href: '/console/settings/senders',
    dedupeKey: `sender_refused:${senderId}:${at.toISOString()}`,
    at,
  })
  return true
}

/** Somebody has put a sender right: what waits in its name is tried again. Returns whether it was refused. */
export async function resumeSender(tx: Tx, networkId: string, senderId: string): Promise<boolean> {
  const resumed = await tx
    .update(senders)
    .set({ refusedAt: null, refusedFor: null })
    .where(and(eq(senders.networkId, networkId), eq(senders.id, senderId), isNotNull(senders.refusedAt)))
    .returning({ id: senders.id })
  return resumed.length > 0
}
