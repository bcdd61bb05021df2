import type { Child, FC } from 'hono/jsx'
import type { z } from 'zod'
import type { View } from '../view.ts'

/** What is wrong with a form, by the name of its field; `form` concerns it as a whole. */
export type Problems = Readonly<Record<string, string>>

/** The first problem of each field, as a schema found it; schemas say their messages in the reader's language. */
export function problemsOf(error: z.ZodError): Problems {
  const problems: Record<string, string> = {}
  for (const issue of error.issues) problems[String(issue.path[0] ?? 'form')] ??= issue.message
  return problems
}

/** Stands at the head of a form that was refused: how many fields, and a link to each. */
export const FormProblems: FC<{ view: View; problems?: Problems }> = ({ view, problems = {} }) => {
  const { form, ...fields } = problems
  const names = Object.keys(fields)
  if (!form && names.length === 0) return null
  return (
    <div class="form-problems" role="alert">
      {form && <p>{form}</p>}
      {names.length > 0 && (
        <>
          <p>{view.t('ui.formProblems', { count: names.length })}</p>
          <ul>
            {names.map((name) => (
              <li>
                <a href={`#${name}`}>{fields[name]}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** A form that posts, with what is wrong with it on top. */
export const Form: FC<{
  view: View
  action: string
  problems?: Problems
  /** For files. */
  isMultipart?: boolean
  children?: Child
}> = ({ view, action, problems, isMultipart, children }) => (
  <form class="form" method="post" action={action} enctype={isMultipart ? 'multipart/form-data' : undefined} novalidate>
    <FormProblems view={view} problems={problems} />
    {children}
  </form>
)

/** One thing to do, as a button of its own that posts. */
export const ActionButton: FC<{
  action: string
  text: string
  kind?: 'primary' | 'quiet' | 'danger' | ''
  fields?: Readonly<Record<string, string>>
  isDisabled?: boolean
}> = ({ action, text, kind = '', fields = {}, isDisabled }) => (
  <form class="action" method="post" action={action}>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button type="submit" class={kind} disabled={isDisabled}>
      {text}
    </button>
  </form>
)
