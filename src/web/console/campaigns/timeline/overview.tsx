import type { FC } from 'hono/jsx'
import type { AgendaEntry } from '../../../../campaign/agenda.ts'
import type { View } from '../../../view.ts'

const width = 1_000
const height = 64
const margin = 16

/** The campaign on one line: a mark for each date, and where today is. Drawn here, so that it needs no script. */
export const Overview: FC<{ view: View; entries: readonly AgendaEntry[]; now: Date }> = ({ view, entries, now }) => {
  const { t, formats } = view
  const times = [...entries.map((entry) => entry.at.getTime()), now.getTime()]
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const span = Math.max(last - first, 1)
  const x = (at: Date) => margin + ((at.getTime() - first) / span) * (width - 2 * margin)
  const label = t('timeline.overview', { from: formats.date(new Date(first)), until: formats.date(new Date(last)) })
  return (
    <svg class="timeline-overview" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line x1={margin} y1={32} x2={width - margin} y2={32} class="axis" />
      {months(first, last).map((at) => (
        <line x1={x(at)} y1={26} x2={x(at)} y2={38} class="month" />
      ))}
      {entries.map((entry) => (
        <circle cx={x(entry.at)} cy={32} r={entry.what === 'step' ? 7 : 4} class={`mark ${entry.what} ${entry.run}`}>
          <title>{`${entry.step} · ${t(`timeline.what.${entry.what}`)} · ${formats.short(entry.at)}`}</title>
        </circle>
      ))}
      <line x1={x(now)} y1={8} x2={x(now)} y2={56} class="today" />
    </svg>
  )
}

function months(first: number, last: number): Date[] {
  const found: Date[] = []
  const start = new Date(first)
  for (let month = start.getUTCMonth() + 1; found.length < 60; month++) {
    const at = new Date(Date.UTC(start.getUTCFullYear(), month, 1))
    if (at.getTime() > last) break
    found.push(at)
  }
  return found
}
