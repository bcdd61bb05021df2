import type { FC } from 'hono/jsx'

/** The mark: an R handing over. */
export const Mark: FC = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M9 22V10.5h6.2a4 4 0 0 1 0 8H9m6.5 0 4.3 4" />
    <circle cx="24" cy="11" r="2.4" />
  </svg>
)
