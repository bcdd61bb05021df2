import type { FC } from 'hono/jsx'
import { inNetwork } from '../in-network.ts'
import { Icon } from '../ui/icon.tsx'
import type { View } from '../view.ts'

/** Search, and what waits to be read. */
export const Tools: FC<{ view: View }> = ({ view }) => {
  const { t, network, unread = 0 } = view
  return (
    <>
      {network && (
        <>
          <search>
            <form class="quick-search" action="/console/search">
              <input type="hidden" name="network" value={network.name} />
              <Icon name="search" />
              <input
                type="search"
                name="q"
                maxlength={200}
                aria-label={t('nav.search')}
                placeholder={t('nav.searchWhat')}
              />
            </form>
          </search>
          <a class="tool search-link" href={inNetwork(view, '/console/search')}>
            <Icon name="search" />
            <span class="hidden">{t('nav.search')}</span>
          </a>
        </>
      )}
      <a class="tool" href={inNetwork(view, '/console/notifications')}>
        <Icon name="bell" />
        <span class="hidden">{t('nav.notifications')}</span>
        {unread > 0 && (
          <span class="count">
            <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
            <span class="hidden">{t('nav.unread', { count: unread })}</span>
          </span>
        )}
      </a>
    </>
  )
}
