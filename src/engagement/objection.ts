import { and, asc, eq, sql } from 'drizzle-orm'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { trackingChoices } from '../db/schema.ts'

const said = prepared((tx) =>
  tx
    .select({ contactId: trackingChoices.contactId, choice: trackingChoices.choice })
    .from(trackingChoices)
    .where(
      and(
        eq(trackingChoices.networkId, sql.placeholder('networkId')),
        oneOf(trackingChoices.contactId, sql.placeholder('contactIds')),
        eq(trackingChoices.subject, 'learning'),
      ),
    )
    .orderBy(asc(trackingChoices.occurredAt), asc(trackingChoices.id)),
)

/** Who of a page of contacts objects to being learned from (GDPR art. 21); the last word of each holds. */
export async function objectorsOf(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<Set<string>> {
  const objectors = new Set<string>()
  if (contactIds.length === 0) return objectors
  for (const { contactId, choice } of await said(tx, { networkId, contactIds }))
    if (choice === 'refused') objectors.add(contactId)
    else objectors.delete(contactId)
  return objectors
}
