import type { Child, FC } from 'hono/jsx'
import type { View } from '../../view.ts'

export interface TimelineEntry {
  at: Date
  text: Child
  note?: Child
  tone: 'good' | 'moving' | 'quiet' | 'warning' | 'bad'
}

/** What happened, in order. */
export const Timeline: FC<{ view: View; entries: TimelineEntry[] }> = ({ view, entries }) => (
  <ol class="timeline">
    {entries.map((entry) => (
      <li class={entry.tone}>
        <time datetime={entry.at.toISOString()}>{view.formats.short(entry.at)}</time>
        <span class="what">{entry.text}</span>
        {entry.note && <small>{entry.note}</small>}
      </li>
    ))}
  </ol>
)
