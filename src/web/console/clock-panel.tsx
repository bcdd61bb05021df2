import type { FC } from 'hono/jsx'
import type { View } from '../view.ts'
import type { MoveState } from './clock-moves.ts'

export const buttons = ['next', 'day', 'end'] as const
type Button = (typeof buttons)[number]

const noticeOf = ({ words, formats, now }: View, moved: string | undefined, state: MoveState): string | undefined => {
  if (state?.is === 'failed') return words.clock.failed(state.reference)
  switch (moved) {
    case 'ok':
      return words.clock.done(formats.long(now))
    case 'already':
      return words.clock.moved
    case 'busy':
      return words.clock.busy
    case 'idle':
      return words.clock.nothingNext
    default:
      return undefined
  }
}

/** The time machine of a sandbox network. Each form carries the clock it saw, so a second press plays nothing twice. */
export const ClockPanel: FC<{ view: View; action: string; next?: Date; moved?: string; state: MoveState }> = ({
  view,
  action,
  next,
  moved,
  state,
}) => {
  const { words, formats, network } = view
  const notice = noticeOf(view, moved, state)
  const button = (name: Button, text: string, kind: string) => (
    <form method="post" action={action}>
      <input type="hidden" name="offset" value={String(network?.clockOffsetMs ?? 0)} />
      <button type="submit" name="move" value={name} class={kind} disabled={!next && name !== 'day'}>
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
      {state?.is === 'moving' ? (
        <p class="clock-notice moving" role="status">
          <progress aria-label={words.clock.moving} />
          {words.clock.moving}
        </p>
      ) : (
        <>
          {notice && (
            <p class={state?.is === 'failed' ? 'clock-notice bad' : 'clock-notice good'} role="status">
              {notice}
            </p>
          )}
          <p class="note">{next ? words.clock.nextAt(formats.short(next)) : words.clock.nothingNext}</p>
          <div class="clock-buttons">
            {button('next', words.clock.next, 'primary')}
            {button('day', words.clock.day, '')}
            {button('end', words.clock.end, '')}
          </div>
        </>
      )}
      <p class="note">{words.clock.explain}</p>
    </section>
  )
}
