import { and, eq } from 'drizzle-orm'
import { businessNow } from '../../clock.ts'
import { newId, type Tx } from '../../db/index.ts'
import { type ImportCounts, imports, networks } from '../../db/schema.ts'
import { closedSmsCountries } from '../../routing/closed-countries.ts'
import { type ConsentBasis, consentBases } from '../../words.ts'
import type { Network } from '../networks.ts'
import { deactivateAbsent } from './absent.ts'
import { type ChunkContext, type Folds, importChunk } from './chunk.ts'
import { type Column, checkColumns, checkHeaders, mappingOf } from './columns.ts'
import { contactFold } from './contacts.ts'
import { inspectFile } from './encoding.ts'
import { columnsOf, openSource } from './open-source.ts'
import type { ImportDeps, ImportOptions } from './options.ts'
import { markFailed, saveOutcome } from './outcome.ts'
import { ImportProblem } from './problem.ts'
import { type RejectsFile, rejectsFile } from './rejects.ts'
import { type ImportedRow, rowReader } from './row.ts'
import { inEnglish, type SaidParams, type SentenceCode, sentence } from './sentences/index.ts'
import { siteFold } from './sites.ts'
import { isBlank, type Source, type SourceRow } from './source.ts'
import type { ImportSummary } from './summary.ts'
import { type ImportWarning, type Rejection, tallyByCode } from './tally.ts'
import { wishFold } from './wish-fold.ts'

/** Where and how the network lives, for rows that do not say; a dry run may come before the network. */
const unknownNetwork = { country: 'FR', language: 'fr', timezone: 'Europe/Paris', clockOffsetMs: 0 } as const
type Place = Pick<Network, 'country' | 'language' | 'timezone' | 'clockOffsetMs'>

/** How far an import had come when it was interrupted. */
interface Reached {
  read: number
  counts: ImportCounts | null
}

/**
 * An import in parts: it yields after every chunk of at most 500 rows, and is worth nothing until it returns. What
 * `importFile` says holds for it.
 */
export async function* importing(
  deps: ImportDeps,
  options: ImportOptions,
): AsyncGenerator<undefined, ImportSummary, undefined> {
  const { db, wall, dataFolder } = deps
  const { file, networkId, under } = options
  const isDryRun = options.dryRun ?? false
  const basis = options.basis ?? 'unstated'
  if (!consentBases.includes(basis))
    throw new ImportProblem('basis_unknown', { basis: String(basis), bases: consentBases.join(', ') })
  const [stored] = await db.select().from(networks).where(eq(networks.id, networkId))
  const place: Place = stored ?? unknownNetwork
  const startedAt = wall.now()
  const now = under?.now ?? businessNow(startedAt, place)

  const inspected = await inspectFile(file, options.name)
  yield
  const source = await openSource(file, inspected, options.name)
  yield
  const importId = under?.importId ?? newId()
  const isEmpty = source.headers.length === 0
  if (isEmpty && !under) return emptySummary(source, {}, isDryRun)
  checkHeaders(source.headers)
  const columns = isEmpty ? [] : await columnsOf(db, networkId, source.headers, options.map)
  if (!isEmpty) checkColumns(columns)
  const mapping = mappingOf(columns)

  if (!isDryRun && !under)
    await db.insert(imports).values({
      networkId,
      id: importId,
      fileName: file.split(/[\\/]/).at(-1) ?? file,
      fileHash: inspected.fileHash,
      status: 'running',
      basis: options.basis ?? null,
      mapping,
      startedAt,
    })

  const folds = foldsFor(columns, { networkId, place, now, basis, importId })
  const rejects = rejectsFile(dataFolder, importId, source)
  const context: ChunkContext = { networkId, now, recordedAt: startedAt, isDryRun }
  const summary = emptySummary(source, mapping, isDryRun)
  const reached = under && !isDryRun ? await reachedBy(db, networkId, importId) : { read: 0, counts: null }
  try {
    yield* importRows(deps, options, {
      ...{ source, read: rowReader(columns, place.country), folds, context, summary, rejects, importId, reached },
    })
    summary.sites = { ...folds.sites.counts }
    await conclude(deps, options, folds, context, summary, reached.read > 0)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!isDryRun && !under) await markFailed(db, networkId, importId, message, wall.now())
    throw error
  } finally {
    await rejects.close()
  }
  const rejectsPath = rejects.path()
  if (rejectsPath) summary.rejectsFile = rejectsPath
  if (isDryRun) return summary
  summary.importId = importId
  await db.transaction(async (tx) => {
    await saveOutcome(tx, networkId, importId, columns, summary, wall.now())
    await options.onDone?.(tx, summary)
  })
  return summary
}

async function reachedBy(tx: Tx, networkId: string, importId: string): Promise<Reached> {
  const [row] = await tx
    .select({ read: imports.progress, counts: imports.counts })
    .from(imports)
    .where(and(eq(imports.networkId, networkId), eq(imports.id, importId)))
  return row ?? { read: 0, counts: null }
}

function foldsFor(
  columns: readonly Column[],
  {
    networkId,
    place,
    now,
    basis,
    importId,
  }: { networkId: string; place: Place; now: Date; basis: ConsentBasis; importId: string },
): Folds {
  const attributesOf = (owner: string) =>
    columns.flatMap(({ target }) => (target.startsWith(`${owner}.attributes.`) ? [target.split('.')[2]!] : []))
  return {
    sites: siteFold(attributesOf('site'), {
      networkId,
      country: place.country,
      language: place.language,
      timezone: place.timezone,
      now,
    }),
    contacts: contactFold(attributesOf('contact'), { networkId, language: place.language, now }),
    wishes: wishFold({ networkId, basis, importId, occurredAt: now }),
  }
}

interface Parts {
  source: Source
  read: ReturnType<typeof rowReader>
  folds: Folds
  context: ChunkContext
  summary: ImportSummary
  rejects: RejectsFile
  importId: string
  reached: Reached
}

/** A batch, parted where an interrupted import had come to. */
function* partsOf(
  batch: SourceRow[],
  before: number,
  reached: number,
): Generator<[rows: SourceRow[], isKnown: boolean]> {
  const known = Math.min(batch.length, Math.max(0, reached - before))
  if (known > 0) yield [batch.slice(0, known), true]
  if (known < batch.length) yield [batch.slice(known), false]
}

/**
 * Rows that an interrupted import had taken in are read again as a dry run would: what the file has said so far, its
 * warnings and rejects come back, nothing is written or counted twice.
 */
async function* importRows({ db }: ImportDeps, options: ImportOptions, parts: Parts): AsyncGenerator<undefined> {
  const { source, read, folds, context, summary, rejects, importId, reached } = parts
  const warnings = tallyByCode<ImportWarning>()
  const rejections = tallyByCode<Rejection>()
  summary.warningsByCode = warnings.byCode
  summary.rejections = rejections.byCode
  const language = options.language ?? 'en'
  if (reached.counts) {
    const { created, updated, unchanged, sites } = reached.counts
    Object.assign(summary, { created, updated, unchanged })
    folds.sites.replay({ ...sites })
    folds.wishes.replay(true)
  }
  for await (const batch of source.rows)
    for (const [part, isKnown] of partsOf(batch, summary.read, reached.read)) {
      if (!isKnown) {
        folds.sites.replay(undefined)
        folds.wishes.replay(false)
      }
      const rows: ImportedRow[] = []
      const refused: { row: SourceRow; rejection: Rejection }[] = []
      for (const row of part) {
        if (isBlank(row.cells)) {
          summary.blank++
          continue
        }
        const reading = read(row)
        if ('row' in reading) rows.push(reading.row)
        else refused.push({ row, rejection: reading.rejection })
      }
      for (const { row, rejection } of refused) {
        rejections.add(rejection)
        const line = language === 'fr' ? `ligne ${rejection.line} : ` : `line ${rejection.line}: `
        if (!context.isDryRun) await rejects.add({ cells: row.cells, reason: line + sentence(language, rejection) })
      }
      summary.rejected += refused.length
      summary.read += part.length
      const outcome = await importChunk(
        db,
        rows,
        folds,
        { ...context, isDryRun: context.isDryRun || isKnown },
        async (tx, chunk) => {
          const { read, blank, rejected } = summary
          const counts: ImportCounts = {
            ...{ read, blank, rejected, warnings: warnings.total() + chunk.warnings.length },
            created: summary.created + chunk.created,
            updated: summary.updated + chunk.updated,
            unchanged: summary.unchanged + chunk.unchanged,
            sites: { ...folds.sites.counts },
          }
          await tx
            .update(imports)
            .set({ progress: read, counts })
            .where(and(eq(imports.networkId, context.networkId), eq(imports.id, importId)))
          await options.under?.onChunk(tx, read)
        },
      )
      if (!isKnown) {
        summary.created += outcome.created
        summary.updated += outcome.updated
        summary.unchanged += outcome.unchanged
      }
      summary.previouslyOptedOut += outcome.previouslyOptedOut
      for (const warning of outcome.warnings) warnings.add(warning)
      summary.warnings = warnings.total()
      options.onProgress?.(summary.read)
      yield
    }
}

async function conclude(
  { db }: ImportDeps,
  options: ImportOptions,
  folds: Folds,
  context: ChunkContext,
  summary: ImportSummary,
  isResumed: boolean,
): Promise<void> {
  const remark = (code: SentenceCode, params?: SaidParams) => {
    summary.remarks.push(params ? { code, params } : { code })
    summary.notes.push(inEnglish(code, params))
  }
  if (options.absent === 'deactivate') {
    if (summary.rejected > 0 || folds.contacts.seen.size() === 0) remark('nobody_deactivated')
    else
      summary.deactivated = await deactivateAbsent(
        db,
        options.networkId,
        { contacts: folds.contacts.seen, sites: folds.sites.seen },
        { isDry: context.isDryRun, now: context.now, isResumed },
      )
  }
  const isEmpty = summary.remarks.some(({ code }) => code === 'empty_file')
  if (summary.read === summary.blank && !isEmpty) remark('no_rows')
  if (summary.encoding === 'windows-1252') remark('windows_1252')
  const wishes = folds.wishes.unstatedSmsWishes()
  if (wishes > 0) remark('sms_unstated', { count: wishes })
  const onOther = folds.wishes.smsWishesOnOtherBasis()
  if (onOther > 0 && options.basis)
    remark('sms_basis_closed', {
      count: onOther,
      basis: options.basis,
      countries: closedSmsCountries(options.basis).join(', '),
    })
}

function emptySummary(source: Source, mapping: Record<string, string>, isDryRun: boolean): ImportSummary {
  const isEmpty = source.headers.length === 0
  return {
    read: 0,
    blank: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    warnings: 0,
    sites: { created: 0, updated: 0, unchanged: 0 },
    mapping,
    previouslyOptedOut: 0,
    deactivated: 0,
    warningsByCode: {},
    rejections: {},
    remarks: isEmpty ? [{ code: 'empty_file' }] : [],
    notes: isEmpty ? [inEnglish('empty_file')] : [],
    isDryRun,
    encoding: source.encoding,
    delimiter: source.delimiter,
  }
}
