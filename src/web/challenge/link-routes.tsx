import { and, eq } from 'drizzle-orm'
import { findChallenge } from '../../challenge/challenge.ts'
import { actAtDesk, type DeskOutcome, deskForm } from '../../challenge/desk/act.ts'
import { deskOf, namesOf } from '../../challenge/desk/desk.ts'
import { largestEvidence } from '../../challenge/desk/evidence.ts'
import type { Subject } from '../../challenge/participants.ts'
import { contacts, messages } from '../../db/schema.ts'
import { upload } from '../../http/body.ts'
import type { PageContext, PageHandler } from '../../http/page-env.ts'
import { type Behind, behindToken } from '../../tracking/behind.ts'
import { formatsFor } from '../format.ts'
import { type House, parsed } from '../house.ts'
import { PublicPage } from '../layout.tsx'
import { sendPage, type View } from '../view.ts'
import { translatorFor } from '../words/index.ts'
import { ChooseOneself } from './choose-oneself.tsx'
import { DeskParts } from './desk.tsx'
import { answerState, InvitationAnswer, invitationBehind, registerAnswer } from './invitation-answer.tsx'

/** Beside the file, the fields of the form. */
const formLimit = largestEvidence + 64 * 1024

/**
 * The page behind the link of a message: looking at it changes nothing, since mail programs follow links; its buttons
 * register, leave and tell results, without a password. The signature of the link is what opens it.
 */
export function challengeLinkRoutes({ app, deps, view, guards: { open } }: House): void {
  const { db, keys, wall } = deps

  const inTheirLanguage = async (c: PageContext, found: Behind): Promise<View> => {
    const page = await view(c)
    const language = c.req.query('lang') === undefined ? found.language : page.language
    return { ...page, language, t: translatorFor(language), formats: formatsFor(language, found.network.timezone) }
  }
  const tokenOf = (c: PageContext) => c.req.param('token') ?? ''
  const behind = async (c: PageContext) => {
    const found = await behindToken(db, keys, 'register', tokenOf(c), wall.now())
    if (!found) return undefined
    const { network, delivery } = found
    const [message] = await db
      .select({ campaignId: messages.campaignId })
      .from(messages)
      .where(and(eq(messages.networkId, network.id), eq(messages.id, delivery.messageId)))
    const challenge = message && (await findChallenge(db, network.id, message.campaignId))
    return (
      challenge && { ...found, challenge, way: delivery.channel === 'print' ? ('coupon' as const) : ('link' as const) }
    )
  }
  type Found = NonNullable<Awaited<ReturnType<typeof behind>>>

  /** Who acts: the one the link was made for, or of an outlet's the one who says so. */
  const subjectOf = async (found: Found, chosen: string | undefined): Promise<Subject | { choose: string }> => {
    const { network, contactIds, delivery } = found
    if (!found.isShared && contactIds[0] !== undefined) return { contactId: contactIds[0] }
    const siteId = await siteBehind(network.id, delivery.recipientKey, contactIds)
    if (chosen === 'company') return { siteId }
    const there = chosen === undefined ? [] : await namesOf(db, network.id, siteId)
    return there.some(({ id }) => id === chosen) ? { contactId: chosen as string } : { choose: siteId }
  }
  const siteBehind = async (networkId: string, recipientKey: string, contactIds: readonly string[]) => {
    if (recipientKey.startsWith('site:')) return recipientKey.slice('site:'.length)
    const [row] = await db
      .select({ siteId: contacts.siteId })
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), eq(contacts.id, contactIds[0] ?? '')))
    return row?.siteId ?? ''
  }

  const show = async (c: PageContext, found: Found, chosen: string | undefined, outcome?: DeskOutcome) => {
    const page = await inTheirLanguage(c, found)
    const subject = await subjectOf(found, chosen)
    const action = `/r/${encodeURIComponent(tokenOf(c))}`
    if ('choose' in subject) {
      const names = await namesOf(db, found.network.id, subject.choose)
      const { challenge } = found
      const title = challenge.campaign.title[page.language] ?? Object.values(challenge.campaign.title)[0] ?? ''
      return sendPage(
        c,
        <ChooseOneself
          view={page}
          title={title}
          names={names}
          action={action}
          hasCompany={challenge.rules.participants.companies}
        />,
      )
    }
    const desk = await deskOf(db, found.challenge, subject, page.language, found.way, found.at)
    if (!desk) return notFound(c)
    return sendPage(
      c,
      <PublicPage view={page} title={desk.title}>
        <DeskParts view={page} desk={desk} action={action} outcome={outcome} fields={chosen ? { me: chosen } : {}} />
      </PublicPage>,
      outcome?.is === 'refused' ? 422 : 200,
    )
  }
  const notFound = async (c: PageContext) => {
    const page = await view(c)
    return sendPage(
      c,
      <PublicPage view={page} title={page.t('challenge.title')}>
        <h1>{page.t('challenge.title')}</h1>
        <p>{page.t('challenge.notFound')}</p>
      </PublicPage>,
      404,
    )
  }

  /** The same of a message that invites to something else than a challenge. */
  const answer = async (c: PageContext, chosen: string | undefined, isPressed: boolean) => {
    const found = await behindToken(db, keys, 'register', tokenOf(c), wall.now())
    const invitation = found && (await invitationBehind(db, found))
    if (!invitation) return notFound(c)
    const page = await inTheirLanguage(c, found)
    const action = `/r/${encodeURIComponent(tokenOf(c))}`
    let state = await answerState(db, found, invitation, chosen)
    if (state.is === 'choose') {
      const title = invitation.title[page.language] ?? invitation.name
      return sendPage(
        c,
        <ChooseOneself view={page} title={title} names={state.names} action={action} hasCompany={false} />,
      )
    }
    if (isPressed && state.is === 'asked' && !invitation.isCanceled) {
      await registerAnswer(db, found, invitation, state.contactId)
      state = { is: 'registered', contactId: state.contactId }
    }
    return sendPage(
      c,
      <InvitationAnswer
        view={page}
        invitation={invitation}
        state={state}
        action={action}
        isChosen={chosen !== undefined}
      />,
    )
  }

  const look: PageHandler = async (c) => {
    const found = await behind(c)
    return found ? show(c, found, c.req.query('me')) : answer(c, c.req.query('me'), false)
  }

  const act: PageHandler = async (c) => {
    const found = await behind(c)
    const given = await c.req.parseBody()
    const chosen = typeof given.me === 'string' ? given.me : undefined
    if (!found) return answer(c, chosen, given.act === 'register')
    const subject = await subjectOf(found, chosen)
    if ('choose' in subject) return show(c, found, undefined)
    const form = parsed(deskForm, given)
    const { network, challenge, way, at, delivery } = found
    const by = 'contactId' in subject ? `contact:${subject.contactId}` : `delivery:${delivery.id}`
    const acting = { networkId: network.id, challengeId: challenge.id, subject, way, by, deliveryId: delivery.id, at }
    return show(c, found, chosen, await actAtDesk(db, acting, form, given.evidence))
  }

  app.get('/r/:token', open, look)
  app.post('/r/:token', open, upload(formLimit), act)
}
