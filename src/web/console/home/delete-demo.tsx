import type { FC } from 'hono/jsx'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'

export interface DemoSize {
  sites: number
  contacts: number
  campaigns: number
  deliveries: number
}

/** What goes with the example network, before it goes. */
export const DeleteDemoPage: FC<{ view: View; size: DemoSize }> = ({ view, size }) => {
  const { t, network } = view
  return (
    <ConsolePage view={view} title={t('home.deleting.title')} current="home">
      <Confirmation
        view={view}
        title={t('home.deleting.title')}
        action={inNetwork(view, '/console/network/delete')}
        confirm={t('home.deleting.confirm', { network: network?.title ?? '' })}
        back={inNetwork(view, '/console')}
        isDangerous
      >
        <p>{t('home.deleting.goes')}</p>
        <ul class="goes">
          <li>{t('home.deleting.sites', { count: size.sites })}</li>
          <li>{t('home.deleting.contacts', { count: size.contacts })}</li>
          <li>{t('home.deleting.campaigns', { count: size.campaigns })}</li>
          <li>{t('home.deleting.deliveries', { count: size.deliveries })}</li>
        </ul>
        <p class="note">{t('home.deleting.stays')}</p>
      </Confirmation>
    </ConsolePage>
  )
}
