import { fewest, type Rate } from '../../../results/rate.ts'
import type { View } from '../../view.ts'

type Said = Pick<View, 't' | 'formats'>

type Known = Extract<Rate, { is: 'known' }>

/** Between what a share lies, in whole percents: [44–65 %]. */
export const intervalText = ({ t, formats }: Said, { low, high }: Known): string =>
  t('results.interval', { low: formats.number(Math.round(low * 100)), high: formats.share(high, 1) })

/** A share with its interval: 55 % [44–65 %]. */
export const shareText = (view: Said, rate: Known): string =>
  `${view.formats.share(rate.share, 1)} ${intervalText(view, rate)}`

/** What a rate rests on: measured on 80 (20 %). */
export const basisText = ({ t, formats }: Said, { whole, coverage }: Known): string =>
  t('results.measuredOn', { whole, coverage: formats.share(coverage, 1) })

/** A rate in words where there is none, else the share with its interval. */
export function rateText(view: Said, rate: Rate): string {
  if (rate.is === 'known') return shareText(view, rate)
  return rate.is === 'too few' ? view.t('results.fewer', { least: fewest }) : view.t('results.unmeasured')
}

/** The whole sentence about opens, for who reads one figure and no table. */
export const openSentence = (view: Said, rate: Known): string =>
  view.t('results.openRate', {
    share: view.formats.share(rate.share, 1),
    interval: intervalText(view, rate),
    whole: rate.whole,
    coverage: view.formats.share(rate.coverage, 1),
  })
