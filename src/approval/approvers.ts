import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import type { Role } from '../db/schema/accounts.ts'
import { memberships, users } from '../db/schema.ts'
import type { LaunchRules } from './rules.ts'

/** Whose role allows to approve, see `src/accounts/policy.ts`. */
const approving: readonly Role[] = ['owner', 'marketer', 'approver']

export interface PossibleApprover {
  id: string
  name: string
}

/** Everybody of a network whose role allows to approve, by name. */
export async function possibleApprovers(tx: Tx, networkId: string): Promise<PossibleApprover[]> {
  const rows = await tx
    .selectDistinct({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(eq(memberships.networkId, networkId), inArray(memberships.role, [...approving]), isNull(users.disabledAt)),
    )
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Who may approve now: those named who still can, or, where nobody is named, everybody whose role allows it. */
export async function approversOf(
  tx: Tx,
  networkId: string,
  { approvers }: Pick<LaunchRules, 'approvers'>,
): Promise<string[]> {
  const possible = (await possibleApprovers(tx, networkId)).map((user) => user.id)
  return approvers.length === 0 ? possible : possible.filter((id) => approvers.includes(id))
}
