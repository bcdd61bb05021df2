import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import type { View } from '../../view.ts'
import type { MoveState } from './clock-moves.ts'

export const buttons = ['next', 'day', 'end'] as const
export type Button = (typeof buttons)[number]

const noticeOf = ({ t, formats, now }: View, moved: string | undefined, state: MoveState): string | undefined => {
  if (state?.is === 'failed') return t('clock.failed', { reference: state.reference })
  switch (moved) {
    case 'ok':
      return t('clock.done', { at: formats.moment(now) })
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
 * The time machine of a sandbox network, on each of its pages. Its form carries the clock it saw, so a second press
 * plays nothing twice, and the page to come back to. On a phone the rarer moves stand behind a button.
 */
export const TimeMachine: FC<{ view: View }> = ({ view }) => {
  const { t, formats, network, clock } = view
  if (!network || !clock) return null
  const notice = noticeOf(view, clock.moved, clock.state)
  const isMoving = clock.state?.is === 'moving'
  const mayMove = !isMoving && view.user !== undefined && can(view.user, 'clock.advance', network.id)
  const button = (name: Button, icon: IconName, kind = '') => (
    <button
      type="submit"
      form="clock-moves"
      name="move"
      value={name}
      class={kind}
      disabled={!clock.next && name !== 'day'}
    >
      <Icon name={icon} />
      {t(`clock.${name}`)}
    </button>
  )
  return (
    <aside class="time-machine" id="clock" aria-label={t('clock.title')}>
      <Icon name="clock" />
      <p class="clock-now">
        <strong>
          <span class="hidden">{t('sandbox.virtualDate')} </span>
          <time datetime={view.now.toISOString()}>{formats.moment(view.now)}</time>
        </strong>
        <small>
          <span class="clock-sandbox">{t('sandbox.banner')} · </span>
          {clock.next ? t('clock.nextAt', { at: formats.short(clock.next) }) : t('clock.nothingNext')}
        </small>
      </p>
      {mayMove && (
        <>
          <form
            id="clock-moves"
            method="post"
            action={`/console/clock?network=${encodeURIComponent(network.name)}`}
            aria-label={t('clock.title')}
          >
            <input type="hidden" name="offset" value={String(network.clockOffsetMs)} />
            <input type="hidden" name="back" value={view.here} />
            {button('next', 'next', 'primary')}
          </form>
          <button type="button" class="clock-more-button" popovertarget="clock-more">
            <Icon name="more" />
            <span class="hidden">{t('clock.more')}</span>
          </button>
          <div class="clock-more" id="clock-more" popover="auto">
            {button('day', 'day')}
            {button('end', 'end')}
          </div>
        </>
      )}
      {isMoving && (
        <p class="clock-notice" role="status">
          <progress aria-label={t('clock.moving')} />
          {t('clock.moving')}
        </p>
      )}
      {!isMoving && notice && (
        <p class={clock.state?.is === 'failed' ? 'clock-notice bad' : 'clock-notice'} role="status">
          {notice}
        </p>
      )}
    </aside>
  )
}
