import type { FC } from 'hono/jsx'
import type { Offer } from '../../accounts/invitations.ts'
import { shortestPassword } from '../../accounts/password-rules.ts'
import { PublicPage } from '../layout.tsx'
import { TextField } from '../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../ui/form.tsx'
import type { View } from '../view.ts'

interface OfferProps {
  view: View
  offer: Offer
  token: string
}

const Head: FC<OfferProps> = ({ view: { t }, offer: { network, invitation } }) => (
  <>
    <h1>{t('invitation.lead', { network })}</h1>
    <p>{t('invitation.as', { role: t(`roles.${invitation.role}`) })}</p>
  </>
)

const pathOf = (token: string): string => `/invitation/${encodeURIComponent(token)}`

/** For somebody new: a name and a password, or no password, or the head office. */
export const NewUserPage: FC<OfferProps & { name: string; problems?: Problems; office?: string }> = ({
  name,
  problems = {},
  office,
  ...shown
}) => {
  const { view, token } = shown
  const { t } = view
  return (
    <PublicPage view={view} title={t('invitation.title')}>
      <Head {...shown} />
      <Form view={view} action={pathOf(token)} problems={problems}>
        <TextField
          view={view}
          name="name"
          label={t('invitation.name')}
          value={name}
          autocomplete="name"
          maxlength={120}
          error={problems.name}
          isRequired
        />
        <input type="hidden" name="username" autocomplete="username" value={shown.offer.invitation.email} />
        <TextField
          view={view}
          name="password"
          type="password"
          label={t('invitation.password')}
          hint={t('passwordFaults.hint', { count: shortestPassword })}
          autocomplete="new-password"
          maxlength={200}
          error={problems.password}
          isRequired
        />
        <button type="submit" class="primary wide">
          {t('invitation.accept')}
        </button>
        <p class="or">{t('signIn.or')}</p>
        <p class="note">{t('invitation.acceptPasskeyText')}</p>
        <button type="submit" class="wide" name="without" value="password">
          {t('invitation.acceptPasskey')}
        </button>
      </Form>
      {office && (
        <form class="form" method="post" action="/sign-in/office">
          <button type="submit" class="wide">
            {t('signIn.byOffice', { name: office })}
          </button>
        </form>
      )}
    </PublicPage>
  )
}

/** For somebody who has an account: it is joined by them alone, signed in. */
export const JoinPage: FC<OfferProps & { email?: string }> = ({ email, ...shown }) => {
  const { view, offer, token } = shown
  const { t } = view
  const invited = offer.invitation.email
  return (
    <PublicPage view={view} title={t('invitation.title')}>
      <Head {...shown} />
      {email === undefined && (
        <>
          <p>{t('invitation.signInFirst', { email: invited })}</p>
          <ActionButton action={`${pathOf(token)}/sign-in`} text={t('invitation.signIn')} kind="primary" />
        </>
      )}
      {email === invited && (
        <>
          <p>{t('invitation.joinAs', { email })}</p>
          <ActionButton action={pathOf(token)} text={t('invitation.join', { network: offer.network })} kind="primary" />
        </>
      )}
      {email !== undefined && email !== invited && (
        <>
          <p>{t('invitation.otherUser', { email, invited })}</p>
          <ActionButton action={`${pathOf(token)}/sign-in`} text={t('invitation.signOut')} />
        </>
      )}
    </PublicPage>
  )
}

export const ClosedInvitationPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t('invitation.closedTitle')}>
      <h1>{t('invitation.closedTitle')}</h1>
      <p>{t('invitation.closed')}</p>
      <p>
        <a class="button" href="/">
          {t('signIn.back')}
        </a>
      </p>
    </PublicPage>
  )
}
