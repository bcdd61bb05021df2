import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import {
  broadcasts,
  contacts,
  conversations,
  decisions,
  deliveries,
  deliveryMembers,
  events,
  posts,
  pressures,
  segmentMembers,
  timers,
} from '../../db/schema.ts'
import { checkSites } from '../../segment/check.ts'
import type { DeliveryStatus } from '../../words.ts'
import type { Merging } from './consents.ts'

const keyOf = (contactId: string) => `contact:${contactId}`

/** Not yet with a carrier. */
const waiting: readonly DeliveryStatus[] = ['planned', 'held', 'queued']
/** Never reached anybody, and never will. */
const fruitless: readonly DeliveryStatus[] = ['suppressed', 'expired', 'canceled', 'failed', 'needs_review']

/** Why a delivery does not leave: the person has the same message under the name that stays. */
export const mergedReason = 'merged'

/**
 * Deliveries of the contact that goes are deliveries of the one that stays. What still waits is called off where the
 * person has that message already. Two that left stay two, since that is what happened: the occurrence of one of
 * them then also names who it was for.
 */
export async function mergeDeliveries(tx: Tx, { networkId, keepId, otherId, now }: Merging): Promise<void> {
  const own = { id: deliveries.id, messageId: deliveries.messageId, channel: deliveries.channel }
  const facts = {
    ...own,
    occurrence: deliveries.occurrence,
    status: deliveries.status,
    isCompanion: deliveries.isCompanion,
  }
  const of = (contactId: string) =>
    tx
      .select(facts)
      .from(deliveries)
      .where(and(eq(deliveries.networkId, networkId), eq(deliveries.recipientKey, keyOf(contactId))))
  const [mine, theirs] = [await of(keepId), await of(otherId)]
  const onceOf = (row: (typeof mine)[number]) => `${row.messageId} ${row.channel} ${row.occurrence}`
  const known = new Set(mine.map(onceOf))
  const isWaiting = (row: (typeof mine)[number]) => waiting.includes(row.status)
  const messagesOf = (rows: typeof mine, isIt: (row: (typeof mine)[number]) => boolean) =>
    new Set(
      rows
        .filter((row) => !row.isCompanion && !fruitless.includes(row.status) && isIt(row))
        .map((row) => row.messageId),
    )
  const had = messagesOf(mine, () => true)
  const left = messagesOf(theirs, (row) => !isWaiting(row))
  const doubled = [
    ...theirs.filter((row) => isWaiting(row) && had.has(row.messageId)),
    ...mine.filter((row) => isWaiting(row) && left.has(row.messageId)),
  ]
  await callOff(
    tx,
    networkId,
    doubled.map((row) => row.id),
    now,
  )
  for (const row of theirs.filter((one) => known.has(onceOf(one))))
    await tx
      .update(deliveries)
      .set({ occurrence: `${row.occurrence}~${otherId}` })
      .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, row.id)))
  for (const table of [deliveries, posts, broadcasts])
    await tx
      .update(table)
      .set({ recipientKey: keyOf(keepId) })
      .where(and(eq(table.networkId, networkId), eq(table.recipientKey, keyOf(otherId))))
}

async function callOff(tx: Tx, networkId: string, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(timers)
    .set({ firedAt: now })
    .where(
      and(
        eq(timers.networkId, networkId),
        eq(timers.kind, 'fallback'),
        inArray(timers.subject, [...ids]),
        isNull(timers.firedAt),
      ),
    )
  await tx
    .update(deliveries)
    .set({ status: 'canceled', reason: mergedReason, claimedBy: null, leaseUntil: null, updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.id, [...ids]),
        inArray(deliveries.status, [...waiting]),
      ),
    )
}

/** Whom a delivery covered, what was decided of whom, who belongs where, what happened to whom. */
export async function mergeRecords(tx: Tx, { networkId, keepId, otherId }: Merging): Promise<void> {
  const covered = await tx
    .select({ deliveryId: deliveryMembers.deliveryId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.contactId, otherId)))
  await tx.insertRows(
    deliveryMembers,
    covered.map(({ deliveryId }) => ({ networkId, deliveryId, contactId: keepId })),
    'ignore',
  )
  await tx
    .delete(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), eq(deliveryMembers.contactId, otherId)))

  const belongs = await tx
    .select()
    .from(segmentMembers)
    .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.contactId, otherId)))
  await tx.insertRows(
    segmentMembers,
    belongs.map((member) => ({ ...member, contactId: keepId })),
    'ignore',
  )
  await tx
    .delete(segmentMembers)
    .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.contactId, otherId)))
  // One of two outlets has somebody less, and rules may ask of all its people.
  const outlets = await tx
    .selectDistinct({ id: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [keepId, otherId])))
  await checkSites(
    tx,
    networkId,
    outlets.map((row) => row.id),
  )

  // Of two decisions on one message, that of the contact that stays is the person's.
  const decided = await tx
    .select()
    .from(decisions)
    .where(and(eq(decisions.networkId, networkId), eq(decisions.contactId, otherId)))
  await tx.delete(decisions).where(and(eq(decisions.networkId, networkId), eq(decisions.contactId, otherId)))
  await tx.insertRows(
    decisions,
    decided.map((decision) => ({ ...decision, contactId: keepId })),
    'ignore',
  )
  await tx
    .update(events)
    .set({ contactId: keepId })
    .where(and(eq(events.networkId, networkId), eq(events.contactId, otherId)))
  await tx
    .update(conversations)
    .set({ contactId: keepId })
    .where(and(eq(conversations.networkId, networkId), eq(conversations.contactId, otherId)))
}

/** What both have had lately weighs on the one person there is. */
export async function mergePressure(tx: Tx, { networkId, keepId, otherId, now }: Merging): Promise<void> {
  const rows = await tx
    .select()
    .from(pressures)
    .where(and(eq(pressures.networkId, networkId), inArray(pressures.subjectKey, [keyOf(keepId), keyOf(otherId)])))
  const theirs = rows.find((row) => row.subjectKey === keyOf(otherId))
  if (!theirs) return
  const mine = rows.find((row) => row.subjectKey === keyOf(keepId))
  const touches = [...(mine?.touches ?? []), ...theirs.touches].sort((a, b) => a.at - b.at)
  const merged = { touches, version: (mine?.version ?? 0) + theirs.version + 1, updatedAt: now }
  await tx.delete(pressures).where(and(eq(pressures.networkId, networkId), eq(pressures.subjectKey, keyOf(otherId))))
  await tx
    .insert(pressures)
    .values({ networkId, subjectKey: keyOf(keepId), ...merged })
    .onConflictDoUpdate({ target: [pressures.networkId, pressures.subjectKey], set: merged })
}
