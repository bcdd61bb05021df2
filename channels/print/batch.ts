import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Language, PrintContent } from '../../src/channel.ts'
import { type LetterDocument, openDocument } from './document.ts'
import { type ExclusionReason, exclusionReasons, PieceExcluded } from './exclusion.ts'
import { setLetter } from './letter.ts'
import { manifestHeader, manifestLine } from './manifest.ts'
import { type FindPicture, missingPicture, picturesOf } from './pictures.ts'
import { POINTS, type PrintProfile } from './profile.ts'
import { createSealed, type Seal, type SealedFile, syncFolder } from './sealed-file.ts'

/** One piece to be printed, in the order it is to be printed: country, postcode, then as the caller likes. */
export interface BatchPiece {
  pieceId: string
  content: PrintContent
  language: Language
  /** SHA-256 of the words, as the delivery keeps it. */
  contentSha256: string
}

/** What became of a piece. */
export type PieceOutcome =
  | { pieceId: string; outcome: 'composed'; file: string; seq: number; firstPage: number; pages: number }
  | { pieceId: string; outcome: 'excluded'; reason: ExclusionReason; detail: string }

export interface BatchOptions {
  /** Shown to people and used as file name: R-2026-0042. Letters, digits, dots and dashes. */
  number: string
  revision: number
  /** The only date in the package. */
  createdAt: Date
  /** A sandbox network's batch: SPECIMEN across every page. */
  isSpecimen?: boolean
  /** Where the pictures of letters are found; a letter that shows one which is nowhere is excluded. */
  picture?: FindPicture
  /** Told of every piece in order, before the package is sealed; awaited, so it may write in chunks. */
  onPiece?(outcome: PieceOutcome): Promise<void> | void
}

export interface BatchResult {
  /** The sealed package, or undefined when every piece was excluded and there is nothing to print. */
  path?: string
  /** SHA-256 of SHA256SUMS: the batch's seal. */
  sha256?: string
  files: Seal[]
  pieces: number
  pages: number
  excluded: Record<ExclusionReason, number>
  job: Record<string, unknown>
}

/** A package of this number and revision exists with other bytes: what is sealed is changed by a new revision only. */
export class BatchSealed extends Error {
  override name = 'BatchSealed'
}

/** Bytes that may wait for the disk, and letters set before other work of this process gets its turn. */
const PENDING = 1 << 18
const LETTERS_PER_TURN = 8

/**
 * Composes the package `<folder>/<number>_v<revision>/`: PDF files with their manifests, job.json, SHA256SUMS and
 * READY. It is written beside its place, flushed to disk and renamed last, so that a hot folder never sees half a
 * batch; a crash leaves a folder that the next attempt clears. The same input gives the same bytes: composing a
 * sealed batch again verifies it, and throws BatchSealed when it differs. A piece that cannot be printed is excluded
 * with its reason and never stops the others. Throws the file system's errors as they are.
 */
export async function composeBatch(
  pieces: AsyncIterable<BatchPiece>,
  profile: PrintProfile,
  folder: string,
  options: BatchOptions,
): Promise<BatchResult> {
  const { number, revision } = options
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(number)) {
    throw new Error(`The batch number "${number}" cannot name a file: use letters, digits, dots and dashes.`)
  }
  const name = `${number}_v${revision}`
  const path = join(folder, name)
  const draft = join(folder, `.${name}.composing`)
  await mkdir(folder, { recursive: true })
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft)
  try {
    const { files, ...counts } = await writeFiles(pieces, profile, draft, options)
    if (counts.pieces === 0) {
      await rm(draft, { recursive: true, force: true })
      return { files: [], ...counts, job: {} }
    }
    const job = jobOf(profile, options, files, counts)
    const seals = files.flatMap((file) => [file.pdf, file.manifest])
    seals.push(await writeWhole(join(draft, 'job.json'), `${JSON.stringify(job, undefined, 2)}\n`))
    const sums = seals.map((seal) => `${seal.sha256}  ${seal.name}\n`).join('')
    const { sha256 } = await writeWhole(join(draft, 'SHA256SUMS'), sums)
    await writeWhole(join(draft, 'READY'), `${sha256}\n`)
    await syncFolder(draft)
    const sealed = await readFile(join(path, 'SHA256SUMS'), 'utf8').catch(() => undefined)
    if (sealed === undefined) {
      await rename(draft, path)
      await syncFolder(folder)
    } else if (sealed !== sums) {
      throw new BatchSealed(`${name} is sealed and its pieces have changed since: compose a new revision.`)
    } else {
      await rm(draft, { recursive: true, force: true })
    }
    return { path, sha256, files: seals, ...counts, job }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

interface BatchFile {
  pdf: Seal
  manifest: Seal
  pieces: number
  pages: number
}

interface Counts {
  pieces: number
  pages: number
  excluded: Record<ExclusionReason, number>
}

async function writeFiles(
  pieces: AsyncIterable<BatchPiece>,
  profile: PrintProfile,
  draft: string,
  options: BatchOptions,
): Promise<Counts & { files: BatchFile[] }> {
  const files: BatchFile[] = []
  const excluded = Object.fromEntries(exclusionReasons.map((reason) => [reason, 0])) as Counts['excluded']
  let seq = 0
  let current: OpenFile | undefined
  const exclude = async (piece: BatchPiece, error: PieceExcluded) => {
    excluded[error.reason]++
    const { reason, message: detail } = error
    await options.onPiece?.({ pieceId: piece.pieceId, outcome: 'excluded', reason, detail })
  }
  try {
    for await (const piece of pieces) {
      current ??= await openFile(draft, files.length + 1, profile, options)
      const mark = `${options.number}_v${options.revision}  ${seq + 1}`
      let placed: Placed
      try {
        placed = await current.place(piece, seq + 1, mark)
      } catch (error) {
        if (!(error instanceof PieceExcluded)) throw error
        await exclude(piece, error)
        continue
      }
      seq++
      await options.onPiece?.({ pieceId: piece.pieceId, outcome: 'composed', seq, ...placed })
      if (current.pieces() >= profile.piecesPerFile) {
        const full = current
        current = undefined
        files.push(await full.close())
      }
    }
    if (current && current.pieces() > 0) {
      const last = current
      current = undefined
      files.push(await last.close())
    }
  } finally {
    await current?.abandon()
  }
  // A file opened for a piece that was then excluded holds nothing, and is not part of the package.
  if (current) await current.remove()
  return { files, pieces: seq, pages: files.reduce((sum, file) => sum + file.pages, 0), excluded }
}

interface Placed {
  file: string
  firstPage: number
  pages: number
}

interface OpenFile {
  place(piece: BatchPiece, seq: number, mark: string): Promise<Placed>
  pieces(): number
  close(): Promise<BatchFile>
  abandon(): Promise<void>
  remove(): Promise<void>
}

async function openFile(draft: string, index: number, profile: PrintProfile, options: BatchOptions): Promise<OpenFile> {
  const stem = `${options.number}-${String(index).padStart(2, '0')}`
  const name = `${stem}.pdf`
  const pdf = await createSealed(join(draft, name))
  const manifest = await createSealed(join(draft, `${stem}.manifest.csv`))
  const document = await openDocument(profile, {
    title: `${stem} v${options.revision}`,
    createdAt: options.createdAt,
    language: 'fr',
  })
  await manifest.write(manifestHeader())
  let failure: unknown
  const written = pump(document, pdf).catch((error: unknown) => {
    failure = error
  })
  let pages = 0
  let count = 0

  return {
    place: async (piece, seq, mark) => {
      await takePictures(piece.content, document, options.picture)
      const set = setLetter(piece, profile, document.shape, document.resourceOf, {
        mark,
        isSpecimen: options.isSpecimen ?? false,
        pictureOf: document.pictureOf,
      })
      const placed = { file: name, firstPage: pages + 1, pages: set.pages.length }
      set.pages.forEach(document.addPage)
      pages += set.pages.length
      count++
      await manifest.write(
        manifestLine({
          batch: options.number,
          revision: options.revision,
          file: name,
          seq,
          pieceId: piece.pieceId,
          firstPage: placed.firstPage,
          lastPage: pages,
          // Printed on one side.
          sheets: placed.pages,
          postcode: piece.content.postcode.trim(),
          country: piece.content.country,
          addressLines: set.addressLines,
          contentSha256: piece.contentSha256,
        }),
      )
      if (count % LETTERS_PER_TURN === 0) await setImmediate()
      while (document.pending() > PENDING && failure === undefined) await setImmediate()
      if (failure !== undefined) throw failure
      return placed
    },
    pieces: () => count,
    close: async () => {
      document.end()
      await written
      if (failure !== undefined) throw failure
      return { pdf: await pdf.close(), manifest: await manifest.close(), pieces: count, pages }
    },
    abandon: async () => {
      await pdf.abandon().catch(() => undefined)
      await manifest.abandon().catch(() => undefined)
    },
    remove: async () => {
      await rm(join(draft, name), { force: true })
      await rm(join(draft, `${stem}.manifest.csv`), { force: true })
    },
  }
}

/** Every picture of a letter is in the document before a page draws it; the same one is there once a file. */
export async function takePictures(content: PrintContent, document: LetterDocument, find?: FindPicture): Promise<void> {
  for (const { file } of picturesOf(content)) {
    if (document.pictureOf(file) !== undefined) continue
    const picture = await find?.(file)
    if (!picture) throw missingPicture(file)
    document.addPicture(file, picture)
  }
}

async function pump(document: LetterDocument, file: SealedFile): Promise<void> {
  for await (const chunk of document.stream) await file.write(chunk)
}

async function writeWhole(path: string, text: string): Promise<Seal> {
  const file = await createSealed(path)
  await file.write(text)
  return file.close()
}

/** The job ticket: what is to be done with which files. It is the truth where anything else disagrees. */
function jobOf(
  profile: PrintProfile,
  options: BatchOptions,
  files: BatchFile[],
  counts: Counts,
): Record<string, unknown> {
  const { number, revision, createdAt, isSpecimen = false } = options
  return {
    format: 'relais-print-job/1',
    batch: number,
    revision,
    createdAt: createdAt.toISOString(),
    isSpecimen,
    counts: { ...counts, sheets: counts.pages },
    files: files.map(({ pdf, manifest, pieces, pages }) => ({ ...pdf, pieces, pages, manifest })),
    profile: profile.name,
    paper: profile.paper,
    trim: { width: profile.sheet.width, height: profile.sheet.height, unit: 'mm', points: POINTS },
    sides: profile.sides,
    colour: profile.colour,
    fold: profile.fold,
    envelope: profile.envelope,
    window: { ...profile.window, unit: 'mm' },
    outputIntent: { identifier: profile.outputIntent.identifier, info: profile.outputIntent.info },
    pdf: 'PDF/X-4-shaped, self-checked',
  }
}
