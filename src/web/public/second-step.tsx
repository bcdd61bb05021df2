import type { FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import { TextField } from '../ui/field.tsx'
import { Form, type Problems } from '../ui/form.tsx'
import type { View } from '../view.ts'

export const SecondStepPage: FC<{ view: View; problems?: Problems }> = ({ view, problems }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('signIn.codeTitle')}>
      <h1>{t('signIn.codeTitle')}</h1>
      <p>{t('signIn.codeLead')}</p>
      <Form view={view} action="/sign-in/code" problems={problems}>
        <TextField
          view={view}
          name="code"
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          autocomplete="one-time-code"
          maxlength={20}
          error={problems?.code}
          isRequired
        />
        <button type="submit" class="primary wide">
          {t('signIn.codeEnter')}
        </button>
      </Form>
      <p>
        <a href="/">{t('signIn.back')}</a>
      </p>
    </PublicPage>
  )
}
