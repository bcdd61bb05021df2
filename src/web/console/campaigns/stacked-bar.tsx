import type { FC } from 'hono/jsx'
import { type ChannelName, channelNames } from '../../../words.ts'
import type { View } from '../../view.ts'

/** Shares of an audience by channel; the legend below carries the figures, so the bar itself is decoration. */
export const StackedBar: FC<{ view: View; byChannel: Record<ChannelName, number>; rest: number; restText: string }> = ({
  view,
  byChannel,
  rest,
  restText,
}) => {
  const { t, formats } = view
  const parts = channelNames.filter((channel) => byChannel[channel] > 0)
  const total = parts.reduce((sum, channel) => sum + byChannel[channel], rest)
  let x = 0
  const bars = parts.map((channel) => {
    const width = (byChannel[channel] / total) * 100
    const bar = <rect class={`fill-${channel}`} x={`${x}%`} y="0" width={`${Math.max(0, width - 0.4)}%`} height="10" />
    x += width
    return bar
  })
  return (
    <div class="mix">
      <svg class="bar" height="10" aria-hidden="true">
        {bars}
        {rest > 0 && <rect class="fill-rest" x={`${x}%`} y="0" width={`${(rest / total) * 100}%`} height="10" />}
      </svg>
      <ul class="legend">
        {parts.map((channel) => (
          <li>
            <span class={`channel c-${channel}`}>{t(`channels.${channel}`)}</span>
            <strong>{formats.number(byChannel[channel])}</strong>
          </li>
        ))}
        {rest > 0 && (
          <li>
            <span class="channel c-none">{restText}</span>
            <strong>{formats.number(rest)}</strong>
          </li>
        )}
      </ul>
    </div>
  )
}
