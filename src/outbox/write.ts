import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
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
  const known = new Map<string, string>()
  if (shared.length > 0) {
    const rows = await tx
      .select({
        id: deliveries.id,
        recipientKey: deliveries.recipientKey,
        channel: deliveries.channel,
        occurrence: deliveries.occurrence,
      })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, first.networkId),
          eq(deliveries.messageId, first.messageId),
          inArray(deliveries.recipientKey, shared),
        ),
      )
    for (const row of rows) known.set(keyOf(row), row.id)
  }

  const fresh: DeliveryRow[] = []
  const members: MemberRow[] = []
  for (const { contactId, delivery } of owed) {
    const key = keyOf(delivery)
    let id = known.get(key)
    if (id === undefined) {
      id = delivery.id as string
      known.set(key, id)
      fresh.push(delivery)
    }
    members.push({ networkId: delivery.networkId, deliveryId: id, contactId })
  }
  await tx.insertRows(deliveries, fresh, 'ignore')
  await tx.insertRows(deliveryMembers, members, 'ignore')
  return { deliveries: fresh }
}
