import type { FC } from 'hono/jsx'
import type { Rate } from '../../../results/rate.ts'
import type { ChannelName } from '../../../words.ts'
import type { View } from '../../view.ts'
import { shareText } from './rate-text.ts'

export interface Bar {
  label: string
  channel: ChannelName
  rate: Rate
}

const percent = (part: number) => `${Math.round(part * 1_000) / 10}%`

/**
 * Rates as marks in their intervals, drawn here as SVG: a mark, a band and a scale need no library, take the page's
 * own colours by day and by night, and stretch to any width without shrinking the words beside them. Form tells mark
 * from band, and the figures stand beside each line, so nothing is said by colour alone.
 */
export const RateChart: FC<{ view: View; title: string; bars: readonly Bar[] }> = ({ view, title, bars }) => {
  const known = bars.flatMap(({ rate, ...bar }) => (rate.is === 'known' ? [{ ...bar, rate }] : []))
  if (known.length === 0) return null
  return (
    <figure class="rate-chart">
      <figcaption>{title}</figcaption>
      <ul>
        {known.map(({ label, channel, rate }) => (
          <li>
            <span class="rate-label">{label}</span>
            <svg class="rate-line" height="22" aria-hidden="true">
              <line class="axis" x1="0" x2="100%" y1="11" y2="11" />
              {[0, 0.25, 0.5, 0.75, 1].map((at) => (
                <line class="axis" x1={percent(at)} x2={percent(at)} y1="7" y2="15" />
              ))}
              <rect
                class={`band fill-${channel}`}
                x={percent(rate.low)}
                width={percent(rate.high - rate.low)}
                y="5"
                height="12"
                rx="3"
              />
              <line class={`mark fill-${channel}`} x1={percent(rate.share)} x2={percent(rate.share)} y1="1" y2="21" />
            </svg>
            <span class="rate-value">{shareText(view, rate)}</span>
          </li>
        ))}
      </ul>
      <p class="rate-scale" aria-hidden="true">
        <span>{view.formats.share(0, 1)}</span>
        <span>{view.formats.share(1, 2)}</span>
        <span>{view.formats.share(1, 1)}</span>
      </p>
    </figure>
  )
}
