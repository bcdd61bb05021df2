import { and, eq } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { arrivals } from '../db/schema.ts'

/** What the event that brought somebody to a step said, for its words: `{{ event.slot1 }}`. */
export type ToldValues = Record<string, string | number | boolean>

interface ToOne {
  id: string
  messageId: string
  recipientKey: string
  occurrence: string
}

const keyOf = (messageId: string, contactId: string, decidedAs: string) => `${messageId} ${contactId} ${decidedAs}`

/** By delivery: what brought each person there; those to whom nobody came by themselves are left out. */
export async function toldValues(
  tx: Tx,
  networkId: string,
  deliveries: readonly ToOne[],
): Promise<Map<string, ToldValues>> {
  const found = new Map<string, ToldValues>()
  const own = deliveries.flatMap((one) => {
    const contactId = /^contact:(.+)$/.exec(one.recipientKey)?.[1]
    // What stands in for another delivery was brought by the same.
    return contactId === undefined ? [] : [{ ...one, contactId, decidedAs: one.occurrence.split('/', 1)[0]! }]
  })
  if (own.length === 0) return found
  const rows = await tx
    .select({
      messageId: arrivals.messageId,
      contactId: arrivals.contactId,
      decidedAs: arrivals.decidedAs,
      data: arrivals.data,
    })
    .from(arrivals)
    .where(
      and(
        eq(arrivals.networkId, networkId),
        oneOf(arrivals.contactId, [...new Set(own.map((one) => one.contactId))]),
        oneOf(arrivals.messageId, [...new Set(own.map((one) => one.messageId))]),
      ),
    )
  const told = new Map(rows.map((row) => [keyOf(row.messageId, row.contactId, row.decidedAs ?? ''), row.data]))
  for (const { id, messageId, contactId, decidedAs } of own) {
    const data = told.get(keyOf(messageId, contactId, decidedAs))
    if (!data) continue
    const values = Object.entries(data).filter((pair): pair is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof pair[1]),
    )
    if (values.length > 0) found.set(id, Object.fromEntries(values))
  }
  return found
}
