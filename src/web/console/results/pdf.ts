import type { Effect } from '../../../results/effect.ts'
import type { StepResult } from '../../../results/funnel.ts'
import type { Rate } from '../../../results/rate.ts'
import { actionRateOf, costOfAction, openRateOf, totalsOf } from '../../../results/summary.ts'
import type { View } from '../../view.ts'
import { upliftText } from './effect-panel.tsx'
import { effectsOf } from './effect-table.ts'
import { type Groups, groupName, groupOpens } from './groups.tsx'
import {
  across,
  type Card,
  type Doc,
  drawCards,
  drawFoot,
  drawHead,
  ink,
  inner,
  type Line,
  onePage,
  page,
  put,
  soft,
  table,
} from './pdf-parts.ts'
import { basisText, rateText } from './rate-text.ts'

const mostSteps = 14
const mostGroups = 8

export interface Sheet {
  title: string
  facts: string[]
  steps: readonly StepResult[]
  regions: Groups
  /** Undefined before the first step, and where only a part of the network is shown. */
  effect: Effect | undefined
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

/** What those left out by lot did beside the others, in two lines, never a figure that chance alone could have made. */
function drawEffect(doc: Doc, view: View, effect: Effect, top: number): void {
  const { t, formats } = view
  drawHead(doc, t('results.effect.title'), top)
  let y = top + 20
  for (const { outcome, sides, uplift } of effectsOf(effect)) {
    const side = (name: 'treated' | 'heldOut') =>
      `${t(`results.effect.${name}`)} ${formats.share(sides[name].acted, sides[name].people)} (${t('results.effect.ofPeople', { acted: formats.number(sides[name].acted), count: sides[name].people })})`
    doc.font('bold').fontSize(8).fillColor(ink)
    put(doc, t(`results.effect.${outcome}`), y, { x: page.margin, width: 150 })
    doc.font('regular')
    put(doc, `${side('treated')} · ${side('heldOut')}`, y, { x: page.margin + 154, width: inner - 154 })
    doc.fontSize(7.5).fillColor(soft)
    put(doc, upliftText(view, uplift), y + 12, across)
    y += 28
  }
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
    y = table(doc, view, [t('results.group.region'), ...heads], regions, mostGroups, y + 20)
    if (sheet.effect) drawEffect(doc, view, sheet.effect, y + 18)

    drawFoot(doc, t('results.pdf.foot'))
  })
}
