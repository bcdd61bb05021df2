import type { FC } from 'hono/jsx'
import { can } from '../../accounts/policy.ts'
import { inNetwork } from '../in-network.ts'
import { type Room, rooms } from '../nav.ts'
import { Icon } from '../ui/icon.tsx'
import type { View } from '../view.ts'

/** The rooms the reader may enter: beside the page where it is wide, over it once asked for on a phone. */
export const Rooms: FC<{ view: View; current?: Room }> = ({ view, current }) => {
  const { t, user, network } = view
  if (!user || !network) return null
  return (
    <nav class="rooms" id="rooms" popover="auto" aria-label={t('nav.label')}>
      <button type="button" class="tool" popovertarget="rooms" popovertargetaction="hide">
        <Icon name="close" />
        {t('ui.close')}
      </button>
      <ul>
        {rooms
          .filter(({ permission }) => can(user, permission, network.id))
          .map(({ name, path }) => (
            <li>
              <a href={inNetwork(view, path)} aria-current={current === name ? 'page' : undefined}>
                <Icon name={name} />
                {t(`nav.${name}`)}
                {name === 'inbox' && view.inbox !== undefined && view.inbox > 0 && (
                  <span class="count">
                    <span aria-hidden="true">{view.inbox > 99 ? '99+' : view.inbox}</span>
                    <span class="hidden">{t('nav.unread', { count: view.inbox })}</span>
                  </span>
                )}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}
