import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../db/index.ts'
import { networks } from '../../db/schema.ts'
import type { ChannelName } from '../../words.ts'
import { erasedReason, hasSuppressions, type Suppression, suppressionsOf } from '../suppression.ts'
import { type AddressBook, addressBook } from './address-book.ts'
import { addressesOf, type ContactFold } from './contacts.ts'
import type { ImportedRow } from './row.ts'
import type { SaidParams, SentenceCode } from './sentences/index.ts'
import type { SiteFold } from './sites.ts'
import { type ImportWarning, warning } from './tally.ts'
import type { WishFold } from './wish-fold.ts'

export interface Folds {
  sites: SiteFold
  contacts: ContactFold
  wishes: WishFold
}

export interface ChunkOutcome {
  created: number
  updated: number
  unchanged: number
  previouslyOptedOut: number
  warnings: ImportWarning[]
}

export interface ChunkContext {
  networkId: string
  /** Business time. */
  now: Date
  /** Wall time. */
  recordedAt: Date
  isDryRun: boolean
}

/**
 * Takes at most 500 rows in: looks up what the database has of them in a few queries, folds them over it, writes
 * what changed, in one transaction, and `onWritten` in the same. A dry run does the same and writes nothing.
 */
export async function importChunk(
  db: Db,
  rows: readonly ImportedRow[],
  folds: Folds,
  context: ChunkContext,
  onWritten?: (tx: Tx, outcome: ChunkOutcome) => Promise<void>,
): Promise<ChunkOutcome> {
  const all = [folds.sites, folds.contacts, folds.wishes]
  for (const fold of all) fold.mark()
  if (context.isDryRun) return rows.length === 0 ? noOutcome() : takeRows(db, rows, folds, context)
  // The folds remember what they have seen of the file: where the transaction is begun anew, after a deadlock with some
  // other, they forget what they took in of this chunk, and the rows are as they were read.
  return db.transaction(async (tx) => {
    for (const fold of all) fold.rewind()
    await takeTurns(tx, context.networkId)
    const outcome = rows.length === 0 ? noOutcome() : await takeRows(tx, rows.map(copyOf), folds, context)
    await onWritten?.(tx, outcome)
    return outcome
  })
}

/** Taking a row in changes its own wishes and warnings, and nothing deeper. */
const copyOf = (row: ImportedRow): ImportedRow => ({
  ...row,
  contact: { ...row.contact },
  wishes: { ...row.wishes },
  tracking: { ...row.tracking },
  warnings: [...row.warnings],
})

/** Two imports may name the same people in opposite order: one at a time writes to a network, a chunk each. */
const takeTurns = async (tx: Tx, networkId: string): Promise<void> =>
  void (await tx
    .update(networks)
    .set({ title: sql`${networks.title}` })
    .where(eq(networks.id, networkId)))

const noOutcome = (): ChunkOutcome => ({ created: 0, updated: 0, unchanged: 0, previouslyOptedOut: 0, warnings: [] })

async function takeRows(
  tx: Tx,
  rows: readonly ImportedRow[],
  folds: Folds,
  context: ChunkContext,
): Promise<ChunkOutcome> {
  const { sites, contacts, wishes } = folds
  const book = addressBook(context.networkId, context.now)
  await sites.load(tx, new Set(rows.map((row) => row.siteCode)))
  await contacts.load(tx, new Set(rows.map((row) => row.identity)))
  const hashes = new Set(rows.flatMap((row) => addressesOf(row).map(({ hash }) => hash)))
  await book.load(tx, hashes)
  const closures = (await hasSuppressions(tx, context.networkId))
    ? await suppressionsOf(tx, context.networkId, [...hashes])
    : new Map<string, Suppression[]>()
  await wishes.load(tx, contacts.ids())

  const outcome = noOutcome()
  for (const row of rows) takeRow(row, folds, book, closures, outcome)

  if (!context.isDryRun) {
    await book.load(tx, sites.hashes())
    await sites.save(tx, book)
    await contacts.save(tx)
    await wishes.save(tx, context.recordedAt)
  }
  return outcome
}

/** Someone who asked to be erased: by the contact, by the address, or by the closure the erasure left. */
function isErased(
  row: ImportedRow,
  folds: Folds,
  book: AddressBook,
  closures: ReadonlyMap<string, readonly Suppression[]>,
): boolean {
  if (folds.contacts.find(row.identity)?.row.erasedAt) return true
  return addressesOf(row).some(
    ({ hash, isShared }) =>
      !isShared &&
      (book.isErased(hash) || (closures.get(hash) ?? []).some((closure) => closure.reason === erasedReason)),
  )
}

function closuresByChannel(
  row: ImportedRow,
  closures: ReadonlyMap<string, readonly Suppression[]>,
): Partial<Record<ChannelName, Suppression[]>> {
  const byChannel: Partial<Record<ChannelName, Suppression[]>> = {}
  for (const { kind, hash } of addressesOf(row)) {
    const channel = kind === 'email' ? 'email' : 'sms'
    const found = closures.get(hash)
    if (found) byChannel[channel] = [...(byChannel[channel] ?? []), ...found]
  }
  return byChannel
}

function takeRow(
  row: ImportedRow,
  folds: Folds,
  book: AddressBook,
  closures: ReadonlyMap<string, readonly Suppression[]>,
  outcome: ChunkOutcome,
): void {
  const warn = (code: SentenceCode, params?: SaidParams) =>
    void outcome.warnings.push(warning(row.line, code, { params }))
  if (isErased(row, folds, book, closures)) {
    folds.contacts.seen.of(row.identity)
    outcome.unchanged++
    outcome.previouslyOptedOut++
    warn('previously_erased')
    return
  }
  const site = folds.sites.take(row)
  if (row.email && !row.email.isShared && row.email.mailbox === site.state.mailbox)
    row.email = { ...row.email, isShared: true }
  const { state, taken, isSecondRow, isMerged } = folds.contacts.take(row, site.state.row.id, book)
  if (taken === 'repeat') {
    outcome.unchanged++
    return
  }
  const { isChanged, optedOut } = folds.wishes.take(row, state.row.id, closuresByChannel(row, closures))
  outcome.warnings.push(...row.warnings, ...site.warnings)
  if (isMerged) warn('merged_before')
  else if (isSecondRow) warn('same_person_twice')
  if (optedOut.length > 0) {
    outcome.previouslyOptedOut++
    warn('opted_out_before', { channels: optedOut.join() })
  }
  if (taken === 'created') outcome.created++
  else if (taken === 'changed' || isChanged) outcome.updated++
  else outcome.unchanged++
}
