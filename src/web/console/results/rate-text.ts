import { fewest, type Rate } from '../../../results/rate.ts'
import type { View } from '../../view.ts'

type Said = Pick<View, 't' | 'formats'>

/** A share as whole percents, and its interval between brackets: 55 % [44–65 %]. */
export const shareText = ({ t, formats }: Said, { share, low, high }: Extract<Rate, { is: 'known' }>): string =>
  `${formats.share(share, 1)} ${t('results.interval', {
    low: formats.number(Math.round(low * 100)),
    high: formats.share(high, 1),
  })}`

/** What a rate rests on: measured on 80 (20 %). */
export const basisText = ({ t, formats }: Said, { whole, coverage }: Extract<Rate, { is: 'known' }>): string =>
  t('results.measuredOn', { whole, coverage: formats.share(coverage, 1) })

/** A rate in words where there is none, else the share with its interval. */
export function rateText(view: Said, rate: Rate): string {
  if (rate.is === 'known') return shareText(view, rate)
  return rate.is === 'too few' ? view.t('results.fewer', { least: fewest }) : view.t('results.unmeasured')
}

/** The whole sentence about opens, for who reads one figure and no table. */
export const openSentence = (view: Said, rate: Extract<Rate, { is: 'known' }>): string =>
  view.t('results.openRate', {
    share: view.formats.share(rate.share, 1),
    interval: view.t('results.interval', {
      low: view.formats.number(Math.round(rate.low * 100)),
      high: view.formats.share(rate.high, 1),
    }),
    whole: rate.whole,
    coverage: view.formats.share(rate.coverage, 1),
  })
