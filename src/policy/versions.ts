import { createHash } from 'node:crypto'
import { and, desc, eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { policies } from '../db/schema.ts'
import { currentPolicy } from '../outbox/step.ts'
import { defaultPolicy } from '../routing/default-policy.ts'
import { policySchema, policyTableSchema } from '../routing/policy.ts'
import { diffPolicies } from '../routing/policy-diff.ts'
import type { Policy, PolicyTable } from '../routing/types.ts'

/** A version as the history shows it. */
export interface PolicyVersion {
  version: number
  note: string
  restoredFrom: number | null
  /** A user’s id, `relais` or `operator`; undefined for the version Relais came with. */
  createdBy?: string
  createdAt?: Date
  policy: Policy
}

const shown = 100

/** The versions of a network’s policy, the newest first; the last is the shipped one where the network began with it. */
export async function policyVersions(tx: Tx, networkId: string): Promise<PolicyVersion[]> {
  const rows = await tx
    .select()
    .from(policies)
    .where(eq(policies.networkId, networkId))
    .orderBy(desc(policies.version))
    .limit(shown)
  const stored = rows.map((row): PolicyVersion => {
    const { version, note, restoredFrom, createdBy, createdAt } = row
    return { version, note, restoredFrom, createdBy, createdAt, policy: policySchema.parse(row.policy) }
  })
  const isAll = rows.length < shown && !stored.some(({ version }) => version === defaultPolicy.version)
  return isAll
    ? [...stored, { version: defaultPolicy.version, note: '', restoredFrom: null, policy: defaultPolicy }]
    : stored
}

/** One version, also the shipped one; undefined where there is none of that number. */
export async function policyAt(tx: Tx, networkId: string, version: number): Promise<Policy | undefined> {
  if (!Number.isSafeInteger(version) || version < 1 || version > 2 ** 31 - 1) return undefined
  const [row] = await tx
    .select({ policy: policies.policy })
    .from(policies)
    .where(and(eq(policies.networkId, networkId), eq(policies.version, version)))
  if (row) return policySchema.parse(row.policy)
  return version === defaultPolicy.version ? defaultPolicy : undefined
}

export interface PolicySave {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
  table: PolicyTable
  note: string
  /** The version the change was looked at against: another one in between stops it. */
  against: number
  restoredFrom?: number
}

export type PolicySaved = { is: 'saved'; version: number } | { is: 'unchanged' } | { is: 'stale'; version: number }

/**
 * Writes the rules as the next version, with the figures that hold now; what is not decided yet is decided by it,
 * also in campaigns that run. Nothing is ever written over. @throws ZodError when the table is none.
 */
export async function savePolicy(tx: Tx, save: PolicySave): Promise<PolicySaved> {
  const { networkId, actor, at, note, against, restoredFrom } = save
  const table = policyTableSchema.parse(save.table)
  const standing = await currentPolicy(tx, networkId)
  if (standing.version !== against) return { is: 'stale', version: standing.version }
  const changes = diffPolicies(standing, table)
  if (changes.length === 0) return { is: 'unchanged' }
  const version = standing.version + 1
  const policy: Policy = { ...standing, ...table, version }
  const written = await tx
    .insert(policies)
    .values({
      networkId,
      version,
      policy,
      hash: createHash('sha256').update(JSON.stringify(policy)).digest('hex'),
      note,
      restoredFrom: restoredFrom ?? null,
      createdBy: actor,
      createdAt: at,
    })
    .onConflictDoNothing()
    .returning({ version: policies.version })
  if (written.length === 0) return { is: 'stale', version }
  const data = { version, before: standing.version, changes: changes.length, restoredFrom }
  await audit(tx, { networkId, actor, action: 'policy.change', subject: `version ${version}`, data, at })
  return { is: 'saved', version }
}
