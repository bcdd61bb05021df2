import { and, eq, isNull } from 'drizzle-orm'
import { type Membership, scopeFor } from '../accounts/policy.ts'
import { newId, type Tx } from '../db/index.ts'
import { memberships, networks, notifications, sites, users } from '../db/schema.ts'
import type { Conversation } from './record.ts'

const hourMs = 3_600_000

/**
 * Tells of something new in the inbox, in the transaction that brings it: the user it is assigned to, else everybody
 * who may answer there. Said once until it is looked at, and once an hour for all that is nobody's. `at` is wall time.
 */
export async function tellOfArrival(tx: Tx, conversation: Conversation, at: Date): Promise<void> {
  const { networkId, assignedTo } = conversation
  const people = await answering(tx, conversation)
  const mine = assignedTo !== null && people.includes(assignedTo)
  const hour = Math.floor(at.getTime() / hourMs)
  const [network] = await tx.select({ name: networks.name }).from(networks).where(eq(networks.id, networkId))
  const kind = mine ? ('conversation_answered' as const) : ('conversations_waiting' as const)
  await tx.insertRows(
    notifications,
    (mine ? [assignedTo] : people).map((userId) => ({
      ...{ networkId, id: newId(), userId, kind, params: {}, createdAt: at },
      href: mine
        ? `/console/inbox/${conversation.id}`
        : `/console/inbox?network=${encodeURIComponent(network?.name ?? '')}&show=unassigned`,
      dedupeKey: mine ? `conversation:${conversation.id}:${hour}` : `inbox:${hour}`,
    })),
    'ignore',
  )
}

/** The users who may answer in this conversation: by role, and where their part of the network covers its site. */
export async function answering(
  tx: Tx,
  { networkId, siteId }: Pick<Conversation, 'networkId' | 'siteId'>,
): Promise<string[]> {
  const rows = await tx
    .select({ userId: memberships.userId, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.networkId, networkId), isNull(users.disabledAt)))
  const byUser = new Map<string, Membership[]>()
  for (const { userId, role, scope } of rows)
    byUser.set(userId, [...(byUser.get(userId) ?? []), { networkId, role, scope }])
  let area: string | undefined
  if (siteId !== null) {
    const [site] = await tx
      .select({ area: sites.area })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId)))
    area = site?.area
  }
  return [...byUser].flatMap(([id, own]) => {
    const scope = scopeFor({ id, memberships: own }, 'conversation.answer', networkId)
    if (!scope || scope.of === 'shop') return []
    if (scope.of === 'network') return [id]
    const isTheirs =
      siteId !== null && (scope.siteIds.includes(siteId) || (area !== undefined && scope.areas.includes(area)))
    return isTheirs ? [id] : []
  })
}
