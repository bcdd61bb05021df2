import type { Challenge } from '../../../challenge/challenge.ts'
import type { Grouping } from '../../../challenge/report/groups.ts'
import type { ChallengeReport } from '../../../challenge/report/report.ts'
import { rateOf } from '../../../results/rate.ts'
import { actionRateOf, openRateOf } from '../../../results/summary.ts'
import type { View } from '../../view.ts'
import {
  across,
  type Doc,
  drawCards,
  drawFoot,
  drawHead,
  ink,
  type Line,
  onePage,
  page,
  printable,
  table,
} from '../results/pdf-parts.ts'
import { rateText } from '../results/rate-text.ts'
import { costTexts, groupTitle, stagesOf } from './figures.ts'
import { salesSentence, upliftSentence } from './files.ts'

const mostSteps = 12
const mostGroups = 6
/** Steps that give way to what is said of sales. */
const stepsForSales = 4

export interface ReportSheet {
  title: string
  facts: readonly string[]
  challenge: Challenge
  report: ChallengeReport
  currency: string
  /** The reader sees some sites only. */
  isPart: boolean
  /** Business time. */
  now: Date
}

function groups(
  doc: Doc,
  view: View,
  { challenge: { rules }, report, currency }: ReportSheet,
  by: Exclude<Grouping, 'site'>,
  y: number,
): number {
  const { t, formats } = view
  drawHead(doc, t(`challengeReport.by.${by}`), y)
  const lines = report.groups[by].map((row): Line => {
    const stages = stagesOf(rules, row)
    const [invited, registered, active] = stages.map(({ count }) => count) as [number, number, number]
    const cost = costTexts(view, rules, row, currency)
    return {
      cells: [
        groupTitle(view, by, row),
        ...[invited, registered, active].map((count) => formats.number(count)),
        cost.all,
        cost.each,
      ],
      rate: rateOf(registered, invited, invited),
      channel: 'intranet',
    }
  })
  const heads = [
    t(`challengeReport.group.${by}`),
    ...(['invited', 'registered', 'active', 'cost', 'perActive'] as const).map((name) => t(`challengeReport.${name}`)),
  ]
  return table(doc, view, heads, lines, mostGroups, y + 18)
}

/** What a challenge came to on one A4 page, in the reader's language. */
export const reportPdf = (view: View, sheet: ReportSheet): Promise<Uint8Array> =>
  onePage(view, sheet, (doc) => {
    const { t, formats } = view
    const { challenge, report, currency } = sheet
    const { rules } = challenge
    const cost = costTexts(view, rules, report.whole, currency)
    drawCards(
      doc,
      [
        ...stagesOf(rules, report.whole).map(
          ({ name, count, of }) =>
            [
              t(`challengeReport.${name}`),
              formats.number(count),
              of === undefined || of === 0 ? '' : t(`challengeReport.of.${name}`, { share: formats.share(count, of) }),
            ] as const,
        ),
        [t('challengeReport.cost'), cost.all, ''],
        [t('challengeReport.perActive'), cost.each, ''],
      ],
      page.margin + 54,
    )
    let y = page.margin + 106
    if (!sheet.isPart) {
      drawHead(doc, t('challengeReport.uplift'), y)
      doc.font('regular').fontSize(8.5).fillColor(ink)
      doc.text(printable(upliftSentence(view, report)), page.margin, y + 17, { width: across.width, height: 34 })
      y += 58
      for (const sales of report.sales.slice(0, 1)) {
        drawHead(doc, t('challengeReport.sales.title'), y)
        doc.font('regular').fontSize(8.5).fillColor(ink)
        doc.text(printable(salesSentence(view, sales)), page.margin, y + 17, { width: across.width, height: 34 })
        y += 58
      }
    }
    drawHead(doc, t('challengeReport.steps'), y)
    const lines = report.steps.flatMap(({ step, dueAt, channels }) =>
      channels
        .filter(({ isCompanion }) => !isCompanion)
        .map((row): Line => {
          const acted = actionRateOf(row)
          return {
            cells: [
              `${step} · ${t(`channels.${row.channel}`)} · ${formats.date(dueAt)}`,
              formats.number(row.sent),
              row.channel === 'print' && row.delivered === 0 ? t('results.notSaid') : formats.number(row.delivered),
              row.channel === 'email' && row.openable > 0 ? rateText(view, openRateOf(row)) : t('results.notSaid'),
              acted.is === 'known' ? rateText(view, acted) : formats.number(row.acted),
              formats.money(row.costMillis / 1_000, currency),
            ],
            rate: acted,
            channel: row.channel,
          }
        }),
    )
    const heads = [
      t('results.step'),
      t('results.sent'),
      t('results.delivered'),
      t('results.opened'),
      t('results.acted'),
    ]
    y = table(
      doc,
      view,
      [...heads, t('results.cost')],
      lines,
      mostSteps - (report.sales.length > 0 ? stepsForSales : 0),
      y + 18,
    )
    for (const by of ['league', 'region', 'tier'] as const) {
      if (report.groups[by].length < 2) continue
      y = groups(doc, view, sheet, by, y + 14)
    }
    drawFoot(doc, t('challengeReport.pdfFoot'))
  })
