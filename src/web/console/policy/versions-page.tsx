import type { FC } from 'hono/jsx'
import type { PolicyVersion } from '../../../policy/versions.ts'
import { diffPolicies, type PolicyChange } from '../../../routing/policy-diff.ts'
import type { Policy } from '../../../routing/types.ts'
import { inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { actorText } from '../audit/trail.tsx'
import { Changes } from './changes.tsx'
import { home, mayEdit, PolicyPage } from './policy-page.tsx'
import { RuleTable } from './table-page.tsx'

/** Every version there was: nothing of them is ever written over. */
export const VersionsPage: FC<{
  view: View
  versions: readonly PolicyVersion[]
  names: ReadonlyMap<string, string>
}> = ({ view, versions, names }) => {
  const { t, formats } = view
  const rows = versions.map((one, index) => {
    const before = versions[index + 1]?.policy
    return { ...one, isCurrent: index === 0, changes: before ? diffPolicies(before, one.policy).length : undefined }
  })
  return (
    <PolicyPage view={view} tab="versions">
      <DataTable
        view={view}
        caption={t('policy.versionsPage.caption')}
        rows={rows}
        url={() => inNetwork(view, `${home}/versions`)}
        empty={t('ui.none')}
        columns={[
          {
            key: 'version',
            head: t('policy.versionsPage.version'),
            cell: ({ version, isCurrent }) => (
              <>
                <a href={inNetwork(view, `${home}/versions/${version}`)}>{t('policy.version', { version })}</a>
                {isCurrent && (
                  <>
                    {' '}
                    <Badge text={t('policy.current')} tone="good" />
                  </>
                )}
              </>
            ),
          },
          {
            key: 'when',
            head: t('policy.versionsPage.when'),
            cell: ({ createdAt }) => (createdAt ? formats.moment(createdAt) : t('policy.shipped')),
          },
          {
            key: 'who',
            head: t('policy.versionsPage.who'),
            cell: ({ createdBy }) =>
              actorText(view, { actor: createdBy ?? 'relais', actorName: createdBy && names.get(createdBy) }),
          },
          {
            key: 'changes',
            head: t('policy.versionsPage.changes'),
            cell: ({ changes }) =>
              changes === undefined ? '–' : changes === 0 ? t('policy.versionsPage.figures') : formats.number(changes),
          },
          {
            key: 'why',
            head: t('policy.versionsPage.why'),
            cell: ({ note, restoredFrom }) => (
              <>
                {note || (restoredFrom === null ? '–' : '')}
                {restoredFrom !== null && <small>{t('policy.versionsPage.restored', { version: restoredFrom })}</small>}
              </>
            ),
          },
        ]}
      />
    </PolicyPage>
  )
}

/** One version as it was, and what has changed since. */
export const VersionPage: FC<{
  view: View
  policy: Policy
  current: number
  changes: readonly PolicyChange[]
}> = ({ view, policy, current, changes }) => {
  const { t } = view
  const { version, companions } = policy
  return (
    <PolicyPage
      view={view}
      tab="versions"
      title={t('policy.version', { version })}
      action={
        <>
          {mayEdit(view) && changes.length > 0 && (
            <ActionButton
              action={inNetwork(view, `${home}/versions/${version}/restore`)}
              text={t('policy.versionsPage.restore')}
              kind="primary"
            />
          )}
          <LinkButton href={inNetwork(view, `${home}/versions`)} text={t('policy.versionsPage.back')} />
        </>
      }
    >
      <RuleTable view={view} table={policy} />
      <p class="note">{t(companions.intranet ? 'policy.intranetToo' : 'policy.intranetNot')}</p>
      {version !== current && (
        <Panel title={t('policy.versionsPage.since', { version: current })} id="since">
          {changes.length === 0 ? <p>{t('policy.versionsPage.same')}</p> : <Changes view={view} changes={changes} />}
        </Panel>
      )}
    </PolicyPage>
  )
}
