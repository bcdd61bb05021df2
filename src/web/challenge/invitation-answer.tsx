import { and, eq } from 'drizzle-orm'
import type { FC } from 'hono/jsx'
import { namesOf } from '../../challenge/desk/desk.ts'
import type { Db } from '../../db/index.ts'
import { campaigns, campaignVersions, contacts, events, messages } from '../../db/schema.ts'
import type { Behind } from '../../tracking/behind.ts'
import { asksOf } from '../../tracking/late-hand-over.ts'
import { recordEvent } from '../../tracking/record.ts'
import type { Language } from '../../words.ts'
import { PublicPage } from '../layout.tsx'
import { Form } from '../ui/form.tsx'
import { Flash } from '../ui/notice.tsx'
import { inLanguage, type View } from '../view.ts'

/** What a message asks to register for where it is no challenge: a meeting, an open day. */
export interface Invitation {
  campaignId: string
  title: Partial<Record<Language, string>>
  name: string
  /** Where more of it is told. */
  link?: string
  isCanceled: boolean
}

/** The invitation behind a link; undefined where its message asks nobody to register. */
export async function invitationBehind(db: Db, { network, delivery }: Behind): Promise<Invitation | undefined> {
  const [row] = await db
    .select({ message: messages, campaign: campaigns, version: campaignVersions.definition })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(and(eq(messages.networkId, network.id), eq(messages.id, delivery.messageId)))
  if (!row || !asksOf(row.message.definition).asksRegistration) return undefined
  const { id: campaignId, title, name, status } = row.campaign
  const { link } = (row.version ?? {}) as { link?: unknown }
  return { campaignId, title, name, isCanceled: status === 'canceled', ...(typeof link === 'string' ? { link } : {}) }
}

const keyOf = (campaignId: string, contactId: string) => `answer:${campaignId}:${contactId}`

/** Who answers: the one the link was made for, or of those a letter or shared mailbox reaches the one who says so. */
async function whoAnswers(db: Db, { network, isShared, contactIds, delivery }: Behind, chosen: string | undefined) {
  if (!isShared && contactIds[0] !== undefined) return { contactId: contactIds[0] }
  const [first] = await db
    .select({ siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), eq(contacts.id, contactIds[0] ?? '')))
  const [kind, id = ''] = delivery.recipientKey.split(':')
  const there = await namesOf(db, network.id, kind === 'site' ? id : (first?.siteId ?? ''))
  return there.some((one) => one.id === chosen) ? { contactId: chosen as string } : { choose: there }
}

/** What a reader of an invitation is shown. */
export type AnswerState =
  | { is: 'choose'; names: readonly { id: string; name: string }[] }
  | { is: 'asked' | 'registered'; contactId: string }

export async function answerState(
  db: Db,
  found: Behind,
  { campaignId }: Invitation,
  chosen: string | undefined,
): Promise<AnswerState> {
  const who = await whoAnswers(db, found, chosen)
  if ('choose' in who) return { is: 'choose', names: who.choose ?? [] }
  const { contactId } = who
  const [known] = await db
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.networkId, found.network.id), eq(events.dedupeKey, keyOf(campaignId, contactId))))
  return { is: known ? 'registered' : 'asked', contactId }
}

/** Registers somebody for what a message invited to, once, however often the button is pressed. */
export async function registerAnswer(db: Db, found: Behind, { campaignId }: Invitation, contactId: string) {
  const { network, delivery, at } = found
  await db.transaction((tx) =>
    recordEvent(tx, {
      ...{ networkId: network.id, type: 'register', deliveryId: delivery.id, contactId, source: 'page' },
      ...{ dedupeKey: keyOf(campaignId, contactId), occurredAt: at, recordedAt: at },
    }),
  )
}

/** An invitation answered with one tap, without a password. */
export const InvitationAnswer: FC<{
  view: View
  invitation: Invitation
  state: Exclude<AnswerState, { is: 'choose' }>
  action: string
  isChosen: boolean
}> = ({ view, invitation, state: { is, contactId }, action, isChosen }) => {
  const { t, language } = view
  const title = inLanguage(invitation.title, language, invitation.name)
  return (
    <PublicPage view={view} title={title}>
      <h1>{title}</h1>
      {invitation.isCanceled ? (
        <Flash tone="warning">{t('challenge.invitation.canceled')}</Flash>
      ) : is === 'registered' ? (
        <Flash tone="good">{t('challenge.invitation.registered')}</Flash>
      ) : (
        <Form view={view} action={action}>
          <p>{t('challenge.invitation.ask')}</p>
          <input type="hidden" name="act" value="register" />
          {isChosen && <input type="hidden" name="me" value={contactId} />}
          <button type="submit" class="primary wide">
            {t('challenge.invitation.register')}
          </button>
        </Form>
      )}
      {invitation.link && (
        <p>
          <a href={invitation.link} rel="noreferrer">
            {t('challenge.invitation.more')}
          </a>
        </p>
      )}
    </PublicPage>
  )
}
