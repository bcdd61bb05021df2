import { and, eq, inArray, isNull } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import type { Role } from '../db/schema/accounts.ts'
import { memberships, notifications, users } from '../db/schema.ts'
import type { Params } from './kinds.ts'

type Notification = { [Kind in keyof Params]: { kind: Kind; params: Params[Kind] } }[keyof Params]

export type Notified = Notification & {
  networkId: string
  /** The user concerned. Null, gone or disabled: the network's owners and marketers hear of it instead. */
  userId: string | null
  /** A path of the console that shows what it is about. */
  href: string
  /** What makes it the same thing: told once to each, however often it is noticed. */
  dedupeKey: string
  /** Wall time. */
  at: Date
}

const inCharge: readonly Role[] = ['owner', 'marketer']

/**
 * Leaves word for the people concerned, in the transaction of the fact itself. The sentence is written when it is
 * read, in the reader's language. Returns how many will read it.
 */
export async function notify(
  tx: Tx,
  { networkId, userId, kind, params, href, dedupeKey, at }: Notified,
): Promise<number> {
  const readers = await readersOf(tx, networkId, userId)
  return tx.insertRows(
    notifications,
    readers.map((reader) => ({ networkId, id: newId(), userId: reader, kind, params, href, dedupeKey, createdAt: at })),
    'ignore',
  )
}

async function readersOf(tx: Tx, networkId: string, userId: string | null): Promise<string[]> {
  const members = await tx
    .selectDistinct({ id: users.id, role: memberships.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.networkId, networkId),
        isNull(users.disabledAt),
        userId === null ? inArray(memberships.role, [...inCharge]) : undefined,
      ),
    )
  if (userId === null) return [...new Set(members.map((member) => member.id))]
  if (members.some((member) => member.id === userId)) return [userId]
  return [...new Set(members.filter((member) => inCharge.includes(member.role)).map((member) => member.id))]
}
