import type { ChallengeRules } from '../../../challenge/definition.ts'
import {
  type Counts,
  type Grouping,
  type GroupRow,
  outletPage,
  type ReportAsked,
} from '../../../challenge/report/groups.ts'
import { type ChallengeReport, costOf, costPerActive } from '../../../challenge/report/report.ts'
import { leastOutlets, type SalesEffect } from '../../../challenge/report/sales-effect.ts'
import type { Db } from '../../../db/index.ts'
import { type Uplift, upliftOf } from '../../../engagement/uplift.ts'
import type { Cell, ExportTable } from '../../../export/table.ts'
import type { View } from '../../view.ts'
import { upliftText } from '../results/effect-panel.tsx'
import { groupTitle } from './figures.ts'

/** Minor units as units of the currency. */
const units = (cents: number | undefined): Cell => (cents === undefined ? null : Math.round(cents * 1_000) / 100_000)

const heads = ({ t }: View, currency: string) =>
  [
    t('challengeReport.invited'),
    t('challengeReport.registered'),
    t('challengeReport.active'),
    t('challengeReport.columns.withdrawn'),
    t('challengeReport.columns.invitedOutlets'),
    t('challengeReport.columns.registeredOutlets'),
    t('challengeReport.columns.activeOutlets'),
    t('ranking.points'),
    t('challengeReport.columns.messages', { currency }),
    t('challengeReport.columns.prizes', { currency }),
    t('challengeReport.columns.cost', { currency }),
    t('challengeReport.columns.perActive', { currency }),
  ].map((head) => ({ head }))

const cells = (rules: ChallengeRules, row: Counts): Cell[] => [
  ...[row.invited, row.registered, row.active, row.withdrawn],
  ...[row.invitedOutlets, row.registeredOutlets, row.activeOutlets, row.points],
  units(row.messagesMillis / 1_000),
  units(row.prizesCents),
  units(costOf(row)),
  units(costPerActive(rules, row)),
]

/** The whole in one line, and under it what it changed, in words. */
export function wholeTable(
  view: View,
  { challenge: { rules }, currency, scope }: ReportAsked,
  report: ChallengeReport,
): ExportTable {
  const { t } = view
  return {
    name: t('challengeReport.participation'),
    columns: [{ head: '' }, ...heads(view, currency)],
    rows: [
      [t('challengeReport.whole'), ...cells(rules, report.whole)],
      ...(scope.of === 'network' ? [[t('challengeReport.uplift'), upliftSentence(view, report)]] : []),
      ...report.sales.map((sales) => [t('challengeReport.sales.title'), salesSentence(view, sales)]),
    ],
  }
}

/** What the challenge changed beyond being answered, with its interval, or that it cannot be told and why. */
export function upliftSentence(view: View, { effect }: Pick<ChallengeReport, 'effect'>): string {
  const uplift: Uplift = effect
    ? upliftOf({ ...effect.unprompted, campaigns: 1 })
    : { isMeasurable: false, reason: 'no_holdout' }
  return upliftText(view, uplift)
}

/** What outlets sold more or less, per outlet with its interval, or that it cannot be told and why. */
export function salesSentence({ t, formats }: View, sales: SalesEffect): string {
  const measure = sales.measure ?? ''
  if (!sales.isMeasurable)
    return [
      t('results.effect.notMeasurable'),
      t(`challengeReport.sales.why.${sales.reason}`, {
        ...{ measure, least: leastOutlets },
        ...{ treated: sales.treatedOutlets ?? 0, heldOut: sales.heldOutOutlets ?? 0 },
      }),
    ].join(' ')
  const { months, treated, heldOut, difference } = sales
  const amount = (value: number) => formats.number(Math.round(value * 10) / 10)
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${amount(Math.abs(value))}`
  const verdict = difference.low > 0 ? 'more' : difference.high < 0 ? 'less' : 'none'
  return [
    t('challengeReport.sales.difference', {
      ...{ measure, from: months.from, until: months.until },
      ...{ value: signed(difference.value), low: signed(difference.low), high: signed(difference.high) },
      ...{ treated: amount(treated.mean), treatedOutlets: formats.number(treated.outlets) },
      ...{ heldOut: amount(heldOut.mean), heldOutOutlets: formats.number(heldOut.outlets) },
    }),
    t(`results.effect.${verdict}`),
  ].join(' ')
}

/** A line for each league, region or tier. */
export function groupTable(
  view: View,
  rules: ChallengeRules,
  report: ChallengeReport,
  by: Exclude<Grouping, 'site'>,
  currency: string,
): ExportTable {
  return {
    name: view.t(`challengeReport.by.${by}`),
    columns: [{ head: view.t(`challengeReport.group.${by}`) }, ...heads(view, currency)],
    rows: report.groups[by].map((row) => [groupTitle(view, by, row), ...cells(rules, row)]),
  }
}

const outletsInExport = 500

async function* outletRows(db: Db, asked: ReportAsked): AsyncGenerator<GroupRow> {
  let after: string | undefined
  do {
    const page = await outletPage(db, asked, after, outletsInExport)
    yield* page.rows
    after = page.next
  } while (after)
}

/** A line for each outlet, however many there are. */
export function outletTable(view: View, db: Db, asked: ReportAsked): ExportTable {
  const { t } = view
  return {
    name: t('challengeReport.by.site'),
    columns: [
      { head: t('results.columns.code') },
      { head: t('challengeReport.group.site') },
      ...heads(view, asked.currency),
    ],
    rows: (async function* () {
      for await (const row of outletRows(db, asked)) yield [row.code, row.name, ...cells(asked.challenge.rules, row)]
    })(),
  }
}
