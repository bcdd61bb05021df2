import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Person } from '../audience/people.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, contacts, memberships, tasks, users } from '../db/schema.ts'
import type { Step } from '../outbox/step.ts'
import type { Arrival } from './arrive.ts'
import { calendarFor } from './calendar.ts'
import type { TaskRule } from './condition.ts'
import { after } from './delay.ts'

/** Gives somebody a task for each of these people, once for each time they come to the step. */
export async function makeTasks(
  tx: Tx,
  step: Step,
  rule: TaskRule,
  coming: readonly { person: Person; arrival: Pick<Arrival, 'occurrence' | 'dueAt'> }[],
  now: Date,
): Promise<void> {
  if (coming.length === 0) return
  const { network, message, campaignId, campaign } = step
  const assigneeId = rule.assignee === 'correspondent' ? null : await assigneeOf(tx, step, rule.assignee)
  const correspondents =
    rule.assignee === 'correspondent'
      ? await correspondentsOf(
          tx,
          network.id,
          coming.map(({ person }) => person.site.id),
        )
      : new Map<string, string>()
  await tx.insertRows(
    tasks,
    coming.map(({ person, arrival }) => ({
      ...{ networkId: network.id, id: newId(), campaignId, messageId: message.id, contactId: person.contact.id },
      ...{ siteId: person.site.id, occurrence: arrival.occurrence, kind: rule.kind, assigneeId },
      correspondentId: correspondents.get(person.site.id) ?? null,
      ...{ note: rule.note ?? '', status: 'open' as const, createdAt: now },
      dueAt: after(rule.due, arrival.dueAt > now ? arrival.dueAt : now, calendarFor(campaign, person.site, network)),
    })),
    'ignore',
  )
}

/** The user a task is for: the campaign's owner, or somebody of the network by their e-mail; nobody where there is none. */
async function assigneeOf(tx: Tx, { network, campaignId }: Step, assignee: string): Promise<string | null> {
  if (assignee === 'owner') {
    const [row] = await tx
      .select({ ownerId: campaigns.ownerId })
      .from(campaigns)
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, campaignId)))
    return row?.ownerId ?? null
  }
  const [row] = await tx
    .select({ id: users.id })
    .from(users)
    .innerJoin(memberships, eq(memberships.userId, users.id))
    .where(and(eq(users.email, assignee.toLowerCase()), eq(memberships.networkId, network.id)))
    .limit(1)
  return row?.id ?? null
}

/** The person at each of these outlets through whom it is spoken to. */
async function correspondentsOf(tx: Tx, networkId: string, siteIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .select({ id: contacts.id, siteId: contacts.siteId })
    .from(contacts)
    .where(
      and(
        eq(contacts.networkId, networkId),
        inArray(contacts.siteId, [...new Set(siteIds)]),
        eq(contacts.isCorrespondent, true),
        eq(contacts.isActive, true),
      ),
    )
    .orderBy(asc(contacts.id))
  const found = new Map<string, string>()
  for (const row of rows) if (!found.has(row.siteId)) found.set(row.siteId, row.id)
  return found
}
