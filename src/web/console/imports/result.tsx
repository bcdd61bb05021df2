import type { FC } from 'hono/jsx'
import type { Figures, LookResult } from '../../../network/import/preview.ts'
import { inNetwork } from '../../layout.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading, Toolbar } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import type { Key } from '../../words/index.ts'
import { Counts, FiguresPanel } from './figures.tsx'
import { RejectsPanel, WarningsPanel } from './findings.tsx'
import { ImportFrame } from './frame.tsx'
import { ImportState } from './list.tsx'
import type { FoundImport } from './queries.ts'
import { say } from './said.ts'

/** An import under way: how far it is, and how to stop it. */
export const RunningPage: FC<{ view: View; found: FoundImport }> = ({ view, found }) => {
  const { t } = view
  const { row, run } = found
  return (
    <ImportFrame view={view} title={row.fileName} step="run">
      <PageHeading title={row.fileName} facts={<ImportState view={view} status={row.status} />} />
      <Progress
        view={view}
        text={run?.status === 'queued' && run.done === 0 ? t('imports.waiting') : t('imports.running')}
        done={run?.done ?? row.progress}
        all={run?.total ?? (run?.payload.rows as number | undefined)}
      />
      <p class="note">{t('imports.youMayLeave')}</p>
      {run && <ActionButton action={`/console/imports/${row.id}/cancel`} text={t('imports.cancel')} />}
    </ImportFrame>
  )
}

const Facts: FC<{ view: View; found: FoundImport }> = ({ view, found }) => {
  const { t, formats } = view
  const { row, mends } = found
  return (
    <Panel title={t('imports.facts.title')} id="file">
      <DescriptionList
        details={[
          { term: t('imports.list.file'), detail: row.fileName },
          mends !== undefined && {
            term: t('imports.title'),
            detail: <a href={`/console/imports/${mends.id}`}>{t('imports.mends', { file: mends.fileName })}</a>,
          },
          { term: t('imports.list.who'), detail: row.by ?? t('imports.byCommand') },
          {
            term: t('imports.list.when'),
            detail: formats.short(row.startedAt),
            note: row.finishedAt ? t('imports.doneIn', { when: formats.short(row.finishedAt) }) : undefined,
          },
          { term: t('imports.facts.basis'), detail: t(`imports.bases.${row.basis ?? 'unstated'}` as Key) },
        ]}
      />
    </Panel>
  )
}

const figuresIn = (found: FoundImport): Figures | undefined =>
  (found.run?.payload.result as LookResult | undefined)?.figures

interface ResultProps {
  view: View
  found: FoundImport
  hasRejectsFile: boolean
  duplicates: number
}

/** An import that is over, well or not: what it did, and what remains to be done. */
export const ResultPage: FC<ResultProps> = (props) => {
  const { view, found } = props
  const { t } = view
  const { row } = found
  return (
    <ImportFrame view={view} title={row.fileName} step={row.status === 'done' ? 'run' : undefined}>
      <PageHeading title={row.fileName} facts={<ImportState view={view} status={row.status} />} />
      {row.status === 'discarded' && <Flash tone="good">{t('imports.discarded')}</Flash>}
      {row.status === 'failed' && <Failure {...props} />}
      {row.counts && <Outcome {...props} />}
      <Facts view={view} found={found} />
    </ImportFrame>
  )
}

const Failure: FC<ResultProps> = ({ view, found: { row, run } }) => {
  const { t } = view
  const problem = (run?.payload.result as LookResult | undefined)?.problem
  if (run?.status === 'canceled') return <Flash tone="warning">{t('imports.canceled')}</Flash>
  if (problem || !run)
    return (
      <>
        <Flash tone="bad">
          {t('imports.failedTitle')} {problem ? say(view, problem) : row.error}
        </Flash>
        <LinkButton href={inNetwork(view, '/console/imports/new')} text={t('imports.anotherFile')} kind="primary" />
      </>
    )
  return (
    <>
      <Flash tone="bad">
        {t('imports.failedTitle')} {t('imports.failedWhat', { reference: row.error ?? '' })}
      </Flash>
      <ActionButton action={`/console/imports/${row.id}/retry`} text={t('imports.retry')} kind="primary" />
    </>
  )
}

const Outcome: FC<ResultProps> = ({ view, found, hasRejectsFile, duplicates }) => {
  const { t } = view
  const { row } = found
  const figures = figuresIn(found)
  const mend = hasRejectsFile && (
    <Toolbar>
      <ActionButton action={`/console/imports/${row.id}/rejects`} text={t('imports.rejects.download')} kind="primary" />
      <LinkButton
        href={inNetwork(view, `/console/imports/new?mends=${row.id}`)}
        text={t('imports.rejects.mend')}
        icon="upload"
      />
    </Toolbar>
  )
  return (
    <>
      {figures ? (
        <FiguresPanel view={view} figures={figures} isDone />
      ) : (
        <Panel title={t('imports.figures.doneTitle')} id="figures">
          <Counts view={view} counts={row.counts!} />
        </Panel>
      )}
      {figures ? (
        <RejectsPanel view={view} figures={figures} note={t('imports.rejects.note')}>
          {mend}
        </RejectsPanel>
      ) : (
        mend && (
          <Panel title={t('imports.rejects.title')} id="rejects" note={t('imports.rejects.note')}>
            {mend}
          </Panel>
        )
      )}
      {row.status === 'done' && (
        <Panel title={t('imports.next')} id="next">
          <Toolbar>
            <LinkButton href={inNetwork(view, '/console/contacts')} text={t('imports.seeContacts')} />
            {duplicates > 0 && (
              <LinkButton
                href={inNetwork(view, '/console/duplicates')}
                text={t('imports.seeDuplicates', { count: duplicates })}
              />
            )}
          </Toolbar>
        </Panel>
      )}
      {figures && <WarningsPanel view={view} figures={figures} />}
    </>
  )
}
