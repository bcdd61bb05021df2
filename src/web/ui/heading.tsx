import type { Child, FC } from 'hono/jsx'

/** The head of a page: its name, what it is for, and at the end of the line what one mostly comes here to do. */
export const PageHeading: FC<{
  title: string
  lead?: Child
  /** A line of states and facts under the title. */
  facts?: Child
  /** The actions, the first one first: `LinkButton`, `ActionButton`, `Menu`. */
  children?: Child
}> = ({ title, lead, facts, children }) => (
  <div class="heading">
    <div>
      <h1>{title}</h1>
      {facts && <p class="card-line">{facts}</p>}
      {lead && <p class="lead">{lead}</p>}
    </div>
    {children && <div class="toolbar">{children}</div>}
  </div>
)

/** Buttons and links in one line, which breaks where it must. */
export const Toolbar: FC<{ children?: Child }> = ({ children }) => <div class="toolbar">{children}</div>
