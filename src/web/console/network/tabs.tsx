import type { FC } from 'hono/jsx'
import { can, type Permission } from '../../../accounts/policy.ts'
import { inNetwork } from '../../layout.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'

const parts = [
  { name: 'contacts', path: '/console/contacts', permission: 'contact.read' },
  { name: 'sites', path: '/console/sites', permission: 'site.read' },
  { name: 'imports', path: '/console/imports', permission: 'contact.import' },
  { name: 'duplicates', path: '/console/duplicates', permission: 'contact.write' },
  { name: 'hygiene', path: '/console/hygiene', permission: 'contact.read' },
] as const satisfies { name: string; path: string; permission: Permission }[]

export type NetworkPart = (typeof parts)[number]['name']

/** The parts of the network room that this user may open. */
export const NetworkTabs: FC<{ view: View; current: NetworkPart }> = ({ view, current }) => {
  const { user, network, t } = view
  if (!user || !network) return null
  return (
    <Tabs
      label={t('network.tabs')}
      tabs={parts
        .filter(({ permission }) => can(user, permission, network.id))
        .map(({ name, path }) => ({
          text: t(`network.${name}`),
          href: inNetwork(view, path),
          isCurrent: name === current,
        }))}
    />
  )
}
