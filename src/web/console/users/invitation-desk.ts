import { and, eq } from 'drizzle-orm'
import { invitationMail } from '../../../accounts/account-mails.ts'
import { type Invitation, invite, type NewInvitation, renewInvitation } from '../../../accounts/invitations.ts'
import type { AppDeps } from '../../../app-deps.ts'
import type { Role } from '../../../db/schema/accounts.ts'
import { memberships, users } from '../../../db/schema.ts'
import type { SignedIn } from '../../../http/page-env.ts'
import { languages } from '../../../words.ts'
import type { View } from '../../view.ts'
import { translatorFor } from '../../words/index.ts'
import type { HandOver, Said } from './users.tsx'

type Told = { said?: Said; handOver?: HandOver }

/** Invitations with their mails: what leaves is said to have left, what cannot leave is handed over on the page. */
export function invitationDesk({ db, wall, context, publicUrl }: AppDeps) {
  const { mailer, random, log } = context

  const mail = async (
    view: View,
    by: SignedIn,
    offer: Pick<Invitation, 'email' | 'name' | 'role' | 'language' | 'expiresAt'>,
    token: string,
  ): Promise<Told> => {
    const { email, name, role, expiresAt } = offer
    const language = languages.find((known) => known === offer.language) ?? 'fr'
    const link = `${publicUrl}/invitation/${token}`
    const outcome = await mailer.send(
      await invitationMail({
        to: { email, name },
        language,
        link,
        network: view.network?.title ?? '',
        role: translatorFor(language)(`roles.${role}`),
        invitedBy: by.name,
        expiresAt,
      }),
    )
    if (outcome.is === 'sent') return { said: { text: view.t('users.sent', { email }), tone: 'good' } }
    if (outcome.is === 'failed') log.error({ reason: outcome.reason }, 'An invitation could not be mailed')
    const text = outcome.is === 'failed' ? view.t('users.notSent', { email }) : view.t('users.noMailer', { email })
    return { handOver: { text, link } }
  }

  return {
    /** Whether somebody with this address has the role here already. */
    hasRole: async (networkId: string, email: string, role: Role): Promise<boolean> => {
      const [row] = await db
        .select({ id: users.id })
        .from(users)
        .innerJoin(memberships, eq(memberships.userId, users.id))
        .where(and(eq(users.email, email), eq(memberships.networkId, networkId), eq(memberships.role, role)))
      return row !== undefined
    },
    offer: async (view: View, by: SignedIn, offer: NewInvitation): Promise<Told> => {
      const { token, expiresAt } = await invite(db, offer, { actor: by.id, now: wall.now(), random })
      return mail(view, by, { ...offer, expiresAt }, token)
    },
    /** Undefined when it no longer waits. */
    renew: async (view: View, by: SignedIn, which: { networkId: string; id: string }): Promise<Told | undefined> => {
      const renewed = await renewInvitation(db, which, { actor: by.id, now: wall.now(), random })
      return renewed && mail(view, by, renewed.invitation, renewed.token)
    },
  }
}
