import type { Child, FC } from 'hono/jsx'
import { Icon } from './icon.tsx'

/**
 * What one does less often, behind a button: links, `ActionButton`s and buttons. It opens without script and with
 * the keyboard.
 */
export const Menu: FC<{ text: string; children?: Child }> = ({ text, children }) => (
  <details class="menu">
    <summary class="button">
      {text}
      <Icon name="down" />
    </summary>
    <div class="menu-items">{children}</div>
  </details>
)
