import type { Child, FC } from 'hono/jsx'
import type { View } from '../view.ts'
import type { Choice } from './field.tsx'

/** The form above a list that narrows it; it asks by the address, so that a narrowed list can be sent to someone. */
export const Filters: FC<{
  view: View
  action: string
  /** What else the address says and must go on saying, such as a tab; the network is kept by itself. */
  keep?: Readonly<Record<string, string | undefined>>
  /** Shows the way back to the whole list. */
  isFiltered?: boolean
  children?: Child
}> = ({ view, action, keep = {}, isFiltered, children }) => {
  const kept = Object.entries({ network: view.network?.name, ...keep }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  const whole = new URLSearchParams(kept).toString()
  return (
    <form class="filters" method="get" action={action} aria-label={view.t('ui.filters')}>
      {kept.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
      <div class="filters-end">
        <button type="submit">{view.t('ui.apply')}</button>
        {isFiltered && (
          <a class="button quiet" href={whole ? `${action}?${whole}` : action}>
            {view.t('ui.clear')}
          </a>
        )}
      </div>
    </form>
  )
}

export const FilterSelect: FC<{
  view: View
  name: string
  label: string
  value?: string
  choices: readonly Choice[]
  /** What no choice means; “all” unless told. */
  all?: string
}> = ({ view, name, label, value, choices, all }) => (
  <label>
    {label}
    <select name={name}>
      <option value="">{all ?? view.t('ui.all')}</option>
      {choices.map((choice) => (
        <option value={choice.value} selected={choice.value === value} disabled={choice.isDisabled}>
          {choice.text}
        </option>
      ))}
    </select>
  </label>
)

export const FilterText: FC<{
  name: string
  label: string
  value?: string
  type?: 'search' | 'text' | 'date'
  placeholder?: string
}> = ({ name, label, value, type = 'search', placeholder }) => (
  <label class={type === 'date' ? undefined : 'grow'}>
    {label}
    <input type={type} name={name} value={value} placeholder={placeholder} maxlength={200} />
  </label>
)
