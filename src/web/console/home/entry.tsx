import type { Child, FC } from 'hono/jsx'
import { Icon } from '../../ui/icon.tsx'
import type { View } from '../../view.ts'
import type { Bounded } from './reader.ts'

/** A line that leads to where it is dealt with. */
export const Entry: FC<{ href: string; count?: string; note?: Child; children?: Child }> = ({
  href,
  count,
  note,
  children,
}) => (
  <li>
    <a class="entry" href={href}>
      {count !== undefined && <strong class="entry-count">{count}</strong>}
      <span class="entry-text">
        {children}
        {note && <small>{note}</small>}
      </span>
      <Icon name="chevron" />
    </a>
  </li>
)

/** A number that was counted only so far. */
export const atLeast = ({ formats }: View, { count, isMore }: Bounded): string =>
  `${formats.number(count)}${isMore ? ' +' : ''}`
