import type { FC } from 'hono/jsx'
import { applyMapping, type Column, proposeColumns } from '../../../network/import/columns.ts'
import type { LookResult, Sample } from '../../../network/import/preview.ts'
import { consentBases } from '../../../words.ts'
import { ChoiceField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { FiguresPanel } from './figures.tsx'
import { FileFacts } from './file-facts.tsx'
import { RejectsPanel, WarningsPanel } from './findings.tsx'
import { ImportFrame } from './frame.tsx'
import { MappingTable } from './mapping-table.tsx'
import { PreviewTable } from './preview-table.tsx'
import type { FoundImport } from './queries.ts'
import { readAs } from './read-as.ts'
import { say } from './said.ts'

/** What stands in the form of the preview: stored, or typed and refused. */
export interface PreviewChoices {
  mapping: Readonly<Record<string, string>>
  basis: string
  absent: string
}

interface PreviewProps {
  view: View
  found: FoundImport
  looked: LookResult
  isLooking: boolean
  choices: PreviewChoices
  problems?: Problems | undefined
  hasMoved?: boolean
}

/** The columns of a file under a mapping; what the mapping does not name is proposed. */
export const columnsUnder = (sample: Sample, mapping: Readonly<Record<string, string>>): Column[] =>
  applyMapping(proposeColumns(sample.headers), mapping, false)

const Choices: FC<PreviewProps & { sample: Sample; columns: Column[] }> = ({
  view,
  found,
  sample,
  columns,
  choices,
  problems,
}) => {
  const { t } = view
  return (
    <Form view={view} action={`/console/imports/${found.row.id}/mapping`} problems={problems}>
      <Panel title={t('imports.mapping.title')} id="columns" note={t('imports.mapping.lead')}>
        <MappingTable view={view} sample={sample} columns={columns} />
      </Panel>
      <div id="basis">
        <ChoiceField
          view={view}
          name="basis"
          label={t('imports.basis.label')}
          hint={t('imports.basis.hint')}
          error={problems?.basis}
          choices={consentBases.map((value) => ({ value, text: t(`imports.basis.${value}`) }))}
          values={[choices.basis]}
        />
      </div>
      {!found.mends && (
        <ChoiceField
          view={view}
          name="absent"
          label={t('imports.absent.label')}
          hint={t('imports.absent.hint')}
          choices={(['keep', 'deactivate'] as const).map((value) => ({ value, text: t(`imports.absent.${value}`) }))}
          values={[choices.absent]}
        />
      )}
      <div class="buttons">
        <button type="submit">{t('imports.recount')}</button>
      </div>
    </Form>
  )
}

/** What may be done with what was counted. */
const GoOn: FC<PreviewProps> = ({ view, found, looked, choices }) => {
  const { t } = view
  const { figures } = looked
  const here = `/console/imports/${found.row.id}`
  const rows = figures ? figures.created + figures.updated + figures.unchanged : 0
  return (
    <>
      {figures && rows === 0 && <Flash tone="warning">{t('imports.nothingToImport')}</Flash>}
      {figures && rows > 0 && choices.basis === '' && (
        <Flash tone="warning">
          <a href="#basis">{t('imports.chooseBasisFirst')}</a>
        </Flash>
      )}
      <div class="buttons">
        {figures && rows > 0 && choices.basis !== '' && (
          <LinkButton href={`${here}/start`} text={t('imports.goOn', { count: rows })} kind="primary" />
        )}
        <LinkButton href={`${here}/discard`} text={t('imports.discard')} kind="danger" />
      </div>
    </>
  )
}

/** A file that was uploaded, as it would be read; nothing of it is in the network yet. */
export const PreviewPage: FC<PreviewProps> = (props) => {
  const { view, found, looked, isLooking, choices, hasMoved } = props
  const { t } = view
  const { row, look, mends } = found
  const { sample, figures, problem } = looked
  const columns = sample ? columnsUnder(sample, choices.mapping) : []
  return (
    <ImportFrame view={view} title={row.fileName} step="mapping">
      <PageHeading title={row.fileName} facts={mends && t('imports.mends', { file: mends.fileName })} />
      {hasMoved && <Flash tone="warning">{t('imports.confirm.moved')}</Flash>}
      {look?.status === 'failed' && (
        <>
          <Flash tone="bad">{t('imports.lookFailed', { reference: look.error ?? '' })}</Flash>
          <ActionButton action={`/console/imports/${row.id}/retry`} text={t('imports.retryLook')} kind="primary" />
        </>
      )}
      {problem && (
        <Flash tone="bad">
          {looked.isHopeless ? `${t('imports.hopeless')} ` : ''}
          {say(view, problem)}
        </Flash>
      )}
      {isLooking && (
        <Progress
          view={view}
          text={sample ? t('imports.counting') : t('imports.reading')}
          done={sample ? look?.done : undefined}
        />
      )}
      {sample && <FileFacts view={view} row={row} sample={sample} />}
      {sample && !looked.isHopeless && sample.headers.length > 0 && (
        <>
          <Choices {...props} sample={sample} columns={columns} />
          <Panel title={t('imports.preview.title')} id="rows">
            {sample.rows.length > 0 ? (
              <PreviewTable
                view={view}
                columns={columns}
                rows={readAs(sample, columns, view.network?.country ?? 'FR')}
              />
            ) : (
              <p>{t('imports.preview.empty')}</p>
            )}
          </Panel>
        </>
      )}
      {figures && (
        <>
          <FiguresPanel view={view} figures={figures} isDone={false} />
          <RejectsPanel view={view} figures={figures} note={t('imports.rejects.previewNote')} />
          <WarningsPanel view={view} figures={figures} />
        </>
      )}
      <GoOn {...props} />
    </ImportFrame>
  )
}
