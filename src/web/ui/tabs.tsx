import type { FC } from 'hono/jsx'

export interface Tab {
  text: string
  href: string
  isCurrent?: boolean
  /** How many there are behind it. */
  count?: string
}

/** Several views of one thing, each with an address of its own. */
export const Tabs: FC<{
  /** What they are views of, for those who do not see them. */
  label: string
  tabs: readonly Tab[]
}> = ({ label, tabs }) => (
  <nav class="tabs" aria-label={label}>
    <ul>
      {tabs.map(({ text, href, isCurrent, count }) => (
        <li>
          <a href={href} aria-current={isCurrent ? 'page' : undefined}>
            {text}
            {count !== undefined && <span class="tab-count">{count}</span>}
          </a>
        </li>
      ))}
    </ul>
  </nav>
)
