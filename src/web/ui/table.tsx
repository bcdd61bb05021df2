import type { Child } from 'hono/jsx'
import type { View } from '../view.ts'

export interface Column<Row> {
  /** Names the column in the address when it can be sorted by. */
  key: string
  head: string
  cell(row: Row): Child
  /** Only columns that an index serves: a page costs the same however long the list. */
  isSortable?: boolean
  isNumber?: boolean
}

export interface Sort {
  by: string
  direction: 'up' | 'down'
}

export interface TableProps<Row> {
  view: View
  /** What the table lists, for those who do not see it. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  sort?: Sort
  /** The address of this list with other parameters; undefined removes one. */
  url(change: Record<string, string | undefined>): string
  /** Where the next page begins, if there is one. */
  next?: string
  /** True when this is not the first page. */
  isContinued?: boolean
  /** Shown in place of a table without rows: why, and what to do next. */
  empty: Child
}

/**
 * A list sorted, filtered and paged on the server. With script the next page joins this one; without, it replaces
 * it. On a phone each row is a card.
 */
export function DataTable<Row>({ view, caption, columns, rows, sort, url, next, isContinued, empty }: TableProps<Row>) {
  const { t } = view
  if (rows.length === 0 && !isContinued) return <div class="empty">{empty}</div>
  // Named only where there are pages to join, so that a page may hold several tables that have but one.
  const isPaged = isContinued || next !== undefined
  return (
    <>
      <table class="list cards">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head view={view} column={column} sort={sort} url={url} />
            ))}
          </tr>
        </thead>
        <tbody id={isPaged ? 'rows' : undefined}>
          {rows.map((row) => (
            <tr>
              {columns.map((column, position) =>
                position === 0 ? (
                  <th scope="row">{column.cell(row)}</th>
                ) : (
                  <td data-label={column.head} class={column.isNumber ? 'number' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {isPaged && (
        <p class="pager" id="pager">
          {isContinued && <a href={url({ cursor: undefined })}>{t('ui.first')}</a>}
          {next && (
            <a
              class="button"
              href={url({ cursor: next })}
              hx-get={url({ cursor: next })}
              hx-select="#rows > tr"
              hx-target="#rows"
              hx-swap="beforeend"
              hx-select-oob="#pager"
            >
              {t('ui.more')}
            </a>
          )}
        </p>
      )}
    </>
  )
}

function Head<Row>({
  view,
  column,
  sort,
  url,
}: Pick<TableProps<Row>, 'view' | 'sort' | 'url'> & { column: Column<Row> }) {
  const { t } = view
  const kind = column.isNumber ? 'number' : undefined
  if (!column.isSortable)
    return (
      <th scope="col" class={kind}>
        {column.head}
      </th>
    )
  const isSorted = sort?.by === column.key
  const direction = isSorted && sort.direction === 'up' ? 'down' : 'up'
  return (
    <th
      scope="col"
      class={kind}
      aria-sort={isSorted ? (sort.direction === 'up' ? 'ascending' : 'descending') : undefined}
    >
      <a
        class="sort"
        href={url({ sort: column.key, direction, cursor: undefined })}
        aria-label={t('ui.sortBy', { column: column.head })}
      >
        {column.head}
      </a>
    </th>
  )
}
