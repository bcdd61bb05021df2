import type { FC } from 'hono/jsx'
import { taskOutcomes } from '../../../db/schema/sequence.ts'
import type { OpenTask } from '../../../sequence/do-task.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'

interface TasksProps {
  view: View
  rows: readonly OpenTask[]
  now: Date
  next?: string
  cursor?: string
  mayDo: boolean
  /** What has just been noted, or was dealt with before. */
  done?: 'yes' | 'no'
}

export const personName = (row: { firstName: string | null; lastName: string | null; site: string }): string =>
  [row.firstName, row.lastName].filter(Boolean).join(' ') || row.site

const OutcomeForm: FC<{ view: View; row: OpenTask }> = ({ view, row }) => {
  const { t, formats } = view
  const name = personName(row)
  return (
    <form class="action" method="post" action={inNetwork(view, `/console/tasks/${row.id}/done`)}>
      <select name="outcome" aria-label={formats.labelled(t('sequence.outcome'), name)}>
        {taskOutcomes.map((outcome) => (
          <option value={outcome}>{t(`sequence.outcomes.${outcome}`)}</option>
        ))}
      </select>
      <input
        name="remark"
        maxlength={1_000}
        aria-label={formats.labelled(t('sequence.remark'), name)}
        placeholder={t('sequence.remark')}
      />
      <button type="submit">{t('sequence.done')}</button>
    </form>
  )
}

/** The calls to make; how each went is noted where it stands. */
export const TasksPage: FC<TasksProps> = ({ view, rows, now, next, cursor, mayDo, done }) => {
  const { t, formats } = view
  const columns: Column<OpenTask>[] = [
    {
      key: 'whom',
      head: t('sequence.whom'),
      cell: (row) => (
        <>
          <a href={`/console/contacts/${row.contactId}`}>{personName(row)}</a>
          <small>{row.site}</small>
        </>
      ),
    },
    {
      key: 'phone',
      head: t('sequence.phone'),
      cell: ({ phone }) => (phone ? <a href={`tel:${phone}`}>{phone}</a> : '–'),
    },
    {
      key: 'due',
      head: t('sequence.due'),
      cell: ({ dueAt }) => (
        <>
          {formats.short(dueAt)} {dueAt < now && <Badge text={t('sequence.late')} tone="warning" />}
        </>
      ),
    },
    {
      key: 'campaign',
      head: t('sequence.campaign'),
      cell: ({ campaignId, campaign, note }) => (
        <>
          <a href={`/console/campaigns/${campaignId}`}>{inLanguage(campaign, view.language, '')}</a>
          {note !== '' && <small>{note}</small>}
        </>
      ),
    },
    { key: 'assignee', head: t('sequence.assignee'), cell: ({ assignee }) => assignee ?? t('sequence.nobody') },
    ...(mayDo
      ? [
          {
            key: 'outcome',
            head: t('sequence.outcome'),
            cell: (row: OpenTask) => <OutcomeForm view={view} row={row} />,
          },
        ]
      : []),
  ]
  const url = (change: Record<string, string | undefined>) =>
    inNetwork(view, change.cursor ? `/console/tasks?cursor=${encodeURIComponent(change.cursor)}` : '/console/tasks')
  return (
    <ConsolePage view={view} title={t('sequence.tasksTitle')} current="inbox">
      <PageHeading title={t('sequence.tasksTitle')} lead={t('sequence.tasksLead')}>
        <LinkButton href={inNetwork(view, '/console/proposals')} text={t('sequence.proposals')} />
        <LinkButton href={inNetwork(view, '/console/tasks/export.csv')} text={t('sequence.export')} />
      </PageHeading>
      {done && (
        <Flash tone={done === 'yes' ? 'good' : 'warning'}>
          {t(done === 'yes' ? 'sequence.doneNote' : 'sequence.alreadyDone')}
        </Flash>
      )}
      <DataTable
        view={view}
        caption={t('sequence.tasksCaption')}
        columns={columns}
        rows={rows}
        url={url}
        {...(next ? { next } : {})}
        isContinued={cursor !== undefined}
        empty={<p>{t('sequence.noTasks')}</p>}
      />
    </ConsolePage>
  )
}
