import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import type { StepResult } from '../../../results/funnel.ts'
import type { Rate } from '../../../results/rate.ts'
import { actionRateOf, costOfAction, openRateOf, totalsOf } from '../../../results/summary.ts'
import type { ChannelName } from '../../../words.ts'
import type { View } from '../../view.ts'
import { type Groups, groupName, groupOpens } from './groups.tsx'
import { basisText, rateText } from './rate-text.ts'

const require = createRequire(import.meta.url)
const fonts = {
  regular: require.resolve('@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf'),
  bold: require.resolve('@expo-google-fonts/ibm-plex-sans/700Bold/IBMPlexSans_700Bold.ttf'),
}

/** A4 in points. */
const page = { width: 595.28, height: 841.89, margin: 45 }
const inner = page.width - 2 * page.margin
const ink = '#15272b'
const soft = '#51646a'
const faint = '#dce4e4'
const mostSteps = 14
const mostGroups = 8

const hue: Record<ChannelName, string> = {
  sms: '#6a4bc4',
  email: '#2268b4',
  print: '#b26a00',
  intranet: '#12807a',
  screen: '#b8396b',
}

export interface Sheet {
  title: string
  facts: string[]
  steps: readonly StepResult[]
  regions: Groups
  currency: string
  /** Business time. */
  now: Date
}

/** The font has no narrow space that does not break. */
const printable = (text: string): string => text.replaceAll('\u202f', '\u00a0')

type Doc = InstanceType<typeof PDFDocument>

interface Cut {
  x: number
  width: number
  align?: 'left' | 'right'
}

/** One line of text in a place, cut with an ellipsis rather than wrapped: what follows stands where it was set. */
function put(doc: Doc, text: string, y: number, { x, width, align = 'left' }: Cut): void {
  doc.text(printable(text), x, y, { width, align, height: doc.currentLineHeight() * 1.2, ellipsis: true })
}

function figures(doc: Doc, view: View, { steps, currency }: Sheet, y: number): void {
  const { t, formats } = view
  const { all, arrival, opens, actions } = totalsOf(steps)
  const each = costOfAction(all)
  const note = (rate: Rate) => (rate.is === 'known' ? basisText(view, rate) : '')
  const cards: [string, string, string][] = [
    [t('results.sent'), formats.number(all.sent), t('results.sentOf', { all: all.planned })],
    [t('results.delivered'), rateText(view, arrival), ''],
    [t('results.opened'), rateText(view, opens), note(opens)],
    [t('results.acted'), rateText(view, actions), note(actions)],
    [
      t('results.cost'),
      formats.money(all.costMillis / 1_000, currency),
      each === undefined
        ? t('results.noAction')
        : t('results.perAction', { cost: formats.money(each / 1_000, currency) }),
    ],
  ]
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

/** A rate as a mark in its interval, between 0 and 100 %. */
function drawRate(doc: Doc, rate: Rate, channel: ChannelName, x: number, y: number, width: number): void {
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

interface Line {
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
function table(doc: Doc, view: View, heads: string[], lines: Line[], most: number, top: number): number {
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

/** A campaign's results on one A4 page, in the reader's language. */
export async function resultsPdf(view: View, sheet: Sheet): Promise<Uint8Array> {
  const { t, formats } = view
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    lang: view.language,
    displayTitle: true,
    info: { Title: sheet.title, Producer: 'Relais', Creator: 'Relais', CreationDate: sheet.now },
  })
  const parts: Uint8Array[] = []
  doc.on('data', (part: Uint8Array) => parts.push(part))
  const ended = new Promise<void>((resolve) => doc.on('end', () => resolve()))
  for (const [name, file] of Object.entries(fonts)) doc.registerFont(name, file)
  const across = { x: page.margin, width: inner }

  doc.font('bold').fontSize(18).fillColor(ink)
  put(doc, sheet.title, page.margin, across)
  doc.font('regular').fontSize(9).fillColor(soft)
  put(
    doc,
    [...sheet.facts, t('results.pdf.made', { at: formats.short(sheet.now) })].join(' · '),
    page.margin + 26,
    across,
  )
  figures(doc, view, sheet, page.margin + 54)

  const heads = [t('results.sent'), t('results.delivered'), t('results.opened'), t('results.acted'), t('results.cost')]
  const money = (millis: number) => formats.money(millis / 1_000, sheet.currency)
  const actedText = (row: Parameters<typeof actionRateOf>[0]) => {
    const rate = actionRateOf(row)
    return rate.is === 'known' ? rateText(view, rate) : formats.number(row.acted)
  }
  doc.font('bold').fontSize(11).fillColor(ink)
  put(doc, t('results.steps'), page.margin + 112, across)
  const lines = sheet.steps.flatMap(({ step, channels }) =>
    channels
      .filter(({ isCompanion }) => !isCompanion)
      .map((row): Line => {
        const isMail = row.channel === 'email' && row.openable > 0
        return {
          cells: [
            `${step} · ${t(`channels.${row.channel}`)}`,
            formats.number(row.sent),
            row.channel === 'print' && row.delivered === 0 ? t('results.notSaid') : formats.number(row.delivered),
            isMail ? rateText(view, openRateOf(row)) : t('results.notSaid'),
            actedText(row),
            money(row.costMillis),
          ],
          rate: actionRateOf(row),
          channel: row.channel,
        }
      }),
  )
  let y = table(doc, view, [t('results.step'), ...heads], lines, mostSteps, page.margin + 132)

  y += 18
  doc.font('bold').fontSize(11).fillColor(ink)
  put(doc, t('results.pdf.byRegion'), y, across)
  const regions = sheet.regions.rows.map(
    (row): Line => ({
      cells: [
        groupName(view, sheet.regions, row),
        formats.number(row.sent),
        formats.number(row.delivered),
        row.openable > 0 ? rateText(view, groupOpens(row, sheet.regions.withheld)) : t('results.notSaid'),
        actedText(row),
        money(row.costMillis),
      ],
      rate: actionRateOf(row),
      channel: 'intranet',
    }),
  )
  table(doc, view, [t('results.group.region'), ...heads], regions, mostGroups, y + 20)

  doc.font('regular').fontSize(7.5).fillColor(soft)
  doc.text(printable(t('results.pdf.foot')), page.margin, page.height - page.margin - 22, { width: inner, height: 24 })
  doc.end()
  await ended
  return Buffer.concat(parts)
}
