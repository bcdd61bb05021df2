import { and, asc, eq, exists, gt, or, type SQL } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Scope } from '../accounts/policy.ts'
import { contactsWithin } from '../accounts/scope.ts'
import type { Context, Network } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import type { TaskOutcome } from '../db/schema/sequence.ts'
import { addresses, campaigns, contactAddresses, contacts, sites, tasks, users } from '../db/schema.ts'
import { PressureMoved } from '../outbox/pressure.ts'
import { reportEvent } from './report.ts'

/** What a call that was made tells campaigns: call-reached, call-no-answer … */
export const outcomeEvent = (outcome: TaskOutcome): string => `call-${outcome.replaceAll('_', '-')}`

interface Done {
  taskId: string
  outcome: TaskOutcome
  remark: string
  /** A user's id. */
  actor: string
}

/**
 * Writes down how a task went, once, and has campaigns hear of it as of any event. Returns false where it had been
 * dealt with already.
 */
export async function doTask(
  { db, wall }: Context,
  network: Network,
  { taskId, outcome, remark, actor }: Done,
  now: Date,
): Promise<boolean> {
  const work = (tx: Tx) =>
    tx
      .update(tasks)
      .set({ status: 'done', outcome, remark: remark.trim().slice(0, 1_000), doneAt: now, doneBy: actor })
      .where(and(eq(tasks.networkId, network.id), eq(tasks.id, taskId), eq(tasks.status, 'open')))
      .returning({ contactId: tasks.contactId, campaignId: tasks.campaignId })
      .then(async ([done]) => {
        if (!done) return false
        await reportEvent(tx, network.id, {
          ...{ name: outcomeEvent(outcome), contactId: done.contactId, key: `task:${taskId}`, source: 'task' },
          ...{ data: { outcome }, at: now, now },
        })
        await audit(tx, {
          ...{ networkId: network.id, actor, action: 'task.done', subject: taskId, at: wall.now() },
          data: { outcome, campaign: done.campaignId },
        })
        return true
      })
  for (;;) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

/** Tasks about somebody the reader may see. */
export const tasksWithin = (db: Db | Tx, scope: Scope): SQL | undefined =>
  scope.of === 'network'
    ? undefined
    : exists(
        db
          .select({ id: contacts.id })
          .from(contacts)
          .where(
            and(eq(contacts.networkId, tasks.networkId), eq(contacts.id, tasks.contactId), contactsWithin(db, scope)),
          ),
      )

export type OpenTask = Awaited<ReturnType<typeof openTasks>>['rows'][number]

/** One page of what is to be done, the most pressing first. */
export async function openTasks(db: Db, networkId: string, scope: Scope, cursor: string | undefined, limit: number) {
  const [dueAt, id] = cursor?.split('_') ?? []
  const after = dueAt && id ? new Date(Number(dueAt)) : undefined
  const found = await db
    .select({
      id: tasks.id,
      contactId: tasks.contactId,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      site: sites.name,
      campaignId: tasks.campaignId,
      campaign: campaigns.title,
      assignee: users.name,
      note: tasks.note,
      dueAt: tasks.dueAt,
    })
    .from(tasks)
    .innerJoin(contacts, and(eq(contacts.networkId, tasks.networkId), eq(contacts.id, tasks.contactId)))
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, tasks.networkId), eq(campaigns.id, tasks.campaignId)))
    .leftJoin(users, eq(users.id, tasks.assigneeId))
    .where(
      and(
        eq(tasks.networkId, networkId),
        eq(tasks.status, 'open'),
        tasksWithin(db, scope),
        after && id ? or(gt(tasks.dueAt, after), and(eq(tasks.dueAt, after), gt(tasks.id, id))) : undefined,
      ),
    )
    .orderBy(asc(tasks.dueAt), asc(tasks.id))
    .limit(limit + 1)
  const page = found.slice(0, limit)
  const phones = await phonesOf(
    db,
    networkId,
    page.map((row) => row.contactId),
  )
  const rows = page.map((row) => ({ ...row, phone: phones.get(row.contactId) }))
  const last = page.at(-1)
  return found.length > limit && last ? { rows, next: `${last.dueAt.getTime()}_${last.id}` } : { rows }
}

/** The number to ring somebody at. */
async function phonesOf(db: Db, networkId: string, contactIds: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const contactId of new Set(contactIds)) {
    const rows = await db
      .select({ value: addresses.normalised, kind: contactAddresses.kind })
      .from(contactAddresses)
      .innerJoin(
        addresses,
        and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
      )
      .where(and(eq(contactAddresses.networkId, networkId), eq(contactAddresses.contactId, contactId)))
      .orderBy(asc(contactAddresses.rank))
    const phone = rows.find((row) => (row.kind === 'phone' || row.kind === 'mobile') && row.value !== null)
    if (phone?.value) found.set(contactId, phone.value)
  }
  return found
}
