import type { Language, LetterBlock, PrintContent, PrintPicture } from '../../src/channel.ts'
import { addressProblem, postalLines } from './address.ts'
import { PieceExcluded } from './exclusion.ts'
import type { FaceName } from './fonts.ts'
import { bodySize, missingPicture, sizeIn } from './pictures.ts'
import { type Frame, POINTS, type PrintProfile } from './profile.ts'
import { qrMask } from './qr.ts'
import { breakLines, frenchSpaces, type Line, type Run, type Shape, wordsOf } from './typeset.ts'

/** One letter to be set. */
export interface Letter {
  pieceId: string
  content: PrintContent
  language: Language
}

export interface LetterOptions {
  /** Printed small at the foot before the piece's id, such as the batch and the place in it. */
  mark: string
  /** Across every page of what must never be posted. */
  isSpecimen: boolean
  /** The resource a picture is drawn by, once the document has it. */
  pictureOf?(file: string): string | undefined
}

/** The pages of a letter as PDF content streams (latin1), and its address as printed. */
export interface SetLetter {
  pages: string[]
  addressLines: string[]
}

const SIZE = 10.5
const LEADING = 14.5
const HEADING = { size: 12, leading: 16, before: 8 } as const
const TITLE = { size: 13, leading: 17 } as const
const PARAGRAPH_GAP = 6
const LIST_INDENT = 14

/** Lines that must stand together where a paragraph begins: two, or all of three, since neither page may keep one. */
const headLines = (lines: number): number => (lines <= 3 ? lines : 2)

/** Number as PDF writes it: short, never in exponent form. */
const n = (value: number): string => String(Math.round(value * 1000) / 1000)

/**
 * Sets a letter: sender, address in the window, date, title, blocks, QR code, and at the foot of every page the
 * piece it belongs to. Throws PieceExcluded when it cannot be printed whole; nothing is ever cut, shrunk or dropped.
 */
export function setLetter(
  letter: Letter,
  profile: PrintProfile,
  shape: Shape,
  resourceOf: ResourceOf,
  options: LetterOptions,
): SetLetter {
  const { content, language } = letter
  const addressLines = postalLines(content.addressLines)
  const problem = addressProblem(addressLines, content.postcode, content.country)
  if (problem) throw new PieceExcluded('ADDRESS_INVALID', problem.detail)

  const pages: string[][] = []
  const height = profile.sheet.height * POINTS
  const bottom = profile.body.bottom * POINTS
  const left = profile.body.left * POINTS
  const measure = profile.body.width * POINTS
  let y = 0

  const page = (): string[] => pages.at(-1) ?? openPage()
  const openPage = (): string[] => {
    if (pages.length >= profile.maxPages) {
      throw new PieceExcluded('OVERFLOW', `The letter is longer than ${profile.maxPages} pages.`)
    }
    const opened = ['0 0 0 1 k']
    pages.push(opened)
    if (options.isSpecimen) opened.push(specimen(profile, language, shape, resourceOf))
    y = (pages.length === 1 ? profile.body.firstTop : profile.body.nextTop) * POINTS
    return opened
  }
  const tidy = (text: string) => (language === 'fr' ? frenchSpaces(text) : text)
  const tidyRuns = (runs: readonly Run[]) => runs.map((run) => ({ ...run, text: tidy(run.text) }))
  const spaceOf = (face: FaceName) => shape(face, ' ').width
  const put = (line: Line, x: number, baseline: number, size: number) => {
    page().push(textLine(line, x, height - baseline, size, shape, resourceOf))
  }
  const linesOf = (runs: readonly Run[], width: number, size: number, isJustified: boolean): Line[] =>
    wordsOf(tidyRuns(runs), shape).flatMap((words) =>
      breakLines(words, (width / size) * 1000, spaceOf('regular'), isJustified),
    )
  const plain = (text: string, face: FaceName): Line => ({
    words: [{ spans: [{ face, text, shaped: shape(face, text) }], width: shape(face, text).width, isGlued: false }],
    stretch: 0,
  })

  /** Lines on this page and the next ones, at least two together at a page's foot and head. */
  const flow = (lines: Line[], x: number, size: number, leading: number, keep = 0) => {
    lines.forEach((line, i) => {
      const rest = lines.length - i
      const together = i === 0 ? headLines(lines.length) + keep : rest === 2 ? 2 : 1
      if (y + together * leading > bottom) openPage()
      y += leading
      put(line, x, y, size)
    })
  }

  /** Its top left corner in points from the sheet's. */
  const draw = (picture: PrintPicture, x: number, top: number, size: { width: number; height: number }) => {
    const resource = options.pictureOf?.(picture.file)
    if (resource === undefined) throw missingPicture(picture.file)
    page().push(
      `q ${n(size.width)} 0 0 ${n(size.height)} ${n(x)} ${n(height - top - size.height)} cm /${resource} Do Q`,
    )
  }

  openPage()
  letterhead(content, profile, { linesOf, put, draw })
  addressLines.forEach((line, i) => {
    const { x, firstBaseline, size, leading } = profile.address
    put(plain(line, 'mono'), x * POINTS, firstBaseline * POINTS + i * leading, size)
  })
  if (content.dateLine.trim() !== '') {
    put(plain(content.dateLine.trim(), 'regular'), profile.date.x * POINTS, profile.date.baseline * POINTS, SIZE)
  }
  const title = content.title.trim()
  const [first] = content.blocks
  if (title !== '' && !(first?.type === 'heading' && first.text.trim() === title)) {
    flow(linesOf([{ text: title, bold: true }], measure, TITLE.size, false), left, TITLE.size, TITLE.leading, 1)
    y += PARAGRAPH_GAP
  }
  for (const block of content.blocks) setBlock(block)
  if (content.qr) setQr(content.qr)

  function setBlock(block: LetterBlock): void {
    if (block.type === 'heading') {
      y += HEADING.before
      const lines = linesOf([{ text: block.text, bold: true }], measure, HEADING.size, false)
      // A heading stays with the two lines it announces.
      flow(lines, left, HEADING.size, HEADING.leading, 2)
    } else if (block.type === 'picture') {
      const size = bodySize(block.picture, profile)
      if (y + size.height > bottom) openPage()
      draw(block.picture, left, y + 4, size)
      y += size.height + 8
    } else if (block.type === 'paragraph') {
      flow(linesOf(block.runs, measure, SIZE, true), left, SIZE, LEADING)
    } else {
      for (const item of block.items) {
        const lines = linesOf(item, measure - LIST_INDENT, SIZE, true)
        const [head] = lines
        if (!head) continue
        if (y + headLines(lines.length) * LEADING > bottom) openPage()
        put(plain('•', 'regular'), left + 3, y + LEADING, SIZE)
        flow(lines, left + LIST_INDENT, SIZE, LEADING)
      }
    }
    y += PARAGRAPH_GAP
  }

  function setQr(qr: { url: string; label: string }): void {
    const side = profile.qr * POINTS
    // Four modules of quiet around the code (ISO/IEC 18004): 6 mm cover every version in use.
    const quiet = 6 * POINTS
    const beside = left + side + quiet
    const label = linesOf([{ text: qr.label, bold: true }], measure - side - quiet, SIZE, false)
    const address = plain(qr.url.replace(/^https?:\/\//, ''), 'mono')
    if (widthOf(address, 8) > measure)
      throw new PieceExcluded('OVERFLOW', `The address ${qr.url} is wider than the text.`)
    const needed = quiet / 2 + Math.max(side, label.length * LEADING) + 16
    if (y + needed > bottom) openPage()
    const top = y + quiet / 2
    page().push(`q ${n(side)} 0 0 ${n(side)} ${n(left)} ${n(height - top - side)} cm ${qrMask(qr.url)} Q`)
    label.forEach((line, i) => {
      put(line, beside, top + (side - label.length * LEADING) / 2 + (i + 1) * LEADING - 3, SIZE)
    })
    put(address, left, top + side + 12, 8)
    y = top + side + 16
  }

  pages.forEach((ops, i) => {
    const { x, baseline, size } = profile.footer
    const text = [options.mark, letter.pieceId, `${i + 1}/${pages.length}`].filter((part) => part !== '').join('  ')
    ops.push(textLine(plain(text, 'mono'), x * POINTS, height - baseline * POINTS, size, shape, resourceOf))
  })
  return { pages: pages.map((ops) => ops.join('\n')), addressLines }
}

type ResourceOf = (face: FaceName) => string

interface Pen {
  linesOf: (runs: readonly Run[], width: number, size: number, isJustified: boolean) => Line[]
  put: (line: Line, x: number, baseline: number, size: number) => void
  draw: (picture: PrintPicture, x: number, top: number, size: { width: number; height: number }) => void
}

/** Lines under one another in a frame; the first is larger where it is a name. */
function setLines(texts: readonly string[], frame: Frame, top: number, { linesOf, put }: Pen, tooLong: string): void {
  let baseline = top
  texts.forEach((text, i) => {
    const size = i === 0 ? 11 : 9
    for (const line of linesOf([{ text, bold: i === 0 }], frame.width * POINTS, size, false)) {
      baseline += size * 1.3
      if (baseline > (frame.y + frame.height) * POINTS) throw new PieceExcluded('OVERFLOW', tooLong)
      put(line, frame.x * POINTS, baseline, size)
    }
  })
}

/** A logo is at least this fine in print, or smaller: pixels an inch. */
const LOGO_PPI = 150

/** Sender, partner and legal line, all of them clear of the envelope's window. */
function letterhead(content: PrintContent, profile: PrintProfile, pen: Pen): void {
  const place = (picture: PrintPicture | undefined, frame: Frame, room = frame): number => {
    if (!picture) return frame.y * POINTS
    const size = sizeIn(room, picture, LOGO_PPI)
    pen.draw(picture, frame.x * POINTS, frame.y * POINTS, size)
    return frame.y * POINTS + size.height + 5
  }
  const { sender, logo, partner, legal } = profile
  const top = content.logo ? place(content.logo, logo) : sender.y * POINTS
  setLines(content.senderLines, sender, top, pen, 'The sender lines do not fit above the window; shorten them.')
  if (content.partner) {
    const below = place(content.partner.logo, partner, { ...partner, height: logo.height })
    setLines([content.partner.name], partner, below, pen, 'The partner’s name does not fit; shorten it.')
  }
  if (!content.legal) return
  const lines = pen.linesOf([{ text: content.legal }], legal.width * POINTS, legal.size, false)
  if (lines.length > legal.lines)
    throw new PieceExcluded('OVERFLOW', `The legal line takes more than ${legal.lines} lines; shorten it.`)
  lines.forEach((line, i) => {
    pen.put(line, legal.x * POINTS, (legal.baseline + i * legal.leading) * POINTS, legal.size)
  })
}

const widthOf = (line: Line, size: number): number =>
  (line.words.reduce((sum, word) => sum + word.width, 0) * size) / 1000

/** A line as one text object; real spaces stand between words, so that the text can be searched and checked. */
function textLine(line: Line, x: number, y: number, size: number, shape: Shape, resourceOf: ResourceOf): string {
  const out = [`BT 1 0 0 1 ${n(x)} ${n(y)} Tm`]
  let face: FaceName | undefined
  let operands = ''
  const flush = () => {
    if (operands !== '') out.push(`[${operands}]TJ`)
    operands = ''
  }
  const use = (next: FaceName) => {
    if (next === face) return
    flush()
    face = next
    out.push(`/${resourceOf(next)} ${n(size)} Tf`)
  }
  line.words.forEach((word, i) => {
    if (i > 0 && !word.isGlued) {
      if (face === undefined) use('regular')
      const space = shape(face ?? 'regular', ' ')
      // Every space measures as the regular one did when the line was broken.
      const correction = shape('regular', ' ').width - space.width + line.stretch
      operands += `${space.operands}${correction === 0 ? '' : n(-correction)}`
    }
    for (const span of word.spans) {
      use(span.face)
      operands += span.shaped.operands
    }
  })
  flush()
  out.push('ET')
  return out.join(' ')
}

/** Grey of black only, drawn first: no transparency, and the text stays readable on it. */
function specimen(profile: PrintProfile, language: Language, shape: Shape, resourceOf: ResourceOf): string {
  const word = shape('bold', language === 'fr' ? 'SPÉCIMEN' : 'SPECIMEN')
  const size = 104
  const angle = Math.PI / 4
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const half = (word.width * size) / 2000
  const x = (profile.sheet.width * POINTS) / 2 - half * cos + (size / 3) * sin
  const y = (profile.sheet.height * POINTS) / 2 - half * sin - (size / 3) * cos
  return [
    '0 0 0 0.1 k',
    `BT /${resourceOf('bold')} ${size} Tf ${n(cos)} ${n(sin)} ${n(-sin)} ${n(cos)} ${n(x)} ${n(y)} Tm [${word.operands}]TJ ET`,
    '0 0 0 1 k',
  ].join('\n')
}
