import { and, eq } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { decisions, deliveries, deliveryMembers } from '../db/schema.ts'
import type { DecisionRow, DeliveryRow, MemberRow } from './rows.ts'

export interface Owed {
  contactId: string
  delivery: DeliveryRow
}

const keyOf = (row: { recipientKey: string; channel: string; occurrence: string }) =>
  `${row.recipientKey} ${row.channel} ${row.occurrence}`

/**
 * Writes a page's decisions and what they owe, in the caller's transaction. A recipient already owed the same
 * message on the same channel is not owed it twice; the contact is then added to that delivery's members.
 */
export async function writeOutbox(
  tx: Tx,
  decided: DecisionRow[],
  owed: Owed[],
): Promise<{ deliveries: DeliveryRow[] }> {
  await tx.insertRows(decisions, decided, 'ignore')
  const first = owed[0]?.delivery
  if (!first) return { deliveries: [] }

  const shared = [
    ...new Set(owed.map(({ delivery }) => delivery.recipientKey).filter((key) => !key.startsWith('contact:'))),
  ]
  const known = new Map<string, { id: string; isCompanion: boolean }>()
  if (shared.length > 0) {
    const rows = await tx
      .select({
        id: deliveries.id,
        recipientKey: deliveries.recipientKey,
        channel: deliveries.channel,
        occurrence: deliveries.occurrence,
        isCompanion: deliveries.isCompanion,
      })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, first.networkId),
          eq(deliveries.messageId, first.messageId),
          oneOf(deliveries.recipientKey, shared),
        ),
      )
    for (const row of rows) known.set(keyOf(row), row)
  }

  const fresh: DeliveryRow[] = []
  const members: MemberRow[] = []
  const promoted: string[] = []
  for (const { contactId, delivery } of owed) {
    const key = keyOf(delivery)
    let held = known.get(key)
    if (!held) {
      held = { id: delivery.id as string, isCompanion: delivery.isCompanion ?? false }
      known.set(key, held)
      fresh.push(delivery)
    } else if (held.isCompanion && !delivery.isCompanion) {
      // For one colleague it accompanies another channel; for this one it is the message.
      held.isCompanion = false
      promoted.push(held.id)
    }
    members.push({ networkId: delivery.networkId, deliveryId: held.id, contactId })
  }
  await tx.insertRows(deliveries, fresh, 'ignore')
  if (promoted.length > 0)
    await tx
      .update(deliveries)
      .set({ isCompanion: false })
      .where(and(eq(deliveries.networkId, first.networkId), oneOf(deliveries.id, promoted)))
  await tx.insertRows(deliveryMembers, members, 'ignore')
  return { deliveries: fresh }
}
