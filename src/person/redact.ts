import { and, eq, inArray, like, sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db/index.ts'
import { addresses, conversationMessages, inboundEvents, jobs } from '../db/schema.ts'
import { enqueue, findJob } from '../job/enqueue.ts'
import type { JobRow } from '../job/job.ts'
import type { Vault } from '../network/vault.ts'
import { conversationIds, inboundIds, ownAddressIds } from './subject.ts'

export const redactionJobId = (contactId: string): string => `redact-${contactId}`

/** A message as its provider knows it. */
export interface Ref {
  provider: string
  ref: string
}

/** What a redaction is asked to do, and what came of those before it. */
export interface RedactionPayload {
  contactId: string
  /** Messages the person wrote, by what the provider calls them; their rows are about to be erased. */
  heard: Ref[]
  /** The person's own mailboxes, sealed: their rows are about to be erased, and what carried mail there is to forget them. */
  recipients?: Ref[]
  /** What an earlier run could not do; undefined for all of the person's messages. */
  only?: Ref[]
  /** Runs before this one. */
  runs: number
  before: { redacted: number; gone: number; forgotten?: number }
  result?: RedactionResult
}

export interface RedactionResult {
  redacted: number
  gone: number
  /** Addresses a provider was asked to erase. */
  forgotten: number
  left: Ref[]
  /** Messages by providers that offer no such thing. */
  elsewhere: Record<string, number>
}

/** What the companies that carried a person's messages were asked to forget. Counts of messages. */
export interface Redaction {
  redacted: number
  gone: number
  /** Addresses of the person that a provider took the request to erase for. */
  forgotten: number
  left: number
  /** It was asked for as often as it is. */
  isGivenUp: boolean
  /** By providers that keep no words, or offer no way. */
  elsewhere: Record<string, number>
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A month of days: whoever refuses so long will not do it by itself. */
const mostRuns = 30
/** Messages of one person that are still looked for among what they wrote. */
const mostHeard = 5_000

/** Twilio's ids of messages, SM… or MM… and 32 hexadecimal digits, as the keys of what came in hold them. */
const twilioSid = /\binbound:((?:SM|MM)[0-9a-f]{32})$/i

/** Asks for it, in the transaction that asks for the erasure: what the person wrote is found only before its rows go. */
export async function enqueueRedaction(
  tx: Tx,
  { networkId, contactId, at, vault }: { networkId: string; contactId: string; at: Date; vault: Vault },
): Promise<void> {
  const person = { networkId, contactId, ownValues: [] }
  const said = await tx
    .select({ key: conversationMessages.dedupeKey })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.networkId, networkId),
        sql`${conversationMessages.conversationId} in (${conversationIds(person)})`,
        like(conversationMessages.dedupeKey, '%inbound:%'),
      ),
    )
    .limit(mostHeard)
  const raw = await tx
    .select({ key: inboundEvents.dedupeKey })
    .from(inboundEvents)
    .where(and(sql`${inboundEvents.id} in (${inboundIds(person)})`, like(inboundEvents.dedupeKey, '%inbound:%')))
    .limit(mostHeard)
  const refs = new Set([...said, ...raw].flatMap(({ key }) => twilioSid.exec(key ?? '')?.[1] ?? []))
  const payload: RedactionPayload = {
    ...{ contactId, heard: [...refs].map((ref) => ({ provider: 'twilio', ref })) },
    ...{ recipients: await ownMailboxes(tx, networkId, contactId, vault), runs: 0, before: { redacted: 0, gone: 0 } },
  }
  await enqueue(tx, {
    ...{ networkId, id: redactionJobId(contactId), kind: 'person.redact' as const },
    ...{ payload: { ...payload }, at },
  })
}

const sealedMark = 'sealed:'

async function ownMailboxes(tx: Tx, networkId: string, contactId: string, vault: Vault): Promise<Ref[]> {
  const own = await tx
    .select({ value: addresses.normalised })
    .from(addresses)
    .where(
      and(
        eq(addresses.networkId, networkId),
        eq(addresses.kind, 'email'),
        sql`${addresses.id} in (${ownAddressIds({ networkId, contactId, ownValues: [] })})`,
      ),
    )
  return own.flatMap(({ value }) => {
    if (value === null) return []
    const sealed = Buffer.from(vault.seal(Buffer.from(value), { networkId, secretId: contactId })).toString('base64')
    return [{ provider: 'sendgrid', ref: `${sealedMark}${vault.keyId}:${sealed}` }]
  })
}

/** The address a reference stands for; undefined where it names a message. @throws SecretUnreadable */
export function addressIn({ ref }: Ref, vault: Vault, networkId: string, contactId: string): string | undefined {
  if (!ref.startsWith(sealedMark)) return undefined
  const [, keyId = '', sealed = ''] = ref.split(':')
  return Buffer.from(vault.open(Buffer.from(sealed, 'base64'), keyId, { networkId, secretId: contactId })).toString()
}

const payloadOf = (job: JobRow): RedactionPayload => job.payload as unknown as RedactionPayload

/** Undefined where none was asked for. */
export async function redactionOf(tx: Tx, networkId: string, contactId: string): Promise<Redaction | undefined> {
  const job = await findJob(tx, networkId, redactionJobId(contactId))
  return job && told(job)
}

function told(job: JobRow): Redaction {
  const { before, result, only, runs } = payloadOf(job)
  return {
    redacted: before.redacted + (result?.redacted ?? 0),
    gone: before.gone + (result?.gone ?? 0),
    forgotten: (before.forgotten ?? 0) + (result?.forgotten ?? 0),
    left: result ? result.left.length : (only?.length ?? 0),
    isGivenUp: job.status === 'done' && (result?.left.length ?? 0) > 0 && runs >= mostRuns,
    elsewhere: result?.elsewhere ?? {},
  }
}

const looked = new WeakMap<Db, number>()

/**
 * Asks again for what providers could not do, an hour after the first time and twice as long after each, once a day at
 * the latest. Cheap to call at each turn of the worker: it looks once an hour.
 */
export async function askRedactions({ db, wall }: Pick<Context, 'db' | 'wall'>): Promise<void> {
  const now = wall.now()
  const last = looked.get(db)
  if (last !== undefined && Math.abs(now.getTime() - last) < hourMs) return
  looked.set(db, now.getTime())
  for (const job of await over(db)) {
    const { contactId, heard, before, result, runs } = payloadOf(job)
    const wait = Math.min(hourMs * 2 ** Math.min(runs, 10), dayMs)
    if (runs >= mostRuns || now.getTime() - job.updatedAt.getTime() < wait) continue
    if (job.status === 'done' && (result?.left.length ?? 0) === 0) continue
    const payload: RedactionPayload = {
      ...{ contactId, heard, runs: runs + 1 },
      // One that broke off is done again from where it began: what was redacted is, and stays so.
      ...(job.status === 'done' && result
        ? {
            only: result.left,
            before: {
              redacted: before.redacted + result.redacted,
              gone: before.gone + result.gone,
              forgotten: (before.forgotten ?? 0) + (result.forgotten ?? 0),
            },
          }
        : { only: payloadOf(job).only, recipients: payloadOf(job).recipients, before }),
    }
    await db.transaction((tx) =>
      enqueue(tx, { networkId: job.networkId, id: job.id, kind: 'person.redact', payload: { ...payload }, at: now }),
    )
  }
}

/** Erasures are few: a network has as many of these jobs as people who asked. */
const over = (db: Db): Promise<JobRow[]> =>
  db
    .select()
    .from(jobs)
    .where(and(eq(jobs.kind, 'person.redact'), inArray(jobs.status, ['done', 'failed'])))

/** How many messages of erased people are still to be emptied, and how many nobody asks for any more. */
export async function redactionsLeft(db: Db, networkId: string): Promise<{ left: number; givenUp: number }> {
  const sums = { left: 0, givenUp: 0 }
  for (const job of await over(db)) {
    if (job.networkId !== networkId) continue
    const { left, isGivenUp } = told(job)
    sums[isGivenUp ? 'givenUp' : 'left'] += left
  }
  return sums
}
