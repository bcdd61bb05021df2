import { and, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { sites } from '../../../db/schema.ts'
import type { PageContext } from '../../../http/page-env.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { keepPolicyDraft, policyDraft } from '../../../policy/drafts.ts'
import { diffPolicies, type PolicyChange } from '../../../routing/policy-diff.ts'
import type { Policy, PolicyTable } from '../../../routing/types.ts'
import type { House } from '../../house.ts'
import type { RuleFields } from './rule-fields.ts'
import type { KnownValues } from './rule-form.tsx'

/** What lies before somebody who looks at the policy: what is in force, and their own draft of it. */
export interface OnDesk {
  current: Policy
  draft?: PolicyTable
  /** The draft, or what is in force. */
  table: PolicyTable
  /** What the draft changes; undefined without one. */
  changes?: PolicyChange[]
}

export const whoseDraft = (c: PageContext) => ({ networkId: c.get('network').id, userId: c.get('user').id })

export async function onDesk(db: Db, c: PageContext): Promise<OnDesk> {
  const current = await currentPolicy(db, c.get('network').id)
  const draft = await policyDraft(db, whoseDraft(c))
  return { current, draft, table: draft ?? current, changes: draft && diffPolicies(current, draft) }
}

/** Changes the reader's draft, which begins as what is in force. */
export async function changeDraft(
  { deps }: House,
  c: PageContext,
  change: (table: PolicyTable) => PolicyTable,
): Promise<void> {
  const { table } = await onDesk(deps.db, c)
  const { rules, companions } = change({ rules: table.rules, companions: table.companions })
  await deps.db.transaction((tx) => keepPolicyDraft(tx, whoseDraft(c), { rules, companions }, deps.wall.now()))
}

/** Every value of every field of a form, without blanks around them. */
export async function manyFieldsOf(c: PageContext): Promise<RuleFields> {
  const fields: Record<string, string[]> = {}
  for (const [name, text] of new URLSearchParams(await c.req.text())) {
    const list = fields[name] ?? []
    list.push(text.trim())
    fields[name] = list
  }
  return fields
}

const shown = 20

/** The typologies and tiers of the network's sites, for whoever writes a condition. */
export async function knownValues(db: Db, networkId: string): Promise<KnownValues> {
  const of = async (column: typeof sites.typology | typeof sites.tier) =>
    (
      await db
        .selectDistinct({ value: column })
        .from(sites)
        .where(and(eq(sites.networkId, networkId), isNotNull(column)))
        .orderBy(column)
        .limit(shown)
    ).flatMap(({ value }) => (value ? [value] : []))
  return { typology: await of(sites.typology), tier: await of(sites.tier) }
}
