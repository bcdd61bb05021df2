import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { auditEntries, installation } from '../db/schema.ts'
import type { AuditAction } from './audit-actions.ts'

/** Ids, codes, counts and names of settings: never what belongs to a person, never a secret. */
export type AuditData = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>

export interface AuditFact {
  /** Null for what concerns the installation and no network. */
  networkId: string | null
  /** A user's id; `key:` and the id of an API key; `operator` for the command line; `relais` for Relais itself. */
  actor: string
  action: AuditAction
  /** The id of what was acted upon, or the name of a setting. */
  subject: string
  data?: AuditData
  /** Wall time. */
  at: Date
}

/** Where the chain stands: how many entries there are, and the hash of the last. */
export interface AuditHead {
  seq: number
  hash: string
}

export const headKey = 'audit-head'
/** What the first entry continues. */
export const beginning: AuditHead = { seq: 0, hash: '0'.repeat(64) }

export const headText = ({ seq, hash }: AuditHead): string => `${seq}:${hash}`

/** @throws when it is not `<seq>:<hash>`. */
export function headOf(text: string): AuditHead {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined)
    throw new Error(`The head of the audit trail reads ${text.slice(0, 90)}, which is no number and hash.`)
  return { seq: Number(seq), hash }
}

/** The same text on either database: keys in order, and nothing that JSON drops. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )

export type StoredEntry = Omit<typeof auditEntries.$inferSelect, 'hash'>

/** What an entry's hash must be: SHA-256 over everything it says and over the hash before it. */
export const hashOfEntry = (entry: StoredEntry): string =>
  createHash('sha256')
    .update(
      canonical([
        entry.previousHash,
        entry.seq,
        entry.id,
        entry.networkId,
        entry.actor,
        entry.action,
        entry.subject,
        entry.data,
        entry.at.toISOString(),
      ]),
    )
    .digest('hex')

/**
 * Writes down a consequential act, in the transaction of the act itself: neither is there without the other
 * (OWASP ASVS 5.0, 16.2.1 and 16.4.2). Writers take turns on the head of the chain, so call it late in the
 * transaction, and hold no network call after it.
 */
export async function audit(tx: Tx, fact: AuditFact): Promise<void> {
  const last = await lockHead(tx, fact.at)
  const { networkId, actor, action, subject, at } = fact
  // What JSON leaves out must not be in the hash either.
  const data: Record<string, unknown> = JSON.parse(JSON.stringify(fact.data ?? {}))
  const entry = { id: newId(), networkId, seq: last.seq + 1, actor, action, subject, data, at, previousHash: last.hash }
  const hash = hashOfEntry(entry)
  await tx.insert(auditEntries).values({ ...entry, hash })
  await tx
    .update(installation)
    .set({ value: headText({ seq: entry.seq, hash }) })
    .where(eq(installation.key, headKey))
}

/** The write comes before the read: on PostgreSQL it holds the row until the transaction ends. */
async function lockHead(tx: Tx, at: Date): Promise<AuditHead> {
  await tx
    .insert(installation)
    .values({ key: headKey, value: headText(beginning), updatedAt: at })
    .onConflictDoNothing()
  const [row] = await tx
    .update(installation)
    .set({ updatedAt: at })
    .where(eq(installation.key, headKey))
    .returning({ value: installation.value })
  if (!row) throw new Error('The head of the audit trail cannot be written.')
  return headOf(row.value)
}
