import { and, eq } from 'drizzle-orm'
import { businessNow, type WallClock } from '../../clock.ts'
import { type Db, newId } from '../../db/index.ts'
import { imports, mappings, networks } from '../../db/schema.ts'
import { type ConsentBasis, consentBases } from '../../words.ts'
import type { Network } from '../networks.ts'
import { deactivateAbsent } from './absent.ts'
import { type ChunkContext, type Folds, importChunk } from './chunk.ts'
import {
  applyMapping,
  type Column,
  checkColumns,
  checkHeaders,
  headersHash,
  mappingOf,
  proposeColumns,
} from './columns.ts'
import { contactFold } from './contacts.ts'
import { openCsv } from './csv.ts'
import { type Inspected, inspectFile } from './encoding.ts'
import { ImportProblem } from './problem.ts'
import { rejectsFile } from './rejects.ts'
import { type ImportedRow, rowReader } from './row.ts'
import { siteFold } from './sites.ts'
import { isBlank, type Source, type SourceRow } from './source.ts'
import type { ImportSummary } from './summary.ts'
import { type Rejection, tallyByCode } from './tally.ts'
import { wishFold } from './wish-fold.ts'
import { openWorkbook } from './workbook.ts'

export interface ImportDeps {
  db: Db
  wall: WallClock
  /** Rejects files go below it, into `imports/`. */
  dataFolder: string
}

export interface ImportOptions {
  /** Path of a CSV (any usual delimiter and encoding) or XLSX file. */
  file: string
  /** For a dry run it may name a network that is not there yet. */
  networkId: string
  /** Header to meaning, over the saved mapping and the proposal. */
  map?: Record<string, string>
  /** Why consent columns may be relied on; without it they are kept as `unstated` and open nothing. */
  basis?: ConsentBasis
  /** What becomes of contacts the file does not have; `keep` unless told. */
  absent?: 'keep' | 'deactivate'
  dryRun?: boolean
  onProgress?: (read: number) => void
}

/** Where and how the network lives, for rows that do not say; a dry run may come before the network. */
const unknownNetwork = { country: 'FR', language: 'fr', timezone: 'Europe/Paris', clockOffsetMs: 0 } as const
type Place = Pick<Network, 'country' | 'language' | 'timezone' | 'clockOffsetMs'>

/**
 * Imports a partner file: sites, contacts, addresses, consent wishes. Streams CSV in constant memory and writes by
 * chunks of at most 500 rows, so a killed import is finished by running it again; running it again otherwise
 * changes nothing. No row is lost: what cannot be imported is in the rejects file with its reason. Throws
 * ImportProblem when the file as a whole cannot be read, with nothing changed.
 */
export async function importFile(deps: ImportDeps, options: ImportOptions): Promise<ImportSummary> {
  const { db, wall, dataFolder } = deps
  const { file, networkId } = options
  const isDryRun = options.dryRun ?? false
  const basis = options.basis ?? 'unstated'
  if (!consentBases.includes(basis))
    throw new ImportProblem('basis_unknown', `"${basis}" is no basis: choose among ${consentBases.join(', ')}.`)
  const [stored] = await db.select().from(networks).where(eq(networks.id, networkId))
  const place: Place = stored ?? unknownNetwork
  const startedAt = wall.now()
  const now = businessNow(startedAt, place)

  const inspected = await inspectFile(file)
  const source = await openSource(file, inspected)
  if (source.headers.length === 0) return emptySummary(source, {}, isDryRun)
  checkHeaders(source.headers)
  const columns = await columnsOf(db, networkId, source, options.map)
  const mapping = mappingOf(columns)

  const importId = newId()
  if (!isDryRun)
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
  try {
    await importRows(
      db,
      source,
      rowReader(columns, place.country),
      folds,
      context,
      summary,
      rejects,
      options.onProgress,
    )
    summary.sites = { ...folds.sites.counts }
    await finish(deps, options, folds, context, summary)
  } catch (error) {
    await rejects.close()
    if (!isDryRun) await markFailed(db, networkId, importId, error, wall.now())
    throw error
  }
  await rejects.close()
  const rejectsPath = rejects.path()
  if (rejectsPath) summary.rejectsFile = rejectsPath
  if (isDryRun) return summary
  summary.importId = importId
  await saveOutcome(db, networkId, importId, columns, summary, wall.now())
  return summary
}

async function openSource(file: string, inspected: Inspected): Promise<Source> {
  return inspected.kind === 'workbook' ? openWorkbook(file) : openCsv(file, inspected.encoding)
}

async function columnsOf(
  db: Db,
  networkId: string,
  source: Source,
  given: Record<string, string> | undefined,
): Promise<Column[]> {
  const [saved] = await db
    .select({ columns: mappings.columns })
    .from(mappings)
    .where(and(eq(mappings.networkId, networkId), eq(mappings.headersHash, headersHash(source.headers))))
  let columns = proposeColumns(source.headers)
  if (saved) columns = applyMapping(columns, saved.columns, false)
  if (given) columns = applyMapping(columns, given, true)
  checkColumns(columns)
  return columns
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

async function importRows(
  db: Db,
  source: Source,
  read: ReturnType<typeof rowReader>,
  folds: Folds,
  context: ChunkContext,
  summary: ImportSummary,
  rejects: ReturnType<typeof rejectsFile>,
  onProgress: ImportOptions['onProgress'],
): Promise<void> {
  const warnings = tallyByCode<ImportSummary['warningsByCode'][string]['first'][number]>()
  const rejections = tallyByCode<Rejection>()
  summary.warningsByCode = warnings.byCode
  summary.rejections = rejections.byCode
  for await (const batch of source.rows) {
    const rows: ImportedRow[] = []
    const refused: { row: SourceRow; rejection: Rejection }[] = []
    for (const row of batch) {
      if (isBlank(row.cells)) {
        summary.blank++
        continue
      }
      const reading = read(row)
      if ('row' in reading) rows.push(reading.row)
      else refused.push({ row, rejection: reading.rejection })
    }
    if (rows.length > 0) {
      const outcome = await importChunk(db, rows, folds, context)
      summary.created += outcome.created
      summary.updated += outcome.updated
      summary.unchanged += outcome.unchanged
      summary.previouslyOptedOut += outcome.previouslyOptedOut
      for (const warning of outcome.warnings) warnings.add(warning)
    }
    for (const { row, rejection } of refused) {
      rejections.add(rejection)
      if (!context.isDryRun)
        await rejects.add({ cells: row.cells, reason: `line ${rejection.line}: ${rejection.message}` })
    }
    summary.rejected += refused.length
    summary.read += batch.length
    summary.warnings = warnings.total()
    onProgress?.(summary.read)
  }
}

async function finish(
  { db }: ImportDeps,
  options: ImportOptions,
  folds: Folds,
  context: ChunkContext,
  summary: ImportSummary,
): Promise<void> {
  if (options.absent === 'deactivate') {
    if (summary.rejected > 0 || folds.contacts.seen.size() === 0)
      summary.notes.push(
        'Nobody was deactivated: with rejected or without any rows, who is absent is not known. Mend the rejects and import the whole file again.',
      )
    else
      summary.deactivated = await deactivateAbsent(
        db,
        options.networkId,
        { contacts: folds.contacts.seen, sites: folds.sites.seen },
        { isDry: context.isDryRun, now: context.now },
      )
  }
  if (summary.read === summary.blank)
    summary.notes.push('0 contacts: the file has a header and no rows; nothing changed.')
  if (summary.encoding === 'windows-1252')
    summary.notes.push('The file is not UTF-8 and was read as Windows-1252: check that accents look right.')
  const wishes = folds.wishes.unstatedSmsWishes()
  if (wishes > 0)
    summary.notes.push(
      `${wishes} contacts say yes to SMS in the file; without --basis this is kept as "unstated" and marketing SMS stays closed to them. If they gave consent and you can show it, import again with --basis consent.`,
    )
}

function emptySummary(source: Source, mapping: Record<string, string>, isDryRun: boolean): ImportSummary {
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
    notes: source.headers.length === 0 ? ['0 contacts: the file is empty; nothing changed.'] : [],
    isDryRun,
    encoding: source.encoding,
    delimiter: source.delimiter,
  }
}

async function saveOutcome(
  db: Db,
  networkId: string,
  importId: string,
  columns: readonly Column[],
  summary: ImportSummary,
  finishedAt: Date,
): Promise<void> {
  const { read, blank, created, updated, unchanged, rejected, warnings, sites } = summary
  await db.transaction(async (tx) => {
    await tx
      .update(imports)
      .set({
        status: 'done',
        counts: { read, blank, created, updated, unchanged, rejected, warnings, sites },
        rejectsPath: summary.rejectsFile ?? null,
        finishedAt,
      })
      .where(and(eq(imports.networkId, networkId), eq(imports.id, importId)))
    const saved = { columns: mappingOf(columns), updatedAt: finishedAt }
    await tx
      .insert(mappings)
      .values({ networkId, headersHash: headersHash(columns.map((column) => column.header)), ...saved })
      .onConflictDoUpdate({ target: [mappings.networkId, mappings.headersHash], set: saved })
  })
}

async function markFailed(
  db: Db,
  networkId: string,
  importId: string,
  error: unknown,
  finishedAt: Date,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  await db
    .update(imports)
    .set({ status: 'failed', error: message.slice(0, 1_000), finishedAt })
    .where(and(eq(imports.networkId, networkId), eq(imports.id, importId)))
}
