import type { Child, FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'

/** The views of the settings, in the order they are set up. */
export const settingsTabs = [
  { name: 'general', path: '/console/settings', permission: 'settings.read' },
  { name: 'senders', path: '/console/settings/senders', permission: 'settings.read' },
  { name: 'hours', path: '/console/settings/hours', permission: 'settings.read' },
  { name: 'caps', path: '/console/settings/caps', permission: 'settings.read' },
  { name: 'safeguards', path: '/console/settings/safeguards', permission: 'settings.read' },
  { name: 'launching', path: '/console/settings/launching', permission: 'settings.read' },
  { name: 'printing', path: '/console/settings/printing', permission: 'settings.read' },
  { name: 'tracking', path: '/console/settings/tracking', permission: 'settings.read' },
  { name: 'retention', path: '/console/settings/retention', permission: 'settings.read' },
  { name: 'costs', path: '/console/settings/costs', permission: 'settings.read' },
  { name: 'rewards', path: '/console/settings/rewards', permission: 'settings.read' },
  { name: 'users', path: '/console/settings/users', permission: 'user.read' },
  { name: 'keys', path: '/console/settings/keys', permission: 'key.read' },
  { name: 'audit', path: '/console/settings/audit', permission: 'audit.read' },
] as const
export type SettingsTab = (typeof settingsTabs)[number]['name']

/** What has just been done, by the code in the address. */
export const doneCodes = [
  'saved',
  'added',
  'removed',
  'restored',
  'default',
  'tryNow',
  'accountSaved',
  'accountUnchecked',
  'accountRemoved',
  'accountGood',
  'networkCreated',
] as const
export type Done = (typeof doneCodes)[number]

export const isDone = (code: string | undefined): code is Done => doneCodes.some((known) => known === code)

/** Whether the reader may change what they see. */
export const mayWrite = (view: View): boolean =>
  view.user !== undefined && view.network !== undefined && can(view.user, 'settings.write', view.network.id)

/** The way round the settings, for the pages of other rooms too. */
export const SettingsTabs: FC<{ view: View; current: SettingsTab }> = ({ view, current }) => {
  const { t, user, network } = view
  return (
    <Tabs
      label={t('settings.title')}
      tabs={settingsTabs
        .filter(({ permission }) => user && network && can(user, permission, network.id))
        .map(({ name, path }) => ({
          text: t(`settings.tabs.${name}`),
          href: inNetwork(view, path),
          isCurrent: name === current,
        }))}
    />
  )
}

/** A page of the settings: its tab, what was just done, and whether the reader may only look. */
export const SettingsPage: FC<{
  view: View
  tab: SettingsTab
  title?: string
  lead?: Child
  done?: Done
  /** In place of `done`, what failed. */
  failure?: string
  action?: Child
  children?: Child
}> = ({ view, tab, title, lead, done, failure, action, children }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={title ?? t('settings.title')} current="settings">
      <PageHeading title={title ?? t('settings.title')} lead={lead}>
        {action}
      </PageHeading>
      <SettingsTabs view={view} current={tab} />
      {done && <Flash tone={done === 'accountUnchecked' ? 'warning' : 'good'}>{t(`settings.done.${done}`)}</Flash>}
      {failure && <Flash tone="bad">{failure}</Flash>}
      {!mayWrite(view) && <p class="note">{t('settings.readOnly')}</p>}
      {children}
    </ConsolePage>
  )
}
