import type { Db } from '../../../db/index.ts'
import type { Cell, ExportTable } from '../../../export/table.ts'
import type { Asked, StepResult } from '../../../results/funnel.ts'
import type { Measures } from '../../../results/measures.ts'
import { deliveryLines } from '../../../results/people.ts'
import { fewest, type Rate } from '../../../results/rate.ts'
import { type Dimension, type RollUpRow, rollUp, withheldGroup } from '../../../results/roll-up.ts'
import { actionRateOf, arrivalRateOf, costOfAction, openRateOf } from '../../../results/summary.ts'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import { groupName, groupOpens } from './groups.tsx'

/** Thousandths of a minor unit as units of the currency; what is no whole cent keeps its fractions. */
const units = (millis: number | undefined): Cell => (millis === undefined ? null : Math.round(millis) / 100_000)
const rounded = (share: number): number => Math.round(share * 1_000_000) / 1_000_000

/** A rate over four cells: the share, its interval, and on how many it was measured. What is too few is said. */
function rateCells({ t }: View, rate: Rate): Cell[] {
  if (rate.is === 'known') return [rounded(rate.share), rounded(rate.low), rounded(rate.high), rate.whole]
  return [rate.is === 'too few' ? t('results.fewer', { least: fewest }) : null, null, null, null]
}

const figureHeads = ({ t }: View, currency: string) =>
  [
    t('results.sent'),
    t('results.delivered'),
    t('results.opened'),
    t('results.columns.openShare'),
    t('results.columns.openLow'),
    t('results.columns.openHigh'),
    t('results.columns.openMeasured'),
    t('results.acted'),
    t('results.columns.actShare'),
    t('results.columns.actLow'),
    t('results.columns.actHigh'),
    t('results.columns.actMeasured'),
    t('results.trouble'),
    t('results.columns.costIn', { currency }),
    t('results.perActionHead'),
  ].map((head) => ({ head }))

const figureCells = (view: View, row: Measures, opens: Rate): Cell[] => [
  row.sent,
  arrivalRateOf(row).is === 'known' ? row.delivered : null,
  opens.is === 'known' ? opens.part : null,
  ...rateCells(view, opens),
  row.acted,
  ...rateCells(view, actionRateOf(row)),
  row.trouble,
  units(row.costMillis),
  units(costOfAction(row)),
]

/** A line for each step and channel. */
export function stepTable(view: View, steps: readonly StepResult[], currency: string): ExportTable {
  const { t } = view
  return {
    name: t('results.steps'),
    columns: [
      { head: t('results.step') },
      { head: t('results.channel') },
      { head: t('results.columns.isCopy') },
      { head: t('results.audience') },
      { head: t('results.decided') },
      ...figureHeads(view, currency),
    ],
    rows: steps.flatMap((step) =>
      step.channels.map((row) => [
        step.step,
        t(`channels.${row.channel}`),
        row.isCompanion ? t('ui.yes') : '',
        step.audience,
        row.isCompanion ? null : row.decided,
        ...figureCells(view, row, openRateOf(row)),
      ]),
    ),
  }
}

/** Why people got nothing, step by step. */
export function reasonTable(view: View, steps: readonly StepResult[]): ExportTable {
  const { t, language } = view
  return {
    name: t('results.why'),
    columns: [
      { head: t('results.step') },
      { head: t('results.channel') },
      { head: t('results.columns.status') },
      { head: t('results.reason') },
      { head: t('results.count') },
    ],
    rows: steps.flatMap(({ step, unreachable, failures }) => [
      ...unreachable.map(({ code, count }) => [step, '', t('results.noRoute'), reasonText(code, language), count]),
      ...failures.map(({ code, count, channel, status }) => [
        step,
        t(`channels.${channel}`),
        t(`statuses.${status}`),
        reasonText(code, language),
        count,
      ]),
    ]),
  }
}

const groupsAtOnce = 500

async function* groupRows(db: Db, asked: Asked, by: Dimension): AsyncGenerator<RollUpRow> {
  let after: readonly [string | number, string] | undefined
  do {
    const page = await rollUp(db, asked, { by, after, limit: groupsAtOnce })
    yield* page.rows
    after = page.next
  } while (after)
}

/** A line for each group, however many there are. */
export function groupTable(
  view: View,
  db: Db,
  asked: Asked,
  by: Dimension,
  titles: ReadonlyMap<string, Record<string, string>>,
): ExportTable {
  const { t } = view
  return {
    name: t(`results.by.${by}`),
    columns: [
      { head: t(`results.group.${by}`) },
      ...(by === 'site' ? [{ head: t('results.columns.code') }] : []),
      ...figureHeads(view, asked.currency),
    ],
    rows: (async function* () {
      const withheld = await withheldGroup(db, asked, by)
      for await (const row of groupRows(db, asked, by))
        yield [
          groupName(view, { by, titles }, row),
          ...(by === 'site' ? [row.code] : []),
          ...figureCells(view, row, groupOpens(row, withheld)),
        ]
    })(),
  }
}

/** A line for each delivery, with whom it was for. Of who did not agree to be measured, opens are left empty. */
export function peopleTable(view: View, db: Db, asked: Asked): ExportTable {
  const { t, language } = view
  const yesNo = (is: boolean | null): Cell => (is === null ? null : is ? t('ui.yes') : t('ui.no'))
  return {
    name: t('results.peopleFileName', { campaign: '' }).trim(),
    columns: [
      { head: t('results.step') },
      { head: t('results.channel') },
      { head: t('results.columns.isCopy') },
      { head: t('results.columns.code') },
      { head: t('results.columns.site') },
      { head: t('results.columns.region') },
      { head: t('results.columns.contact') },
      { head: t('results.columns.firstName') },
      { head: t('results.columns.lastName') },
      { head: t('results.columns.profile') },
      { head: t('results.columns.phone'), kind: 'phone' },
      { head: t('results.columns.email') },
      { head: t('results.columns.status') },
      { head: t('results.columns.reason') },
      { head: t('results.columns.sentAt') },
      { head: t('results.columns.deliveredAt') },
      { head: t('results.columns.opened') },
      { head: t('results.columns.acted') },
      { head: t('results.columns.costIn', { currency: asked.currency }) },
    ],
    rows: (async function* () {
      for await (const line of deliveryLines(db, asked)) {
        const { person, address } = line
        yield [
          line.step,
          t(`channels.${line.channel}`),
          line.isCompanion ? t('ui.yes') : '',
          line.siteCode,
          line.site,
          line.region,
          person?.externalId ?? '',
          person?.firstName ?? '',
          person?.lastName ?? '',
          person ? t(`profiles.${person.profile}`) : '',
          address?.kind === 'mobile' || address?.kind === 'phone' ? address.value : '',
          address?.kind === 'email' ? address.value : '',
          t(`statuses.${line.status}`),
          line.reason ? reasonText(line.reason, language) : '',
          line.sentAt,
          line.deliveredAt,
          yesNo(line.isOpened),
          yesNo(line.isActed),
          line.currency === asked.currency ? units(line.costMillis) : null,
        ] satisfies Cell[]
      }
    })(),
  }
}
