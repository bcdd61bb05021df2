import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BatchPiece, BatchSealed, composeBatch, type PieceOutcome } from '../../../channels/print/batch.ts'
import { renderLetterPdf } from '../../../channels/print/preview-letter.ts'
import { frDlRight, POINTS } from '../../../channels/print/profile.ts'
import type { LetterBlock, PrintContent } from '../../../src/channel.ts'
import { contents } from '../outgoing.ts'

const run = promisify(execFile)
const tool = async (command: string, ...args: string[]): Promise<string> =>
  (await run(command, args, { maxBuffer: 1 << 26 })).stdout
const createdAt = new Date('2026-09-14T08:00:00Z')
const paragraph = (text: string): LetterBlock => ({ type: 'paragraph', runs: [{ text }] })
const prose = 'Chaque vente de la gamme « Confort » vous rapporte des points ; le classement paraît chaque mardi. '

const pieceOf = (i: number, changes: Partial<PrintContent> = {}): BatchPiece => ({
  pieceId: `piece-${i}`,
  language: 'fr',
  contentSha256: createHash('sha256').update(String(i)).digest('hex'),
  content: {
    ...contents.print,
    addressLines: [`Quincaillerie Žižek & Łukasz ${i}`, 'Mme Éloïse Œuvrard', `${i} rue de l'Église`, '59000 Lille'],
    blocks: [paragraph('Chère Madame,'), paragraph(prose.repeat(4))],
    qr: { url: `https://rl.example/q/code${i}`, label: 'Scannez pour vous inscrire' },
    ...changes,
  },
})
async function* stream(pieces: BatchPiece[]) {
  yield* pieces
}

/** Ten pieces: long ones on several pages, and one of each kind that cannot be printed. */
const pieces: BatchPiece[] = [
  pieceOf(1),
  pieceOf(2, { blocks: [paragraph(prose.repeat(90))] }),
  pieceOf(3, { addressLines: ['Nobody'] }),
  pieceOf(4, { blocks: [paragraph('Bravo 🎉')] }),
  pieceOf(5, { blocks: [paragraph('x'.repeat(200))] }),
  pieceOf(6, { blocks: [paragraph(prose.repeat(1000))] }),
  pieceOf(7, {
    addressLines: Array.from({ length: 6 }, (_, i) => (i === 5 ? '59000 LILLE' : 'M'.repeat(38))),
    blocks: [
      { type: 'heading', text: 'Comment participer ?' },
      {
        type: 'list',
        items: [[{ text: 'Un ' }, { text: 'gras', bold: true }], [{ text: prose.repeat(3), italic: true }]],
      },
    ],
  }),
  pieceOf(8, { addressLines: ['=HYPERLINK("x");A', 'B', '1 rue B', '59000 Lille'] }),
]

let folder: string
let path: string
let pdf: string
let outcomes: PieceOutcome[]
const compose = (into: string, some: BatchPiece[], onPiece?: (outcome: PieceOutcome) => void) =>
  composeBatch(stream(some), frDlRight, into, { number: 'R-2026-0042', revision: 1, createdAt, onPiece })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relais-batch-'))
  outcomes = []
  const result = await compose(folder, pieces, (outcome) => outcomes.push(outcome))
  path = result.path ?? ''
  pdf = join(path, 'R-2026-0042-01.pdf')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const manifest = async (): Promise<Record<string, string>[]> =>
  parse(await readFile(join(path, 'R-2026-0042-01.manifest.csv')), { delimiter: ';', columns: true })

describe('a batch', () => {
  it('loses no piece: each is composed or excluded with its reason', async () => {
    expect(outcomes.map((one) => (one.outcome === 'composed' ? one.seq : one.reason))).toEqual([
      1,
      2,
      'ADDRESS_INVALID',
      'MISSING_GLYPH',
      'OVERFLOW',
      'OVERFLOW',
      3,
      4,
    ])
    const job = JSON.parse(await readFile(join(path, 'job.json'), 'utf8'))
    expect(job.counts).toMatchObject({ pieces: 4, excluded: { ADDRESS_INVALID: 1, MISSING_GLYPH: 1, OVERFLOW: 2 } })
    const glyph = outcomes.find((one) => one.outcome === 'excluded' && one.reason === 'MISSING_GLYPH')
    expect(glyph).toMatchObject({ pieceId: 'piece-4', detail: expect.stringContaining('U+1F389') })
  })

  it('has a manifest that covers the file without holes, one line a piece', async () => {
    const rows = await manifest()
    const pages = Number(/Pages:\s+(\d+)/.exec(await tool('pdfinfo', pdf))?.[1])
    expect(rows.map((row) => row.seq)).toEqual(['1', '2', '3', '4'])
    let next = 1
    for (const row of rows) {
      expect(Number(row.first_page)).toBe(next)
      expect(Number(row.pages)).toBe(Number(row.last_page) - Number(row.first_page) + 1)
      next = Number(row.last_page) + 1
    }
    expect(next - 1).toBe(pages)
    expect(Number(rows[1]?.pages)).toBeGreaterThan(1)
    expect(rows[0]).toMatchObject({ piece_id: 'piece-1', addr1: 'Quincaillerie Žižek & Łukasz 1', postcode: '59000' })
    expect(rows[0]?.content_sha256).toBe(pieces[0]?.contentSha256)
    expect(rows[3]?.addr1).toBe('\'=HYPERLINK("x");A')
  })

  it('is sealed: its sums are right and READY names them', async () => {
    const sums = await readFile(join(path, 'SHA256SUMS'), 'utf8')
    const hash = async (name: string) =>
      createHash('sha256')
        .update(await readFile(join(path, name)))
        .digest('hex')
    for (const line of sums.trimEnd().split('\n')) {
      const [sum, name] = line.split('  ')
      expect(await hash(name ?? '')).toBe(sum)
    }
    expect(await readFile(join(path, 'READY'), 'utf8')).toBe(`${await hash('SHA256SUMS')}\n`)
    expect((await readdir(path)).toSorted()).toEqual([
      'R-2026-0042-01.manifest.csv',
      'R-2026-0042-01.pdf',
      'READY',
      'SHA256SUMS',
      'job.json',
    ])
    expect(await readdir(folder)).toEqual(['R-2026-0042_v1'])
  })

  it('comes out the same byte for byte, and a sealed one is never overwritten', async () => {
    const before = await readFile(pdf)
    const again = await compose(folder, pieces)
    expect(again.path).toBe(path)
    expect((await readFile(pdf)).equals(before)).toBe(true)
    await expect(compose(folder, pieces.slice(0, 1))).rejects.toThrow(BatchSealed)
    expect((await readFile(pdf)).equals(before)).toBe(true)
    expect(await readdir(folder)).toEqual(['R-2026-0042_v1'])
  })

  it('clears what a crash has left, and leaves nothing when it fails itself', async () => {
    const into = await mkdtemp(join(folder, 'crash-'))
    await mkdir(join(into, '.R-2026-0042_v1.composing'))
    await writeFile(join(into, '.R-2026-0042_v1.composing', 'R-2026-0042-01.pdf'), 'half')
    async function* breaking() {
      yield pieceOf(1)
      throw new Error('the database went away')
    }
    const options = { number: 'R-2026-0042', revision: 1, createdAt }
    await expect(composeBatch(breaking(), frDlRight, into, options)).rejects.toThrow('the database went away')
    expect(await readdir(into)).toEqual([])
    await compose(into, [pieceOf(1)])
    expect(await readdir(into)).toEqual(['R-2026-0042_v1'])
    await rm(into, { recursive: true })
  })

  it('of excluded pieces only is no package at all', async () => {
    const into = await mkdtemp(join(folder, 'empty-'))
    const result = await compose(into, [pieceOf(1, { addressLines: [] })])
    expect(result).toMatchObject({ pieces: 0, excluded: { ADDRESS_INVALID: 1 } })
    expect(result.path).toBeUndefined()
    expect(await readdir(into)).toEqual([])
    await rm(into, { recursive: true })
  })

  it('goes on in a second file when the first is full', async () => {
    const into = await mkdtemp(join(folder, 'files-'))
    const profile = { ...frDlRight, piecesPerFile: 2 }
    const some = [1, 2, 3].map((i) => pieceOf(i))
    const result = await composeBatch(stream(some), profile, into, { number: 'R-1', revision: 1, createdAt })
    expect(result.files.map((file) => file.name)).toEqual([
      'R-1-01.pdf',
      'R-1-01.manifest.csv',
      'R-1-02.pdf',
      'R-1-02.manifest.csv',
      'job.json',
    ])
    await rm(into, { recursive: true })
  })

  it('refuses a number that would lead out of its folder', async () => {
    const options = { number: '../evil', revision: 1, createdAt }
    await expect(composeBatch(stream([]), frDlRight, folder, options)).rejects.toThrow(/cannot name a file/)
  })
})

describe('the PDF of a batch', () => {
  it('is sound and has the shape of PDF/X-4', async () => {
    await tool('qpdf', '--check', pdf)
    const info = await tool('pdfinfo', pdf)
    expect(info).toMatch(/PDF subtype:\s+PDF\/X-4/)
    expect(info).toMatch(/PDF version:\s+1\.6/)
    expect(info).toMatch(/Form:\s+none/)
    expect(info).toMatch(/Encrypted:\s+no/)
    expect(await tool('pdfinfo', '-meta', pdf)).toContain('<pdfxid:GTS_PDFXVersion>PDF/X-4<')
    const raw = await tool('qpdf', '--qdf', '--object-streams=disable', '--stream-data=preserve', pdf, '-').catch(
      (error: { stdout: string }) => error.stdout,
    )
    expect(raw).toContain('/S /GTS_PDFX')
    expect(raw).toMatch(/\/Trapped \d+ 0 R/)
    expect(raw).toMatch(/obj\s+\/False\s+endobj/)
    for (const forbidden of ['/UserUnit', '/SMask', '/JS', '/LZWDecode', '/Helvetica'])
      expect(raw).not.toContain(forbidden)
  })

  it('trims every page to A4', async () => {
    const boxes = await tool('pdfinfo', '-box', '-f', '1', '-l', '99', pdf)
    const trims = [...boxes.matchAll(/TrimBox:\s+([\d. ]+)/g)].map((match) => match[1]?.trim().split(/\s+/).map(Number))
    expect(trims.length).toBeGreaterThan(4)
    for (const trim of trims) expect(trim).toEqual([0, 0, 595.28, 841.89])
  })

  it('embeds every font as a subset that can be searched', async () => {
    const lines = (await tool('pdffonts', pdf)).trim().split('\n').slice(2)
    expect(lines.length).toBeGreaterThanOrEqual(3)
    for (const line of lines) expect(line).toMatch(/^[A-Z]{6}\+\S+\s+CID TrueType\s+Identity-H\s+yes yes yes/)
  })

  it('prints in black only', async () => {
    const ink = await tool('gs', '-q', '-o', '-', '-sDEVICE=inkcov', '-dLastPage=2', pdf)
    for (const line of ink.trim().split('\n'))
      expect(line).toMatch(/^\s*0\.00000\s+0\.00000\s+0\.00000\s+0\.\d+ CMYK OK/)
  })

  it('shows the whole address in the window, and nothing but the address', async () => {
    const { x, y, width, height } = frDlRight.window
    const window = { left: x * POINTS, top: y * POINTS, right: (x + width) * POINTS, bottom: (y + height) * POINTS }
    const layout = await tool('pdftotext', '-bbox', pdf, '-')
    const pages = layout.split('<page ').slice(1)
    for (const row of await manifest()) {
      const first = pages[Number(row.first_page) - 1] ?? ''
      const words = [
        ...first.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g),
      ].map(([, xMin, yMin, xMax, yMax, text]) => ({
        box: { xMin: Number(xMin), yMin: Number(yMin), xMax: Number(xMax), yMax: Number(yMax) },
        text: text?.replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? '',
      }))
      const touching = words.filter(
        ({ box }) =>
          box.xMax > window.left && box.xMin < window.right && box.yMax > window.top && box.yMin < window.bottom,
      )
      for (const { box } of touching) {
        expect(box.xMin).toBeGreaterThanOrEqual(window.left)
        expect(box.xMax).toBeLessThanOrEqual(window.right)
        expect(box.yMin).toBeGreaterThanOrEqual(window.top)
        expect(box.yMax).toBeLessThanOrEqual(window.bottom)
      }
      const address = [1, 2, 3, 4, 5, 6, 7].map((n) => row[`addr${n}`] ?? '').filter((line) => line !== '')
      expect(touching.map(({ text }) => text).join(' ')).toBe(address.join(' ').replace(/^'/, ''))
    }
  })

  it('keeps every word of a letter over its pages, and names the piece on each', async () => {
    const [, long] = await manifest()
    const text = await tool('pdftotext', '-f', String(long?.first_page), '-l', String(long?.last_page), pdf, '-')
    expect(text.match(/Confort/g)).toHaveLength(90)
    expect(text.match(/piece-2/g)).toHaveLength(Number(long?.pages))
    expect(text).toContain(`${long?.pages}/${long?.pages}`)
  })

  it('has a code that a phone reads', async () => {
    const image = join(folder, 'page')
    await tool('pdftoppm', '-r', '150', '-png', '-singlefile', '-f', '1', '-l', '1', pdf, image)
    expect(await tool('zbarimg', '-q', '--raw', `${image}.png`)).toBe('https://rl.example/q/code1\n')
    await rm(`${image}.png`)
  })
})

describe('the preview of a letter', () => {
  it('is the same letter, marked as a specimen, the same bytes each time', async () => {
    const letter = { pieceId: 'piece-1', content: pieceOf(1).content, language: 'fr' as const, createdAt }
    const bytes = await renderLetterPdf(letter)
    expect(Buffer.compare(bytes, await renderLetterPdf(letter))).toBe(0)
    const file = join(folder, 'preview.pdf')
    await writeFile(file, bytes)
    await tool('qpdf', '--check', file)
    const text = await tool('pdftotext', file, '-')
    // The word lies under the text in a tenth of black.
    expect(await tool('qpdf', '--qdf', file, '-')).toContain('0 0 0 0.1 k')
    expect(text).toContain('59000 LILLE')
    await rm(file)
    expect(await renderLetterPdf({ ...letter, isSpecimen: false })).not.toEqual(bytes)
  })

  it('says why a letter cannot be printed', async () => {
    const content = pieceOf(1, { blocks: [paragraph('漢字')] }).content
    const letter = renderLetterPdf({ pieceId: 'p', content, language: 'fr', createdAt })
    await expect(letter).rejects.toMatchObject({ name: 'PieceExcluded', reason: 'MISSING_GLYPH' })
  })
})
