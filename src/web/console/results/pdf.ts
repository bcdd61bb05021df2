import type { StepResult } from '../../../results/funnel.ts'
import type { Rate } from '../../../results/rate.ts'
import { actionRateOf, costOfAction, openRateOf, totalsOf } from '../../../results/summary.ts'
import type { View } from '../../view.ts'
import { type Groups, groupName, groupOpens } from './groups.tsx'
import { type Card, type Doc, drawCards, drawFoot, drawHead, type Line, onePage, page, table } from './pdf-parts.ts'
import { basisText, rateText } from './rate-text.ts'

const mostSteps = 14
const mostGroups = 8

export interface Sheet {
  title: string
  facts: string[]
  steps: readonly StepResult[]
  regions: Groups
  currency: string
  /** Business time. */
  now: Date
}

function figures(doc: Doc, view: View, { steps, currency }: Sheet, y: number): void {
  const { t, formats } = view
  const { all, arrival, opens, actions } = totalsOf(steps)
  const each = costOfAction(all)
  const note = (rate: Rate) => (rate.is === 'known' ? basisText(view, rate) : '')
  const cards: Card[] = [
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
  drawCards(doc, cards, y)
}

/** A campaign's results on one A4 page, in the reader's language. */
export async function resultsPdf(view: View, sheet: Sheet): Promise<Uint8Array> {
  const { t, formats } = view
  return onePage(view, sheet, (doc) => {
    figures(doc, view, sheet, page.margin + 54)

    const heads = [
      t('results.sent'),
      t('results.delivered'),
      t('results.opened'),
      t('results.acted'),
      t('results.cost'),
    ]
    const money = (millis: number) => formats.money(millis / 1_000, sheet.currency)
    const actedText = (row: Parameters<typeof actionRateOf>[0]) => {
      const rate = actionRateOf(row)
      return rate.is === 'known' ? rateText(view, rate) : formats.number(row.acted)
    }
    drawHead(doc, t('results.steps'), page.margin + 112)
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
    drawHead(doc, t('results.pdf.byRegion'), y)
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

    drawFoot(doc, t('results.pdf.foot'))
  })
}
