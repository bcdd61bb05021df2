import type { FC } from 'hono/jsx'
import { Icon, type IconName } from './icon.tsx'

/** A link that looks like a button: it leads somewhere and changes nothing. */
export const LinkButton: FC<{
  href: string
  text: string
  kind?: 'primary' | 'quiet' | 'danger' | ''
  icon?: IconName
  /** For files: the browser saves rather than shows it. */
  isDownload?: boolean
}> = ({ href, text, kind = '', icon, isDownload }) => (
  <a class={`button ${kind}`.trim()} href={href} download={isDownload || undefined}>
    {icon && <Icon name={icon} />}
    {text}
  </a>
)
