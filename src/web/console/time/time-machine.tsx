import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { View } from '../../view.ts'
import type { MoveState } from './clock-moves.ts'

export const buttons = ['next', 'day', 'end'] as const
type Button = (typeof buttons)[number]

const noticeOf = ({ t, formats, now }: View, moved: string | undefined, state: MoveState): string | undefined => {
  if (state?.is === 'failed') return t('clock.failed', { reference: state.reference })
  switch (moved) {
    case 'ok':
      return t('clock.done', { at: formats.long(now) })
    case 'already':
      return t('clock.moved')
    case 'busy':
      return t('clock.busy')
    case 'idle':
      return t('clock.nothingNext')
    default:
      return undefined
  }
}

/**
 * The time machine of a sandbox network, on each of its pages. Each form carries the clock it saw, so a second press
 * plays nothing twice, and the page to come back to.
 */
export const TimeMachine: FC<{ view: View }> = ({ view }) => {
  const { t, formats, network, clock } = view
  if (!network || !clock) return null
  const notice = noticeOf(view, clock.moved, clock.state)
  const button = (name: Button, text: string, kind: string) => (
    <button type="submit" name="move" value={name} class={kind} disabled={!clock.next && name !== 'day'}>
      {text}
    </button>
  )
  const mayMove = view.user !== undefined && can(view.user, 'clock.advance', network.id)
  return (
    <aside class="time-machine" id="clock" aria-label={t('clock.title')}>
      <p class="clock-now">
        <strong>{t('sandbox.banner')}</strong>{' '}
        <span>
          {t('sandbox.virtualDate')} <time datetime={view.now.toISOString()}>{formats.long(view.now)}</time>
        </span>
      </p>
      {clock.state?.is === 'moving' ? (
        <p class="clock-notice moving" role="status">
          <progress aria-label={t('clock.moving')} />
          {t('clock.moving')}
        </p>
      ) : (
        <>
          {notice && (
            <p class={clock.state?.is === 'failed' ? 'clock-notice bad' : 'clock-notice good'} role="status">
              {notice}
            </p>
          )}
          <p class="note">
            {clock.next ? t('clock.nextAt', { at: formats.short(clock.next) }) : t('clock.nothingNext')}
          </p>
          {mayMove && (
            <form
              class="clock-buttons"
              method="post"
              action={`/console/clock?network=${encodeURIComponent(network.name)}`}
            >
              <input type="hidden" name="offset" value={String(network.clockOffsetMs)} />
              <input type="hidden" name="back" value={view.here} />
              {button('next', t('clock.next'), 'primary')}
              {button('day', t('clock.day'), '')}
              {button('end', t('clock.end'), '')}
            </form>
          )}
        </>
      )}
    </aside>
  )
}
