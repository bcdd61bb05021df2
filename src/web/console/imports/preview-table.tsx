import type { FC } from 'hono/jsx'
import type { Column } from '../../../network/import/columns.ts'
import type { View } from '../../view.ts'
import { meaningText } from './meanings.ts'
import type { PreviewCell, PreviewRow } from './read-as.ts'
import { say } from './said.ts'

const shown = (view: View, value: PreviewCell['value']): string => {
  if (value === undefined) return '—'
  if (typeof value === 'boolean') return value ? view.t('ui.yes') : view.t('ui.no')
  return String(value)
}

const isSameText = (cell: PreviewCell): boolean =>
  cell.raw.trim() === '' || String(cell.value ?? '') === cell.raw.trim()

const Cell: FC<{ view: View; cell: PreviewCell; label: string }> = ({ view, cell, label }) => (
  <td data-label={label} class={cell.problems.length > 0 ? 'has-problem' : undefined}>
    {shown(view, cell.value)}
    {!isSameText(cell) && cell.problems.length > 0 && (
      <small>{view.t('imports.preview.raw', { text: cell.raw })}</small>
    )}
    {cell.problems.map((problem) => (
      <small class="cell-problem">{say(view, problem)}</small>
    ))}
  </td>
)

/** The first rows of the file as they would be kept, with what is wrong beside what it is wrong with. */
export const PreviewTable: FC<{ view: View; columns: readonly Column[]; rows: readonly PreviewRow[] }> = ({
  view,
  columns,
  rows,
}) => {
  const { t, formats } = view
  const kept = columns.map((column, at) => ({ column, at })).filter(({ column }) => column.target !== 'ignore')
  const headOf = ({ target, header }: Column) =>
    target.includes('.attributes.') ? header.trim() || meaningText(t, target) : meaningText(t, target)
  return (
    // A wide table scrolls by itself, and by keyboard too.
    <section class="wide" tabindex={0} aria-label={t('imports.preview.caption')}>
      <table class="list preview">
        <caption class="hidden">{t('imports.preview.caption')}</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              {t('imports.preview.line')}
            </th>
            {kept.map(({ column }) => (
              <th scope="col">{headOf(column)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr class={row.refused ? 'refused' : undefined}>
              <th scope="row" class="number">
                {formats.number(row.line)}
              </th>
              {row.refused ? (
                <td colspan={Math.max(1, kept.length)} class="has-problem">
                  <strong>{t('imports.preview.refused')}</strong> <small>{say(view, row.refused)}</small>
                  <small>{row.cells.map((cell) => cell.raw).join(' · ')}</small>
                </td>
              ) : (
                kept.map(({ column, at }) => <Cell view={view} cell={row.cells[at]!} label={headOf(column)} />)
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
