import type { FC } from 'hono/jsx'
import type { ImportCounts } from '../../../db/schema.ts'
import type { Figures } from '../../../network/import/preview.ts'
import { KeyFigures } from '../../ui/figures.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { say } from './said.ts'

/** The counts of an import, run or only looked at; they add up, and show that they do. */
export const Counts: FC<{ view: View; counts: ImportCounts }> = ({ view, counts }) => {
  const { t, formats } = view
  const { read, created, updated, unchanged, rejected, blank, sites } = counts
  return (
    <>
      <KeyFigures
        figures={[
          { label: t('imports.figures.created'), value: formats.number(created) },
          { label: t('imports.figures.updated'), value: formats.number(updated) },
          { label: t('imports.figures.unchanged'), value: formats.number(unchanged) },
          { label: t('imports.figures.rejected'), value: formats.number(rejected) },
          {
            label: t('imports.figures.sites'),
            value: t('imports.figures.sitesCreated', { count: sites.created }),
            note: t('imports.figures.sitesNote', { updated: sites.updated, unchanged: sites.unchanged }),
          },
        ]}
      />
      <p class="note">{t('imports.figures.addUp', { read, created, updated, unchanged, rejected, blank })}</p>
    </>
  )
}

/** What else there is to know of the whole. */
export const Remarks: FC<{ view: View; figures: Figures; isDone: boolean }> = ({ view, figures, isDone }) => {
  const { t } = view
  const { previouslyOptedOut, deactivated, remarks } = figures
  const texts = [
    ...(deactivated > 0
      ? [t(isDone ? 'imports.figures.wereDeactivated' : 'imports.figures.deactivated', { count: deactivated })]
      : []),
    ...(previouslyOptedOut > 0 ? [t('imports.figures.optedOut', { count: previouslyOptedOut })] : []),
    ...remarks.map((remark) => say(view, remark)),
  ]
  if (texts.length === 0) return null
  return (
    <ul class="remarks">
      {texts.map((text) => (
        <li>{text}</li>
      ))}
    </ul>
  )
}

export const FiguresPanel: FC<{ view: View; figures: Figures; isDone: boolean }> = ({ view, figures, isDone }) => (
  <Panel title={view.t(isDone ? 'imports.figures.doneTitle' : 'imports.figures.title')} id="figures">
    <Counts view={view} counts={figures} />
    <Remarks view={view} figures={figures} isDone={isDone} />
  </Panel>
)
