import { and, eq, inArray } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, deliveries, events } from '../db/schema.ts'
import type { Fallback } from '../routing/types.ts'
import { actionEvents, type EventType } from '../words.ts'

/** What a fallback waits for in vain before it takes over. */
export type IfNot = NonNullable<Fallback['ifNot']>

/** What counts as having done it. */
const enough: Record<IfNot, readonly EventType[]> = {
  opened: ['open', ...actionEvents],
  acted: actionEvents,
  acknowledged: ['acknowledge', 'reply'],
}

/**
 * Which of these contacts did what was asked about a message, on whichever channel. What one person of an outlet
 * acknowledges, or somebody before its screen, the outlet knows: its other people need not be rung.
 */
export async function whoDid(
  tx: Tx,
  networkId: string,
  messageId: string,
  contactIds: readonly string[],
  ifNot: IfNot,
): Promise<Set<string>> {
  if (contactIds.length === 0) return new Set()
  const types = inArray(events.type, [...enough[ifNot]])
  if (ifNot !== 'acknowledged') {
    const rows = await tx
      .selectDistinct({ contactId: events.contactId })
      .from(events)
      .where(
        and(
          eq(events.networkId, networkId),
          eq(events.messageId, messageId),
          oneOf(events.contactId, [...contactIds]),
          types,
        ),
      )
    return new Set(rows.flatMap((row) => row.contactId ?? []))
  }
  const mine = await tx
    .select({ id: contacts.id, siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, [...contactIds])))
  const siteIds = [...new Set(mine.map((row) => row.siteId))]
  const informed = new Set([
    ...(await sitesOfPeople(tx, networkId, messageId, siteIds, types)),
    ...(await sitesThemselves(tx, networkId, messageId, siteIds, types)),
  ])
  return new Set(mine.filter((row) => informed.has(row.siteId)).map((row) => row.id))
}

type Condition = ReturnType<typeof inArray>

/** Outlets of which a person did it. */
async function sitesOfPeople(tx: Tx, networkId: string, messageId: string, siteIds: string[], types: Condition) {
  const rows = await tx
    .selectDistinct({ siteId: contacts.siteId })
    .from(contacts)
    .innerJoin(events, and(eq(events.networkId, contacts.networkId), eq(events.contactId, contacts.id)))
    .where(
      and(eq(contacts.networkId, networkId), oneOf(contacts.siteId, siteIds), eq(events.messageId, messageId), types),
    )
  return rows.map((row) => row.siteId)
}

/** Outlets where it was done on what is everybody's there: the screen, the shared mailbox. */
async function sitesThemselves(tx: Tx, networkId: string, messageId: string, siteIds: string[], types: Condition) {
  const keys = new Map(siteIds.map((id) => [`site:${id}`, id]))
  const rows = await tx
    .selectDistinct({ recipientKey: deliveries.recipientKey })
    .from(deliveries)
    .innerJoin(events, and(eq(events.networkId, deliveries.networkId), eq(events.deliveryId, deliveries.id)))
    .where(
      and(
        eq(deliveries.networkId, networkId),
        oneOf(deliveries.recipientKey, [...keys.keys()]),
        eq(deliveries.messageId, messageId),
        types,
      ),
    )
  return rows.flatMap((row) => keys.get(row.recipientKey) ?? [])
}
