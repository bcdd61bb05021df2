import type { Child, FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'

export const home = '/console/policy'

export const policyTabs = [
  { name: 'table', path: home },
  { name: 'cases', path: `${home}/cases` },
  { name: 'versions', path: `${home}/versions` },
] as const
export type PolicyTab = (typeof policyTabs)[number]['name']

const doneCodes = ['kept', 'discarded', 'saved', 'caseSaved', 'caseRemoved', 'casesRestored'] as const
export type Done = (typeof doneCodes)[number]
export const doneIn = (code: string | undefined): Done | undefined => doneCodes.find((known) => known === code)

/** Whether the reader may change the policy. */
export const mayEdit = ({ user, network }: View): boolean =>
  user !== undefined && network !== undefined && can(user, 'policy.edit', network.id)

/** A page of the policy: its tab, what was just done, and whether the reader may only look. */
export const PolicyPage: FC<{
  view: View
  tab: PolicyTab
  title?: string
  lead?: Child
  facts?: Child
  done?: Done
  action?: Child
  children?: Child
}> = ({ view, tab, title, lead, facts, done, action, children }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={title ?? t('policy.title')} current="policy">
      <PageHeading title={title ?? t('policy.title')} lead={lead} facts={facts}>
        {action}
      </PageHeading>
      <Tabs
        label={t('policy.title')}
        tabs={policyTabs.map(({ name, path }) => ({
          text: t(`policy.tabs.${name}`),
          href: inNetwork(view, path),
          isCurrent: name === tab,
        }))}
      />
      {done && <Flash tone="good">{t(`policy.done.${done}`)}</Flash>}
      {!mayEdit(view) && <p class="note">{t('policy.readOnly')}</p>}
      {children}
    </ConsolePage>
  )
}
