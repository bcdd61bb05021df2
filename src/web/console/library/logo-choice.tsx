import type { FC } from 'hono/jsx'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import type { View } from '../../view.ts'
import { altText } from './say.ts'

/** One of the library's printable pictures, seen while choosing, or none. */
export const LogoChoice: FC<{
  view: View
  label: string
  hint?: string
  none: string
  value: string
  pictures: readonly PictureRow[]
  error?: string
}> = ({ view, label, hint, none, value, pictures, error }) => {
  const { t } = view
  return (
    <fieldset
      class={error ? 'field choices logo-choice has-error' : 'field choices logo-choice'}
      aria-describedby={hint ? 'logo-hint' : undefined}
      id="logo"
    >
      <legend>{label}</legend>
      {hint && (
        <p class="hint" id="logo-hint">
          {hint}
        </p>
      )}
      <div class="logo-choices">
        <label>
          <input type="radio" name="logo" value="" checked={value === ''} />
          <span>{none}</span>
        </label>
        {pictures.map((row) => (
          <label>
            <input type="radio" name="logo" value={row.id} checked={value === row.id} />
            <span class="picture-stage small">
              <img
                src={`/console/library/${row.id}/picture`}
                width={row.width}
                height={row.height}
                alt={altText(view, row)}
                loading="lazy"
              />
            </span>
            <span>{row.name}</span>
          </label>
        ))}
      </div>
      {pictures.length === 0 && <p class="note">{t('library.brand.logoEmpty')}</p>}
      <p class="note">
        <a href={`${inNetwork(view, '/console/library')}#upload`}>{t('library.brand.logoUpload')}</a>
      </p>
      {error && (
        <p class="error" id="logo-error">
          {error}
        </p>
      )}
    </fieldset>
  )
}
