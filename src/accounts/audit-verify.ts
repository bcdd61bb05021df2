import { asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { auditEntries, installation } from '../db/schema.ts'
import { type AuditHead, beginning, hashOfEntry, headKey, headOf } from './audit.ts'

const pageSize = 500

/**
 * What is wrong with the first broken place. `missing`: an entry is gone · `changed`: it does not say what it said ·
 * `unlinked`: it does not continue the one before · `cut`: entries are gone from the end · `added`: there are entries
 * that no head covers · `head`: the head is gone or cannot be read · `noted`: the chain is not the one whose head was noted.
 */
export type Breach = 'missing' | 'changed' | 'unlinked' | 'cut' | 'added' | 'head' | 'noted'

export type Verdict =
  | { isWhole: true; entries: number; head: AuditHead }
  | { isWhole: false; entries: number; breach: Breach; seq: number }

/** The stored head; before the first entry there is none. `unreadable` when it was written by something else. */
async function storedHead(db: Db, last: AuditHead): Promise<AuditHead | 'unreadable'> {
  const [row] = await db.select({ value: installation.value }).from(installation).where(eq(installation.key, headKey))
  if (!row) return last.seq === 0 ? beginning : 'unreadable'
  try {
    return headOf(row.value)
  } catch {
    return 'unreadable'
  }
}

type Entry = typeof auditEntries.$inferSelect

function breachAt(entry: Entry, last: AuditHead): Breach | undefined {
  if (entry.seq !== last.seq + 1) return 'missing'
  if (entry.previousHash !== last.hash) return 'unlinked'
  return hashOfEntry(entry) === entry.hash ? undefined : 'changed'
}

/**
 * Walks the audit trail from its first entry to its head, a page at a time, and stops at the first place where it is
 * not what was written. `noted` is a head written down before, outside the database: whoever could rewrite the whole
 * chain and its head could not rewrite that. Acts may be written meanwhile.
 */
export async function verifyAudit(db: Db, noted?: AuditHead): Promise<Verdict> {
  let last = beginning
  for (;;) {
    const page = await db
      .select()
      .from(auditEntries)
      .where(gt(auditEntries.seq, last.seq))
      .orderBy(asc(auditEntries.seq))
      .limit(pageSize)
    for (const entry of page) {
      const breach = breachAt(entry, last)
      if (breach) return { isWhole: false, entries: last.seq, breach, seq: last.seq + 1 }
      last = { seq: entry.seq, hash: entry.hash }
      if (noted?.seq === last.seq && noted.hash !== last.hash)
        return { isWhole: false, entries: last.seq, breach: 'noted', seq: last.seq }
    }
    if (page.length === pageSize) continue
    const head = await storedHead(db, last)
    if (head === 'unreadable') return { isWhole: false, entries: last.seq, breach: 'head', seq: last.seq + 1 }
    if (head.seq > last.seq) {
      // Written since the page was read, or cut off: the next page tells.
      if (page.length > 0) continue
      const [more] = await db.select().from(auditEntries).where(gt(auditEntries.seq, last.seq)).limit(1)
      if (more) continue
      return { isWhole: false, entries: last.seq, breach: 'cut', seq: last.seq + 1 }
    }
    if (head.seq < last.seq || head.hash !== last.hash)
      return { isWhole: false, entries: head.seq, breach: 'added', seq: head.seq + 1 }
    if (noted && noted.seq > last.seq) return { isWhole: false, entries: last.seq, breach: 'noted', seq: last.seq + 1 }
    return { isWhole: true, entries: last.seq, head }
  }
}
