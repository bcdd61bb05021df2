import type { FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import { SelectField } from '../ui/field.tsx'
import type { View } from '../view.ts'

/** Of the people a letter or a shared mailbox reaches, who is holding it. */
export const ChooseOneself: FC<{
  view: View
  title: string
  names: readonly { id: string; name: string }[]
  action: string
  hasCompany: boolean
}> = ({ view, title, names, action, hasCompany }) => (
  <PublicPage view={view} title={title}>
    <h1>{title}</h1>
    <p class="note">{view.t('challenge.chooseNote')}</p>
    <form class="form" method="get" action={action}>
      <SelectField
        view={view}
        name="me"
        label={view.t('challenge.choose')}
        choices={[
          ...names.map(({ id, name }) => ({ value: id, text: name })),
          ...(hasCompany ? [{ value: 'company', text: view.t('challenge.ofCompany') }] : []),
        ]}
        isRequired
      />
      <button type="submit" class="primary wide">
        {view.t('challenge.itIsMe')}
      </button>
    </form>
  </PublicPage>
)
