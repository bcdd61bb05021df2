import type { Child, FC } from 'hono/jsx'
import type { View } from '../view.ts'

interface Shared {
  view: View
  name: string
  label: string
  /** What to enter, and in which unit. */
  hint?: string
  /** What is wrong with what was entered, and how to mend it. */
  error?: string
  isRequired?: boolean
}

const describedBy = ({ name, hint, error }: Shared): string | undefined =>
  [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ') || undefined

/** A label, its hint, the control and what is wrong with it, tied together for those who do not see them. */
const Labelled: FC<{ field: Shared; children?: Child }> = ({
  field: { view, name, label, hint, error, isRequired },
  children,
}) => (
  <div class={error ? 'field has-error' : 'field'}>
    <label for={name}>
      {label}
      {!isRequired && <small> · {view.t('ui.optional')}</small>}
    </label>
    {hint && (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
    {children}
    {error && (
      <p class="error" id={`${name}-error`}>
        {error}
      </p>
    )}
  </div>
)

type TextFieldProps = Shared & {
  value?: string
  type?:
    | 'text'
    | 'email'
    | 'tel'
    | 'url'
    | 'password'
    | 'number'
    | 'search'
    | 'date'
    | 'time'
    | 'datetime-local'
    | 'color'
    | 'file'
  autocomplete?: string
  placeholder?: string
  maxlength?: number
  min?: string
  max?: string
  step?: string
  accept?: string
  list?: string
}

export const TextField: FC<TextFieldProps> = (field) => {
  const { view: _, name, label: _label, hint: _hint, error, isRequired, ...input } = field
  return (
    <Labelled field={field}>
      <input
        {...input}
        id={name}
        name={name}
        type={field.type ?? 'text'}
        required={isRequired}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(field)}
      />
    </Labelled>
  )
}

export const TextArea: FC<Shared & { value?: string; rows?: number; maxlength?: number }> = (field) => (
  <Labelled field={field}>
    <textarea
      id={field.name}
      name={field.name}
      rows={field.rows ?? 5}
      maxlength={field.maxlength}
      required={field.isRequired}
      aria-invalid={field.error ? 'true' : undefined}
      aria-describedby={describedBy(field)}
    >
      {field.value}
    </textarea>
  </Labelled>
)

export interface Choice {
  value: string
  text: string
  isDisabled?: boolean
}

export const SelectField: FC<Shared & { value?: string; choices: readonly Choice[] }> = (field) => (
  <Labelled field={field}>
    <select
      id={field.name}
      name={field.name}
      required={field.isRequired}
      aria-invalid={field.error ? 'true' : undefined}
      aria-describedby={describedBy(field)}
    >
      {field.choices.map(({ value, text, isDisabled }) => (
        <option value={value} selected={value === field.value} disabled={isDisabled}>
          {text}
        </option>
      ))}
    </select>
  </Labelled>
)

/** Yes or no; posts `on` when ticked. */
export const CheckField: FC<Omit<Shared, 'isRequired'> & { isChecked?: boolean; value?: string }> = (field) => (
  <div class={error(field) ? 'field check has-error' : 'field check'}>
    <label>
      <input
        type="checkbox"
        name={field.name}
        value={field.value ?? 'on'}
        checked={field.isChecked}
        aria-describedby={describedBy(field)}
      />
      {field.label}
    </label>
    {field.hint && (
      <p class="hint" id={`${field.name}-hint`}>
        {field.hint}
      </p>
    )}
    {field.error && (
      <p class="error" id={`${field.name}-error`}>
        {field.error}
      </p>
    )}
  </div>
)

const error = ({ error }: { error?: string }) => error

/** One or several of a few, all in sight. */
export const ChoiceField: FC<
  Omit<Shared, 'isRequired'> & { choices: readonly Choice[]; values: readonly string[]; isMultiple?: boolean }
> = ({ name, label, hint, error, choices, values, isMultiple }) => (
  <fieldset
    class={error ? 'field choices has-error' : 'field choices'}
    aria-describedby={hint ? `${name}-hint` : undefined}
  >
    <legend>{label}</legend>
    {hint && (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
    {choices.map(({ value, text, isDisabled }) => (
      <label>
        <input
          type={isMultiple ? 'checkbox' : 'radio'}
          name={name}
          value={value}
          checked={values.includes(value)}
          disabled={isDisabled}
        />
        {text}
      </label>
    ))}
    {error && (
      <p class="error" id={`${name}-error`}>
        {error}
      </p>
    )}
  </fieldset>
)
