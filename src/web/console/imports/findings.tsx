import type { Child, FC } from 'hono/jsx'
import type { Figures } from '../../../network/import/preview.ts'
import type { ImportWarning, Tally } from '../../../network/import/tally.ts'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import type { Key } from '../../words/index.ts'
import { say } from './said.ts'

const Kind: FC<{ view: View; code: string; tally: Tally<ImportWarning> }> = ({ view, code, tally }) => {
  const { t, formats } = view
  const { count, first } = tally
  return (
    <details>
      <summary>
        {t(`imports.codes.${code}` as Key)} <small>· {formats.number(count)}</small>
      </summary>
      <ul class="findings">
        {first.map((warning) => (
          <li>
            <strong>{t('imports.warnings.line', { line: warning.line })}</strong>
            {warning.value && (
              <>
                {' '}
                <code>{warning.value}</code>
              </>
            )}{' '}
            {say(view, warning)}
          </li>
        ))}
        {count > first.length && <li class="note">{t('imports.warnings.more', { count: count - first.length })}</li>}
      </ul>
    </details>
  )
}

/** What was mended or left out, kind by kind, the most frequent first. */
export const WarningsPanel: FC<{ view: View; figures: Figures }> = ({ view, figures }) => {
  const { t } = view
  const kinds = Object.entries(figures.warningsByCode).sort(([, a], [, b]) => b.count - a.count)
  return (
    <Panel
      title={t('imports.warnings.title')}
      id="warnings"
      note={kinds.length > 0 ? t('imports.warnings.note') : t('imports.warnings.none')}
    >
      {kinds.map(([code, tally]) => (
        <Kind view={view} code={code} tally={tally} />
      ))}
    </Panel>
  )
}

const rejectsShown = 20

/** The first rows that are not imported, each with its reason. */
export const RejectsPanel: FC<{ view: View; figures: Figures; note: string; children?: Child }> = ({
  view,
  figures,
  note,
  children,
}) => {
  const { t, formats } = view
  if (figures.rejected === 0) return null
  const rows = Object.values(figures.rejections)
    .flatMap(({ first }) => first)
    .sort((a, b) => a.line - b.line)
    .slice(0, rejectsShown)
  return (
    <Panel title={t('imports.rejects.title')} id="rejects" note={note}>
      <table class="list">
        <caption class="hidden">{t('imports.rejects.caption')}</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              {t('imports.rejects.line')}
            </th>
            <th scope="col">{t('imports.rejects.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row" class="number">
                {formats.number(row.line)}
              </th>
              <td>{say(view, row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {figures.rejected > rows.length && (
        <p class="note">{t('imports.warnings.more', { count: figures.rejected - rows.length })}</p>
      )}
      {children}
    </Panel>
  )
}
