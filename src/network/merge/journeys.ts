import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { arrivals, contactDates, journeys, proposalMembers, silenceAsks, tasks } from '../../db/schema.ts'
import type { Merging } from './consents.ts'

/** Where the person is in campaigns: of two ways through the same one, that of the contact that stays is the person's. */
export async function mergeJourneys(tx: Tx, { networkId, keepId, otherId }: Merging): Promise<void> {
  const moved = <T extends { contactId: string }>(rows: readonly T[]) =>
    rows.map((row) => ({ ...row, contactId: keepId }))
  for (const table of [journeys, arrivals, contactDates, tasks, proposalMembers, silenceAsks]) {
    const isOther = and(eq(table.networkId, networkId), eq(table.contactId, otherId))
    const rows = await tx.select().from(table).where(isOther)
    await tx.delete(table).where(isOther)
    await tx.insertRows(table, moved(rows) as never, 'ignore')
  }
  await tx
    .update(tasks)
    .set({ correspondentId: keepId })
    .where(and(eq(tasks.networkId, networkId), eq(tasks.correspondentId, otherId)))
}
