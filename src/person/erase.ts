import { and, eq, sql } from 'drizzle-orm'
import { type AuditData, audit } from '../accounts/audit.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { addresses, contacts } from '../db/schema.ts'
import { enqueue, findJob } from '../job/enqueue.ts'
import type { JobRow } from '../job/job.ts'
import { erasedReason, suppress } from '../network/suppression.ts'
import { checkSites } from '../segment/check.ts'
import { enqueueRedaction, type Redaction, redactionOf } from './redact.ts'
import { ownAddressIds } from './subject.ts'

/** The job of a person's erasure is found by the person. */
export const erasureJobId = (contactId: string): string => `erase-${contactId}`

/** There is nobody of that id in the network. */
export class UnknownPerson extends Error {
  override name = 'UnknownPerson'
}

/**
 * Erases a person who asks for it (GDPR art. 17). At once, in one transaction: nobody is written to any more, their
 * page says only that they were erased, and the hashes of their own addresses are closed, so that no file brings them
 * back. The rest is a job's, which goes on after a kill. Asked twice, it is done once; `actor` is a user's id or `cli`.
 * @throws UnknownPerson
 */
export async function askErasure(
  { db, wall, vault }: Pick<Context, 'db' | 'wall' | 'vault'>,
  network: Network,
  contactId: string,
  actor: string,
): Promise<{ jobId: string }> {
  await db.transaction((tx) => beginErasure(tx, { wall, vault }, network, contactId, actor))
  return { jobId: erasureJobId(contactId) }
}

/** The same in the transaction of what brought it; `data` says in the audit trail what that was. @throws UnknownPerson */
export async function beginErasure(
  tx: Tx,
  { wall, vault }: Pick<Context, 'wall' | 'vault'>,
  network: Network,
  contactId: string,
  actor: string,
  data: AuditData = {},
): Promise<void> {
  const at = wall.now()
  const now = businessNow(at, network)
  const jobId = erasureJobId(contactId)
  const [contact] = await tx
    .select({ erasedAt: contacts.erasedAt, siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), eq(contacts.id, contactId)))
  if (!contact) throw new UnknownPerson(`There is no contact ${contactId} in ${network.name}.`)
  const job = await findJob(tx, network.id, jobId)
  if (contact.erasedAt && job && job.status !== 'failed') return
  await closeOwnAddresses(tx, network.id, contactId, now)
  await tx
    .update(contacts)
    .set({ isActive: false, erasedAt: contact.erasedAt ?? now, updatedAt: now })
    .where(and(eq(contacts.networkId, network.id), eq(contacts.id, contactId)))
  await checkSites(tx, network.id, [contact.siteId])
  await enqueue(tx, { networkId: network.id, id: jobId, kind: 'person.erase', payload: { contactId }, at })
  await enqueueRedaction(tx, { networkId: network.id, contactId, at, vault })
  await audit(tx, { networkId: network.id, actor, action: 'contact.erase', subject: contactId, data, at })
}

async function closeOwnAddresses(tx: Tx, networkId: string, contactId: string, occurredAt: Date): Promise<void> {
  const own = await tx
    .select({ hash: addresses.hash })
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, networkId),
        sql`${addresses.id} in (${ownAddressIds({ networkId, contactId, ownValues: [] })})`,
      ),
    )
  for (const { hash } of own)
    await suppress(tx, {
      ...{ networkId, scope: 'address' as const, addressHash: hash, reason: erasedReason },
      ...{ source: 'erasure', occurredAt },
    })
}

/** What an erasure has done so far, by table; the certificate once `status` is `done`. */
export interface Certificate {
  status: JobRow['status']
  askedAt: Date
  finishedAt?: Date
  erased: Record<string, number>
  kept: Record<string, number>
  /** What providers were asked to forget; undefined before anything was asked. */
  providers?: Redaction
}

/** Undefined where nobody asked for this person's erasure, or before certificates were kept. */
export async function certificateOf(tx: Tx, networkId: string, contactId: string): Promise<Certificate | undefined> {
  const [contact] = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactId), sql`${contacts.erasedAt} is not null`))
  const job = contact && (await findJob(tx, networkId, erasureJobId(contactId)))
  if (!job) return undefined
  const result = (job.payload.result ?? {}) as Partial<Pick<Certificate, 'erased' | 'kept'>>
  return {
    status: job.status,
    askedAt: job.createdAt,
    finishedAt: job.status === 'done' ? job.updatedAt : undefined,
    erased: result.erased ?? {},
    kept: result.kept ?? {},
    providers: await redactionOf(tx, networkId, contactId),
  }
}
