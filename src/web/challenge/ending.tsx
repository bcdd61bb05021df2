import type { FC } from 'hono/jsx'
import type { Ending } from '../../challenge/desk/ending.ts'
import { imageWording } from '../../challenge/winners/wording.ts'
import { TextArea, TextField } from '../ui/field.tsx'
import { ActionButton, Form } from '../ui/form.tsx'
import { Flash } from '../ui/notice.tsx'
import type { View } from '../view.ts'

interface EndingProps {
  view: View
  ending: Ending
  action: string
  fields: Readonly<Record<string, string>>
}

/** How a challenge ends for somebody: what they won, the days to object, and their say on pictures of them. */
export const EndingParts: FC<EndingProps> = ({ view, ending, action, fields }) => {
  const { t } = view
  return (
    <>
      {ending.won.length > 0 && (
        <Flash tone="good">
          {ending.won
            .map(({ by, place, isOutlet }) =>
              t(`challenge.ending.${by}${isOutlet ? 'Outlet' : ''}` as const, { place }),
            )
            .join(' ')}
        </Flash>
      )}
      {(ending.claimsUntil || ending.claims.length > 0) && (
        <Claims view={view} ending={ending} action={action} fields={fields} />
      )}
      {ending.asksImage && <Image view={view} ending={ending} action={action} fields={fields} />}
    </>
  )
}

const Hidden: FC<{ fields: Readonly<Record<string, string>> }> = ({ fields }) => (
  <>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
)

const Claims: FC<EndingProps> = ({ view, ending: { claimsUntil, claims }, action, fields }) => {
  const { t, formats } = view
  return (
    <section aria-labelledby="claims">
      <h2 id="claims">{t('challenge.ending.claims')}</h2>
      <ul class="desk-list">
        {claims.map(({ text, status, answer, raisedAt }) => (
          <li>
            <span>{text}</span>
            <small class="note">{`${formats.date(raisedAt)} · ${t(`challenge.ending.status.${status}`)}`}</small>
            {answer ? <strong>{answer}</strong> : null}
          </li>
        ))}
      </ul>
      {claimsUntil && (
        <Form view={view} action={action}>
          <Hidden fields={{ ...fields, act: 'claim' }} />
          <TextArea
            view={view}
            name="text"
            label={t('challenge.ending.claim')}
            hint={t('challenge.ending.claimHint', { when: formats.long(claimsUntil) })}
            rows={3}
            maxlength={2000}
            isRequired
          />
          <button type="submit" class="wide">
            {t('challenge.ending.send')}
          </button>
        </Form>
      )}
    </section>
  )
}

const Image: FC<EndingProps> = ({ view, ending: { image }, action, fields }) => {
  const { t, formats, language } = view
  return (
    <section aria-labelledby="image">
      <h2 id="image">{t('challenge.ending.image')}</h2>
      {image && (
        <p>
          {t(image.isGranted ? 'challenge.ending.granted' : 'challenge.ending.withdrawn', {
            when: formats.date(image.saidAt),
          })}
        </p>
      )}
      {image?.isGranted ? (
        <ActionButton
          action={action}
          text={t('challenge.ending.takeBack')}
          kind="danger"
          fields={{ ...fields, act: 'no-image' }}
        />
      ) : (
        <Form view={view} action={action}>
          <Hidden fields={{ ...fields, act: 'image' }} />
          <p lang={language}>{imageWording.text[language]}</p>
          <TextField
            view={view}
            name="signedName"
            label={t('challenge.ending.name')}
            hint={t('challenge.ending.nameHint')}
            maxlength={100}
            autocomplete="name"
            isRequired
          />
          <button type="submit" class="wide">
            {t('challenge.ending.agree')}
          </button>
        </Form>
      )}
    </section>
  )
}
