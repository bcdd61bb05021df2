import type { FC } from 'hono/jsx'
import { TextField } from '../../ui/field.tsx'
import type { Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'

/** What a picture shows, in both languages: asked for when it is added and when it is described anew. */
export const AltFields: FC<{ view: View; typed: { alt_fr?: string; alt_en?: string }; problems: Problems }> = ({
  view,
  typed,
  problems,
}) => (
  <>
    <TextField
      view={view}
      name="alt_fr"
      label={view.t('library.altFr')}
      hint={view.t('library.altHint')}
      value={typed.alt_fr}
      maxlength={200}
      error={problems.alt_fr}
      isRequired
    />
    <TextField
      view={view}
      name="alt_en"
      label={view.t('library.altEn')}
      value={typed.alt_en}
      maxlength={200}
      error={problems.alt_en}
      isRequired
    />
  </>
)
