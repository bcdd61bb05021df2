import type { FC } from 'hono/jsx'
import { Status } from '../../labels.tsx'
import { inNetwork } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Expected, Got } from './case-words.tsx'
import { type Done, home, mayEdit, PolicyPage } from './policy-page.tsx'
import type { Tried } from './review-page.tsx'

/** The cases the policy is tried by, and what they come to now; those that fail first. */
export const CasesPage: FC<{
  view: View
  isOwn: boolean
  /** Tried by the reader's draft rather than by what is in force. */
  isDraft: boolean
  tried: readonly Tried[]
  done?: Done
}> = ({ view, isOwn, isDraft, tried, done }) => {
  const { t } = view
  const isEditor = mayEdit(view)
  const rows = tried.toSorted((a, b) => Number(a.result.isPassed) - Number(b.result.isPassed))
  return (
    <PolicyPage
      view={view}
      tab="cases"
      lead={t('policy.casesPage.lead')}
      done={done}
      action={
        isEditor && (
          <>
            <LinkButton
              href={inNetwork(view, `${home}/new-case`)}
              text={t('policy.casesPage.add')}
              kind="primary"
              icon="plus"
            />
            {isOwn && (
              <ActionButton
                action={inNetwork(view, `${home}/cases-restore`)}
                text={t('policy.casesPage.restore')}
                kind="quiet"
              />
            )}
          </>
        )
      }
    >
      {!isOwn && <p class="note">{t('policy.casesPage.shipped')}</p>}
      <DataTable
        view={view}
        caption={t(isDraft ? 'policy.casesPage.captionDraft' : 'policy.casesPage.caption')}
        rows={rows}
        url={() => inNetwork(view, `${home}/cases`)}
        empty={t('ui.none')}
        columns={[
          {
            key: 'name',
            head: t('policy.casesPage.name'),
            cell: ({ kept }) =>
              isEditor ? (
                <a href={inNetwork(view, `${home}/cases/${kept.id}`)}>{kept.case.name[view.language]}</a>
              ) : (
                kept.case.name[view.language]
              ),
          },
          {
            key: 'result',
            head: t('policy.casesPage.result'),
            cell: ({ result: { isPassed } }) => (
              <Status
                tone={isPassed ? 'good' : 'bad'}
                text={t(isPassed ? 'policy.casesPage.good' : 'policy.casesPage.bad')}
              />
            ),
          },
          {
            key: 'expected',
            head: t('policy.casesPage.expected'),
            cell: ({ kept }) => <Expected view={view} one={kept.case} />,
          },
          { key: 'got', head: t('policy.casesPage.got'), cell: ({ result }) => <Got view={view} result={result} /> },
        ]}
      />
    </PolicyPage>
  )
}
