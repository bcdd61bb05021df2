import type { Tx } from '../db/index.ts'
import { recordEvent } from '../tracking/record.ts'
import { startGroups } from './start-group.ts'

/** The event by which an intranet tells of an article; its topic is in the data. */
export const postPublished = 'post-published'

/** Something a program, a task or a page tells us of. */
export interface Reported {
  /** As conditions name it: missed-appointment. */
  name: string
  /** Whom it happened to; nobody where it concerns the network. */
  contactId?: string
  data?: Record<string, unknown>
  /** Unique in the network: the same key again changes nothing. */
  key: string
  /** `api`, `task`, `console` … */
  source: string
  /** Business times. */
  at: Date
  now: Date
}

/**
 * Keeps an event that conditions may wait for, once, with all that follows from it, in the caller's transaction.
 * Returns false for one known already. Throws PressureMoved where somebody leaves a campaign by it.
 */
export async function reportEvent(
  tx: Tx,
  networkId: string,
  { name, contactId, data = {}, key, source, at, now }: Reported,
): Promise<boolean> {
  const isNew = await recordEvent(tx, {
    ...{ networkId, type: 'reported', dedupeKey: `reported:${key}`, source, occurredAt: at, recordedAt: now },
    ...(contactId === undefined ? {} : { contactId }),
    data: { name, data },
  })
  if (isNew && contactId === undefined) {
    await startGroups(tx, networkId, { kind: 'event', name, data, key, at }, now)
    if (name === postPublished) {
      const topic = typeof data.topic === 'string' ? data.topic : ''
      await startGroups(tx, networkId, { kind: 'posted', name: topic, data, key, at }, now)
    }
  }
  return isNew
}
