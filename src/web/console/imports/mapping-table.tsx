import type { FC } from 'hono/jsx'
import type { Column } from '../../../network/import/columns.ts'
import type { Sample } from '../../../network/import/preview.ts'
import type { View } from '../../view.ts'
import { meaningsOf } from './meanings.ts'

const samplesShown = 3

function samplesOf(sample: Sample, { index }: Column): string[] {
  const found = new Set<string>()
  for (const row of sample.rows) {
    const cell = row.problem ? '' : (row.cells[index] ?? '').trim()
    if (cell !== '') found.add(cell)
    if (found.size === samplesShown) break
  }
  return [...found]
}

/** Each column of the file, what stands in it, and what it is read as. */
export const MappingTable: FC<{ view: View; sample: Sample; columns: readonly Column[] }> = ({
  view,
  sample,
  columns,
}) => {
  const { t } = view
  const nameOf = ({ header, index }: Column) => header.trim() || t('imports.mapping.noHeader', { number: index + 1 })
  return (
    <table class="list cards mapping">
      <caption class="hidden">{t('imports.mapping.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('imports.mapping.column')}</th>
          <th scope="col">{t('imports.mapping.samples')}</th>
          <th scope="col">{t('imports.mapping.meaning')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => {
          const samples = samplesOf(sample, column)
          return (
            <tr>
              <th scope="row">{nameOf(column)}</th>
              <td data-label={t('imports.mapping.samples')}>
                {samples.length > 0 ? (
                  <span class="samples">
                    {samples.map((text) => (
                      <code>{text.length > 40 ? `${text.slice(0, 39)}…` : text}</code>
                    ))}
                  </span>
                ) : (
                  <small>{t('imports.mapping.noSample')}</small>
                )}
              </td>
              <td data-label={t('imports.mapping.meaning')}>
                <select
                  name={`column-${column.index}`}
                  aria-label={t('imports.mapping.meaningOf', { column: nameOf(column) })}
                >
                  {meaningsOf(t, column, column.target).map((group) => (
                    <optgroup label={group.label}>
                      {group.choices.map(({ value, text }) => (
                        <option value={value} selected={value === column.target}>
                          {text}
                        </option>
                      ))}
                    </optgroup>
                  ))}
                </select>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
