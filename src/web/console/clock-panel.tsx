import type { FC } from 'hono/jsx'
import type { View } from '../view.ts'

export const moves = ['next', 'day', 'end'] as const
export type Move = (typeof moves)[number]

/** The time machine of a sandbox network. Each form carries the clock it saw, so a second press plays nothing twice. */
export const ClockPanel: FC<{ view: View; action: string; next?: Date; notice?: string }> = ({
  view,
  action,
  next,
  notice,
}) => {
  const { words, formats, network } = view
  const button = (move: Move, text: string, kind: string) => (
    <form method="post" action={action}>
      <input type="hidden" name="offset" value={String(network?.clockOffsetMs ?? 0)} />
      <button type="submit" name="move" value={move} class={kind} disabled={!next && move !== 'day'}>
        {text}
      </button>
    </form>
  )
  return (
    <section class="clock" id="clock" aria-labelledby="clock-title">
      <h2 id="clock-title">{words.clock.title}</h2>
      <p class="clock-now">
        <time datetime={view.now.toISOString()}>{formats.long(view.now)}</time>
      </p>
      {notice && (
        <p class="clock-notice" role="status">
          {notice}
        </p>
      )}
      <p class="note">{next ? words.clock.nextAt(formats.short(next)) : words.clock.nothingNext}</p>
      <div class="clock-buttons">
        {button('next', words.clock.next, 'primary')}
        {button('day', words.clock.day, '')}
        {button('end', words.clock.end, '')}
      </div>
      <p class="note">{words.clock.explain}</p>
    </section>
  )
}
