import type { Child, FC } from 'hono/jsx'

export interface KeyFigure {
  label: string
  /** Written in the reader's language: `formats.number(…)`. */
  value: string
  note?: string
  /** Where the people or things behind the figure are listed. */
  href?: string
}

/** The few figures one remembers of a page. */
export const KeyFigures: FC<{ figures: readonly KeyFigure[] }> = ({ figures }) => (
  <dl class="headline">
    {figures.map(({ label, value, note, href }) => (
      <div>
        <dt>{label}</dt>
        <dd>
          {href ? <a href={href}>{value}</a> : value}
          {note && <small>{note}</small>}
        </dd>
      </div>
    ))}
  </dl>
)

export interface Detail {
  term: string
  detail: Child
  note?: Child
}

/** What is known of one thing, a line a fact. */
export const DescriptionList: FC<{ details: readonly (Detail | undefined | false)[] }> = ({ details }) => (
  <dl class="pairs">
    {details.map(
      (row) =>
        row && (
          <div>
            <dt>{row.term}</dt>
            <dd>
              {row.detail}
              {row.note && <small>{row.note}</small>}
            </dd>
          </div>
        ),
    )}
  </dl>
)
