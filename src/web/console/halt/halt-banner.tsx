import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { inNetwork } from '../../in-network.ts'
import type { View } from '../../view.ts'

/** Over every page of a network whose sending is stopped. */
export const HaltBanner: FC<{ view: View }> = ({ view }) => {
  const { t, network, user } = view
  if (!network?.halt) return null
  return (
    <p class="flash bad" role="alert">
      {t('life.halt.banner', { reason: network.halt.reason })}
      {user && can(user, 'campaign.control', network.id) && (
        <>
          {' '}
          <a href={inNetwork(view, '/console/halt')}>{t('life.halt.see')}</a>
        </>
      )}
    </p>
  )
}
