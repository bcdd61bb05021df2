import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import type { Rate } from '../../../results/rate.ts'
import type { ChannelName } from '../../../words.ts'
import type { View } from '../../view.ts'

const require = createRequire(import.meta.url)
const fonts = {
  regular: require.resolve('@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/ibm-plex-sans/700Bold/IBMPlexSans_700Bold.ttf'),
}

/** A4 in points. */
export const page = { width: 595.28, height: 841.89, margin: 45 }
export const inner = page.width - 2 * page.margin
export const across = { x: page.margin, width: inner }
export const ink = '#15272b'
export const soft = '#51646a'
export const faint = '#dce4e4'

const hue: Record<ChannelName, string> = {
  sms: '#6a4bc4',
  email: '#2268b4',
  print: '#b26a00',
  intranet: '#12807a',
  screen: '#b8396b',
}

/** The font has no narrow space that does not break. */
export const printable = (text: string): string => text.replaceAll('\u202f', '\u00a0')

export type Doc = InstanceType<typeof PDFDocument>

export interface Cut {
  x: number
  width: number
  align?: 'left' | 'right'
}

/** One line of text in a place, cut with an ellipsis rather than wrapped: what follows stands where it was set. */
export function put(doc: Doc, text: string, y: number, { x, width, align = 'left' }: Cut): void {
  doc.text(printable(text), x, y, { width, align, height: doc.currentLineHeight() * 1.2, ellipsis: true })
}

/** A rate as a mark in its interval, between 0 and 100 %. */
export function drawRate(doc: Doc, rate: Rate, channel: ChannelName, x: number, y: number, width: number): void {
  doc.lineWidth(0.5).strokeColor(faint)
  doc
    .moveTo(x, y)
    .lineTo(x + width, y)
    .stroke()
  for (const at of [0, 0.5, 1])
    doc
      .moveTo(x + at * width, y - 2)
      .lineTo(x + at * width, y + 2)
      .stroke()
  if (rate.is !== 'known') return
  doc.save().fillColor(hue[channel]).fillOpacity(0.3)
  doc.rect(x + rate.low * width, y - 3, Math.max(0.5, (rate.high - rate.low) * width), 6).fill()
  doc.restore()
  const at = x + rate.share * width
  doc
    .lineWidth(1.6)
    .strokeColor(hue[channel])
    .moveTo(at, y - 5)
    .lineTo(at, y + 5)
    .stroke()
}

export interface Line {
  cells: string[]
  rate: Rate
  channel: ChannelName
}

const cuts: Cut[] = [
  { x: page.margin, width: 118 },
  { x: page.margin + 122, width: 42, align: 'right' },
  { x: page.margin + 168, width: 42, align: 'right' },
  { x: page.margin + 214, width: 78, align: 'right' },
  { x: page.margin + 296, width: 78, align: 'right' },
  { x: page.margin + 452, width: inner - 452, align: 'right' },
]
const chartAt = { x: page.margin + 384, width: 64 }

/** A table whose last but one column is drawn; where it ends. */
export function table(doc: Doc, view: View, heads: string[], lines: Line[], most: number, top: number): number {
  let y = top
  doc.font('regular').fontSize(7.5).fillColor(soft)
  for (const [at, head] of heads.entries()) put(doc, head, y, cuts[at]!)
  y += 13
  for (const { cells, rate, channel } of lines.slice(0, most)) {
    doc
      .lineWidth(0.5)
      .strokeColor(faint)
      .moveTo(page.margin, y - 2)
      .lineTo(page.margin + inner, y - 2)
      .stroke()
    for (const [at, cell] of cells.entries()) {
      doc
        .font(at === 0 ? 'bold' : 'regular')
        .fontSize(8)
        .fillColor(ink)
      put(doc, cell, y + 1, cuts[at]!)
    }
    drawRate(doc, rate, channel, chartAt.x, y + 7, chartAt.width)
    y += 17
  }
  if (lines.length > most) {
    doc.font('regular').fontSize(7.5).fillColor(soft)
    put(doc, view.t('results.pdf.rest', { count: lines.length - most }), y, { x: page.margin, width: inner })
    y += 13
  }
  return y
}

/** A figure one remembers, what it is of, and on what it rests. */
export type Card = readonly [label: string, value: string, basis: string]

/** Cards beside one another, as wide as the page. */
export function drawCards(doc: Doc, cards: readonly Card[], y: number): void {
  const width = inner / cards.length
  for (const [at, [label, value, basis]] of cards.entries()) {
    const place = { x: page.margin + at * width, width: width - 8 }
    doc.font('regular').fontSize(8).fillColor(soft)
    put(doc, label, y, place)
    doc.font('bold').fontSize(10).fillColor(ink)
    put(doc, value, y + 12, place)
    doc.font('regular').fontSize(7).fillColor(soft)
    put(doc, basis, y + 29, place)
  }
}

/** A page of A4 with its title and the line below it; `draw` fills it. */
export async function onePage(
  view: View,
  { title, facts, now }: { title: string; facts: readonly string[]; now: Date },
  draw: (doc: Doc) => void,
): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    lang: view.language,
    displayTitle: true,
    info: { Title: title, Producer: 'Relais', Creator: 'Relais', CreationDate: now },
  })
  const parts: Uint8Array[] = []
  doc.on('data', (part: Uint8Array) => parts.push(part))
  const ended = new Promise<void>((resolve) => doc.on('end', () => resolve()))
  for (const [name, file] of Object.entries(fonts)) doc.registerFont(name, file)
  doc.font('bold').fontSize(18).fillColor(ink)
  put(doc, title, page.margin, across)
  doc.font('regular').fontSize(9).fillColor(soft)
  const made = view.t('results.pdf.made', { at: view.formats.short(now) })
  put(doc, [...facts, made].join(' · '), page.margin + 26, across)
  draw(doc)
  doc.end()
  await ended
  return Buffer.concat(parts)
}

/** The heading of a part of the page. */
export function drawHead(doc: Doc, text: string, y: number): void {
  doc.font('bold').fontSize(11).fillColor(ink)
  put(doc, text, y, across)
}

/** What is said in small at the end of the page. */
export function drawFoot(doc: Doc, text: string): void {
  doc.font('regular').fontSize(7.5).fillColor(soft)
  doc.text(printable(text), page.margin, page.height - page.margin - 22, { width: inner, height: 24 })
}
