import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { duplicates } from '../../db/schema.ts'
import type { Candidate, Pair } from './find-pairs.ts'

/**
 * Writes down the pairs of a page. Those that somebody has decided on stay decided; open ones that no longer hold
 * are taken away. Returns how many are new.
 */
export async function savePairs(
  tx: Tx,
  networkId: string,
  page: readonly Candidate[],
  pairs: readonly Pair[],
  at: Date,
): Promise<number> {
  const keyOf = (pair: Pick<Pair, 'contactId' | 'otherId'>) => `${pair.contactId} ${pair.otherId}`
  const ids = page.map((contact) => contact.id)
  const firsts = [...new Set([...ids, ...pairs.map((pair) => pair.contactId)])]
  const known = new Map<string, typeof duplicates.$inferSelect>()
  for (let start = 0; start < firsts.length; start += 500) {
    const rows = await tx
      .select()
      .from(duplicates)
      .where(and(eq(duplicates.networkId, networkId), inArray(duplicates.contactId, firsts.slice(start, start + 500))))
    for (const row of rows) known.set(keyOf(row), row)
  }
  const found = new Set(pairs.map(keyOf))
  const onPage = new Set(ids)
  const over = [...known.values()].filter(
    (row) => row.status === 'open' && onPage.has(row.contactId) && !found.has(keyOf(row)),
  )
  for (const { contactId, otherId } of over)
    await tx
      .delete(duplicates)
      .where(
        and(
          eq(duplicates.networkId, networkId),
          eq(duplicates.contactId, contactId),
          eq(duplicates.otherId, otherId),
          eq(duplicates.status, 'open'),
        ),
      )
  const changed = pairs.filter((pair) => {
    const before = known.get(keyOf(pair))
    return before?.status === 'open' && before.reason !== pair.reason
  })
  await tx.updateRows(
    duplicates,
    { set: ['reason'], where: ['networkId', 'contactId', 'otherId'] },
    changed.map((pair) => ({ networkId, ...pair })),
  )
  return tx.insertRows(
    duplicates,
    pairs
      .filter((pair) => !known.has(keyOf(pair)))
      .map((pair) => ({ ...pair, networkId, status: 'open' as const, foundAt: at })),
    'ignore',
  )
}
