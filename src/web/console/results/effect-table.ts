import { type Uplift, upliftOf } from '../../../engagement/uplift.ts'
import type { Cell, ExportTable } from '../../../export/table.ts'
import type { Effect, Sides } from '../../../results/effect.ts'
import type { View } from '../../view.ts'
import { upliftText } from './effect-panel.tsx'

export const outcomes = ['acted', 'unprompted'] as const

const rounded = (share: number): number => Math.round(share * 1_000_000) / 1_000_000

const sideCells = ({ acted, people }: Sides['treated']): Cell[] => [
  acted,
  people,
  people === 0 ? null : rounded(acted / people),
]

/** The difference and its interval, as shares; nothing where chance alone could have made one. */
const differenceCells = (uplift: Uplift): Cell[] =>
  uplift.isMeasurable
    ? [rounded(uplift.difference.value), rounded(uplift.difference.low), rounded(uplift.difference.high)]
    : [null, null, null]

/** What the campaign changed, beside those left out by lot: a line for each outcome, empty without a control group. */
export function effectTable(view: View, effect: Effect | undefined): ExportTable {
  const { t } = view
  const heads = [
    'treatedActed',
    'treatedPeople',
    'treatedShare',
    'heldOutActed',
    'heldOutPeople',
    'heldOutShare',
  ] as const
  return {
    name: t('results.effect.sheet'),
    columns: [
      { head: t('results.effect.what') },
      ...heads.map((head) => ({ head: t(`results.effect.columns.${head}`) })),
      { head: t('results.effect.change') },
      { head: t('results.effect.columns.low') },
      { head: t('results.effect.columns.high') },
      { head: t('results.effect.columns.reading') },
    ],
    rows: effectsOf(effect).map(({ outcome, sides, uplift }) => [
      t(`results.effect.${outcome}`),
      ...sideCells(sides.treated),
      ...sideCells(sides.heldOut),
      ...differenceCells(uplift),
      upliftText(view, uplift),
    ]),
  }
}

/** Each outcome with what may be said of it; none before the first step. */
export const effectsOf = (effect: Effect | undefined) =>
  effect
    ? outcomes.map((outcome) => ({
        outcome,
        sides: effect[outcome],
        uplift: upliftOf({ ...effect[outcome], campaigns: 1 }),
      }))
    : []
