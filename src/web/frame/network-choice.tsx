import type { FC } from 'hono/jsx'
import { Badge } from '../ui/badge.tsx'
import { Icon } from '../ui/icon.tsx'
import type { View } from '../view.ts'

/** The network one is in; where there are several, a button that opens the list of them. */
export const NetworkChoice: FC<{ view: View }> = ({ view }) => {
  const { t, network, networks = [] } = view
  if (!network) return <div class="here" />
  if (networks.length < 2)
    return (
      <div class="here">
        <span class="network-name">
          <span>{network.title}</span>
        </span>
      </div>
    )
  return (
    <div class="here">
      <button type="button" class="tool network-name" popovertarget="networks">
        <span>{network.title}</span>
        <span class="hidden">{t('nav.chooseNetwork')}</span>
        <Icon name="down" />
      </button>
      <nav class="popup networks" id="networks" popover="auto" aria-label={t('nav.chooseNetwork')}>
        <ul>
          {networks.map((choice) => (
            <li>
              <a
                href={`/console?network=${encodeURIComponent(choice.name)}`}
                aria-current={choice.id === network.id ? 'true' : undefined}
              >
                {choice.title}
                <Badge
                  text={t(choice.mode === 'sandbox' ? 'sandbox.chip' : 'sandbox.live')}
                  tone={choice.mode === 'sandbox' ? 'warning' : 'good'}
                />
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}
