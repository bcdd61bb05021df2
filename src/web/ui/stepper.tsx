import type { FC } from 'hono/jsx'
import type { View } from '../view.ts'
import { Icon } from './icon.tsx'

/** Where one is in something that takes several pages; steps that are done may be gone back to. */
export const Stepper: FC<{
  view: View
  /** What the steps lead to. */
  label: string
  steps: readonly { text: string; href?: string }[]
  /** The position of the present step, from 0. */
  current: number
}> = ({ view, label, steps, current }) => (
  <nav class="stepper" aria-label={label}>
    <ol>
      {steps.map(({ text, href }, position) => {
        const isDone = position < current
        const content = (
          <>
            <span class="stepper-mark" aria-hidden="true">
              {isDone ? <Icon name="check" /> : position + 1}
            </span>
            {text}
            {isDone && <span class="hidden"> ({view.t('ui.done')})</span>}
          </>
        )
        return (
          <li class={isDone ? 'done' : undefined} aria-current={position === current ? 'step' : undefined}>
            {isDone && href ? <a href={href}>{content}</a> : <span>{content}</span>}
          </li>
        )
      })}
    </ol>
  </nav>
)
