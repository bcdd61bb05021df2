import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BatchPiece, composeBatch, type PieceOutcome } from '../../../channels/print/batch.ts'
import type { GreyPicture } from '../../../channels/print/pictures.ts'
import { renderLetterPdf } from '../../../channels/print/preview-letter.ts'
import { frDlRight } from '../../../channels/print/profile.ts'
import { printedMap } from '../../../src/challenge/theme/printed.ts'
import type { PrintContent, PrintPicture } from '../../../src/channel.ts'
import { contents } from '../outgoing.ts'

const run = promisify(execFile)
const tool = async (command: string, ...args: string[]): Promise<string> =>
  (await run(command, args, { maxBuffer: 1 << 26 })).stdout
const createdAt = new Date('2026-09-14T08:00:00Z')

/** A checked picture, so that a misplaced row would show. */
const checks = (width: number, height: number): GreyPicture => ({
  width,
  height,
  grey: Uint8Array.from({ length: width * height }, (_, i) =>
    (((i % width) >> 3) + (Math.floor(i / width) >> 3)) % 2 ? 255 : 40,
  ),
})
const library: Record<string, GreyPicture> = {
  '1-logo.png': checks(720, 160),
  '1-pa.png': checks(300, 300),
  '1-photo.jpg': checks(600, 400),
}
const picture = async (file: string) => library[file]
const shown = (file: string): PrintPicture => ({
  file,
  width: library[file]!.width,
  height: library[file]!.height,
  alt: 'x',
})

const branded: PrintContent = {
  ...contents.print,
  senderLines: [
    'Réseau Horizon',
    '3 QUAI DE LA MARNE BATIMENT DES GRANDS CO',
    'Bâtiment C',
    '51000 Châlons-en-Champagne',
    '03 26 00 00 00',
  ],
  logo: shown('1-logo.png'),
  partner: { name: 'avec Bâti Pro Lyon', logo: shown('1-pa.png') },
  legal:
    'Horizon SAS au capital de 40 000 €, RCS Reims 123 456 789, TVA FR12 123456789, siège 3 quai de la Marne, 51000 Châlons-en-Champagne, France métropolitaine, code APE 7311Z, assurance MAIF.',
  blocks: [
    { type: 'paragraph', runs: [{ text: 'Chère Madame,' }] },
    { type: 'picture', picture: shown('1-photo.jpg') },
  ],
}
const pieceOf = (i: number, changes: Partial<PrintContent> = {}): BatchPiece => ({
  pieceId: `piece-${i}`,
  language: 'fr',
  contentSha256: '0'.repeat(64),
  content: { ...branded, ...changes },
})
async function* stream(pieces: BatchPiece[]) {
  yield* pieces
}

let folder: string
let pdf: string
let outcomes: PieceOutcome[]
const compose = (into: string, pieces: BatchPiece[], onPiece?: (outcome: PieceOutcome) => void) =>
  composeBatch(stream(pieces), frDlRight, into, { number: 'R-1', revision: 1, createdAt, picture, onPiece })
const pieces = [
  pieceOf(1),
  pieceOf(2),
  pieceOf(3, { logo: { ...shown('1-logo.png'), file: '1-gone.png' } }),
  pieceOf(4, { legal: 'long '.repeat(100) }),
]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relais-letter-'))
  outcomes = []
  const { path = '' } = await compose(folder, pieces, (outcome) => outcomes.push(outcome))
  pdf = join(path, 'R-1-01.pdf')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('letters with pictures', () => {
  it('are excluded, each with its reason, when a picture is gone or a line does not fit', () => {
    expect(outcomes.map((one) => (one.outcome === 'composed' ? one.seq : one.reason))).toEqual([
      1,
      2,
      'MISSING_PICTURE',
      'OVERFLOW',
    ])
  })

  it('are sound PDFs in black only, each picture in them once', async () => {
    await tool('qpdf', '--check', pdf)
    expect(await tool('pdfinfo', pdf)).toMatch(/PDF subtype:\s+PDF\/X-4/)
    const ink = await tool('gs', '-q', '-o', '-', '-sDEVICE=inkcov', pdf)
    for (const line of ink.trim().split('\n'))
      expect(line).toMatch(/^\s*0\.00000\s+0\.00000\s+0\.00000\s+0\.\d+ CMYK OK/)
    const images = (await tool('pdfimages', '-list', pdf)).trim().split('\n').slice(2)
    const pictures = images.filter((line) => / gray /.test(line))
    expect(pictures).toHaveLength(6)
    for (const line of pictures) expect(line).toMatch(/ image +\d+ +\d+ +gray +1 +8 /)
    // The object each of them is: three, for the six that are drawn.
    expect(new Set(pictures.map((line) => line.trim().split(/\s+/)[10])).size).toBe(3)
    const raw = await readFile(pdf, 'latin1')
    for (const forbidden of ['/SMask', '/DeviceRGB']) expect(raw).not.toContain(forbidden)
  })

  it('are at least as fine as print asks', async () => {
    const images = (await tool('pdfimages', '-list', pdf)).trim().split('\n').slice(2)
    for (const line of images.filter((one) => / gray /.test(one)))
      expect(Number(line.trim().split(/\s+/)[12])).toBeGreaterThanOrEqual(149)
  })

  it('keep the envelope’s window clear of everything but the address', async () => {
    const dpi = 100
    const { x, y, width, height } = frDlRight.window
    const pixels = (millimetres: number) => Math.round((millimetres / 25.4) * dpi)
    const stem = join(folder, 'window')
    const crop = ['-x', pixels(x), '-y', pixels(y), '-W', pixels(width), '-H', pixels(height)].map(String)
    const inWindow = async (name: string, file: string) => {
      await tool(
        'pdftoppm',
        '-r',
        String(dpi),
        '-gray',
        '-singlefile',
        '-f',
        '1',
        '-l',
        '1',
        ...crop,
        file,
        `${stem}-${name}`,
      )
      return readFile(`${stem}-${name}.pgm`)
    }
    const plain = join(folder, 'plain.pdf')
    const { logo: _logo, partner: _partner, legal: _legal, ...bare } = branded
    const letter = { pieceId: 'piece-1', language: 'fr' as const, createdAt, isSpecimen: false, picture }
    await writeFile(plain, await renderLetterPdf({ ...letter, content: { ...bare, senderLines: ['Réseau'] } }))
    expect((await inWindow('branded', pdf)).equals(await inWindow('plain', plain))).toBe(true)
  })

  it('say what they said, with the partner and the legal line', async () => {
    const text = await tool('pdftotext', '-f', '1', '-l', '1', pdf, '-')
    for (const said of ['Réseau Horizon', 'avec Bâti Pro Lyon', '51000 Châlons-en-Champagne', 'assurance MAIF.'])
      expect(text).toContain(said)
  })

  it('come out the same byte for byte', async () => {
    const again = await mkdtemp(join(folder, 'again-'))
    const { path = '' } = await compose(again, pieces)
    expect((await readFile(join(path, 'R-1-01.pdf'))).equals(await readFile(pdf))).toBe(true)
  })
})

describe('the map of a journey in a letter', () => {
  const perInch = 72
  const paragraph = (text: string) => ({ type: 'paragraph' as const, runs: [{ text }] })
  /** The first page in greys, and where the words around the map stand on it, in pixels. */
  const drawnAs = async (name: string) => {
    const map = { file: `journey/${name}/fr`, width: 336, height: 236, alt: 'Winnipeg' }
    const blocks = [paragraph('Devant'), { type: 'picture' as const, picture: map }, paragraph('Derrière')]
    const bytes = await renderLetterPdf({
      ...{ pieceId: 'map', language: 'fr', createdAt, isSpecimen: false, picture: async (file) => printedMap(file) },
      content: { ...contents.print, blocks },
    })
    const path = join(folder, `${name}.pdf`)
    await writeFile(path, bytes)
    const boxes = await tool('pdftotext', '-bbox', '-f', '1', '-l', '1', path, '-')
    const lineOf = (word: string) => new RegExp(`yMin="([\\d.]+)"[^>]*yMax="([\\d.]+)">${word}<`).exec(boxes)!
    const ink = join(folder, name)
    await tool('pdftoppm', '-r', `${perInch}`, '-gray', '-f', '1', '-l', '1', '-singlefile', path, ink)
    const image = await readFile(`${ink}.pgm`)
    const [head, width = 0, height = 0] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(image.toString('latin1', 0, 40))!
    const text = await tool('pdftotext', '-f', '1', '-l', '1', path, '-')
    return {
      ...{ width: Number(width), height: Number(height), pixels: image.subarray(head.length), text },
      from: Math.ceil(Number(lineOf('Devant')[2])),
      to: Math.floor(Number(lineOf('Derrière')[1])),
    }
  }

  it('is ink between the words before and behind it, with the names of its stops', async () => {
    const { from, to, width, pixels, text } = await drawnAs('sled-race')
    // 236 of 150 an inch.
    expect(to - from).toBeGreaterThan((236 / 150) * perInch)
    const inked = pixels.subarray(from * width, to * width).filter((grey) => grey < 250).length
    expect(inked / ((to - from) * width)).toBeGreaterThan(0.05)
    expect(text).toMatch(/Vancouver[\s\S]*Halifax|Halifax[\s\S]*Vancouver/)
  })

  it('shows the own place, which goes east with every stop', async () => {
    const empty = await drawnAs('sled-race')
    const places = []
    for (const stop of [0, 4, 8]) {
      const own = await drawnAs(`sled-race-${stop}`)
      expect([own.from, own.to]).toEqual([empty.from, empty.to])
      const added = own.pixels.reduce<number[]>((all, grey, at) => {
        if (empty.pixels[at]! - grey > 60) all.push(at)
        return all
      }, [])
      // Only the map says more.
      expect(Math.min(...added)).toBeGreaterThanOrEqual(own.from * own.width)
      expect(Math.max(...added)).toBeLessThan(own.to * own.width)
      places.push(added.reduce((sum, at) => sum + (at % own.width), 0) / added.length)
    }
    expect(places[1]! - places[0]!).toBeGreaterThan(20)
    expect(places[2]! - places[1]!).toBeGreaterThan(20)
  })
})
