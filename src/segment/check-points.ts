import { eq, sql } from 'drizzle-orm'
import { prepared, type Tx } from '../db/index.ts'
import { segments } from '../db/schema.ts'
import { checkSites, checkSoon } from './check.ts'
import { rulesWithin, type SegmentRule } from './rule.ts'

const rulesOf = prepared((tx) =>
  tx
    .select({ rule: segments.rule })
    .from(segments)
    .where(eq(segments.networkId, sql.placeholder('networkId'))),
)

/**
 * Has the memberships of those looked at again whose points of a challenge changed, in the transaction that changed
 * them: the people themselves and, where a rule asks of outlets or of colleagues, everyone at theirs. Costs one short
 * query where no segment asks for points.
 */
export async function checkPoints(
  tx: Tx,
  networkId: string,
  { contactIds, siteIds }: { contactIds: readonly string[]; siteIds: readonly string[] },
): Promise<void> {
  const known = await rulesOf(tx, { networkId })
  const parts = known
    .flatMap(({ rule }) => [...rulesWithin(rule as SegmentRule)])
    .filter((part) => typeof part === 'object')
  if (!parts.some((part) => 'challenge' in part)) return
  const isJoint = parts.some((part) => 'siteWhere' in part || ('challenge' in part && part.challenge.of === 'outlet'))
  await checkSoon(tx, networkId, contactIds)
  if (isJoint) await checkSites(tx, networkId, siteIds)
}
