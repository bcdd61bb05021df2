import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { policyDrafts } from '../db/schema.ts'
import { policyTableSchema } from '../routing/policy.ts'
import type { PolicyTable } from '../routing/types.ts'

interface Whose {
  networkId: string
  userId: string
}

const isTheirs = ({ networkId, userId }: Whose) =>
  and(eq(policyDrafts.networkId, networkId), eq(policyDrafts.userId, userId))

/** The rules somebody is changing; undefined where they are not. */
export async function policyDraft(tx: Tx, whose: Whose): Promise<PolicyTable | undefined> {
  const [row] = await tx.select({ table: policyDrafts.table }).from(policyDrafts).where(isTheirs(whose))
  return row && policyTableSchema.parse(row.table)
}

/** Keeps the rules as they are being changed, so that several changes are looked at and saved as one version. */
export async function keepPolicyDraft(tx: Tx, whose: Whose, table: PolicyTable, at: Date): Promise<void> {
  const row = { ...whose, table: policyTableSchema.parse(table), startedAt: at }
  await tx
    .insert(policyDrafts)
    .values(row)
    .onConflictDoUpdate({ target: [policyDrafts.networkId, policyDrafts.userId], set: { table: row.table } })
}

export async function dropPolicyDraft(tx: Tx, whose: Whose): Promise<void> {
  await tx.delete(policyDrafts).where(isTheirs(whose))
}
