import type { Child, FC } from 'hono/jsx'

/** A part of a page with a name of its own. */
export const Panel: FC<{
  title: string
  /** Unique on the page: other places link to it. */
  id: string
  note?: Child
  /** At the end of the title's line. */
  action?: Child
  children?: Child
}> = ({ title, id, note, action, children }) => (
  <section class="panel" id={id} aria-labelledby={`${id}-title`}>
    <div class="panel-head">
      <h2 id={`${id}-title`}>{title}</h2>
      {action}
    </div>
    {note && <p class="note">{note}</p>}
    {children}
  </section>
)
