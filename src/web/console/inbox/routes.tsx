import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { can } from '../../../accounts/policy.ts'
import { businessNow } from '../../../clock.ts'
import { newId } from '../../../db/index.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { AnswerRefused, answerConversation, lastMail } from '../../../inbox/answer.ts'
import { answerableNow } from '../../../inbox/answerable.ts'
import { assignConversation } from '../../../inbox/assign.ts'
import { closeConversation, reopenConversation } from '../../../inbox/close.ts'
import { composeAnswer } from '../../../inbox/compose.ts'
import type { Acting } from '../../../inbox/hold.ts'
import { answeredCampaigns, type InboxFilter, inboxShows, listConversations } from '../../../inbox/list.ts'
import { markConversationRead } from '../../../inbox/mark-read.ts'
import { leaveNote, longestNote } from '../../../inbox/note.ts'
import { filledIn, savedAnswer, savedAnswersOf } from '../../../inbox/saved-answers.ts'
import { findThread } from '../../../inbox/thread.ts'
import type { AnsweredChannel } from '../../../inbox/whose.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { conversationOf, networkOf } from '../locate.ts'
import { InboxPage } from './page.tsx'
import { savedAnswerRoutes } from './saved-routes.tsx'
import { answerProblem, type InboxDone, inboxDone } from './say.ts'
import { AnswerSize } from './size.tsx'
import type { ThreadProps } from './thread.tsx'

const filterShape = {
  show: optional(z.enum(inboxShows)).transform((show) => show ?? ('open' as const)),
  channel: optional(z.enum(['sms', 'email'])),
  campaign: optional(anId),
  q: optional(z.string().max(200)),
  cursor: optional(z.string().max(100)),
}
const listShape = z.object(filterShape)
const threadShape = z.object({ ...filterShape, saved: optional(anId), done: optional(z.enum(inboxDone)) })

const words = z.string().max(20_000).default('')
const shared = { list: z.string().max(1_000).default('') }
const answerForm = z.object({ ...shared, text: words, key: anId.default('') })
const noteForm = z.object({ ...shared, note: words, key: anId.default('') })
const assignForm = z.object({ ...shared, to: z.string().max(64).default('') })

/** What people answer: the list, each conversation, and all one does in it. */
export function inboxRoutes(house: House): void {
  const { app, deps, view, guards } = house
  const { may } = guards
  const { db, wall, context } = deps
  const nowIn = (c: PageContext) => businessNow(wall.now(), c.get('network'))

  const listOf = async (c: PageContext, filter: InboxFilter, current?: string) => {
    const { id } = c.get('network')
    const [page, campaigns] = await Promise.all([
      listConversations(db, id, c.get('scope'), c.get('user').id, filter),
      c.get('scope').of === 'network' ? answeredCampaigns(db, id) : [],
    ])
    return { view: await view(c), filter, campaigns, current, ...page }
  }

  const list: PageHandler = async (c) => {
    const shown = await listOf(c, parsed(listShape, c.req.query()))
    return sendPage(c, <InboxPage list={shown} maySave={can(c.get('user'), 'library.write', c.get('network').id)} />)
  }

  type Shown = Partial<Pick<ThreadProps, 'draft' | 'note' | 'composed' | 'problems' | 'done' | 'formKey'>>

  const show = async (c: PageContext, filter: InboxFilter, given: Shown, status: 200 | 422 = 200) => {
    const network = c.get('network')
    const thread = await findThread(db, network.id, idOf(c))
    if (!thread) throw new HTTPException(404)
    const answerable = await answerableNow(db, context, network, thread.conversation, nowIn(c))
    const shown = await listOf(c, filter, thread.conversation.id)
    return sendPage(
      c,
      <InboxPage
        list={shown}
        maySave={false}
        thread={{
          ...{ view: shown.view, filter, thread, formKey: newId(), ...given },
          saved: await savedAnswersOf(db, network.id),
          mayAnswer: can(c.get('user'), 'conversation.answer', network.id),
          answerable: answerable.can
            ? { can: true, sender: answerable.sender.address ?? answerable.sender.name }
            : answerable,
        }}
      />,
      status,
    )
  }

  const thread: PageHandler = async (c) => {
    const { saved, done, ...filter } = parsed(threadShape, c.req.query())
    const network = c.get('network')
    const chosen = saved ? await savedAnswer(db, network.id, saved) : undefined
    const [person] = chosen ? ((await findThread(db, network.id, idOf(c)))?.people ?? []) : []
    return show(c, filter, { done, draft: chosen && filledIn(chosen, person, network.language) })
  }

  /** Back to the conversation beside the list it was chosen from. */
  const back = (c: PageContext, said: string, done: InboxDone) => {
    const query = new URLSearchParams(said)
    query.delete('cursor')
    query.set('done', done)
    return c.redirect(`/console/inbox/${idOf(c)}?${query}`, 303)
  }

  const filterOf = (said: string): InboxFilter =>
    parsed(listShape, Object.fromEntries(new URLSearchParams(said).entries()))

  const acting = (c: PageContext): Acting => ({
    ...{ networkId: c.get('network').id, conversationId: idOf(c), actor: c.get('user').id },
    ...{ now: nowIn(c), at: wall.now() },
  })

  const composed = async (c: PageContext, text: string) => {
    const network = c.get('network')
    const found = await findThread(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    const { conversation } = found
    const answerable = await answerableNow(db, context, network, conversation, nowIn(c))
    if (!answerable.can) return { channel: conversation.channel, problem: answerable.code }
    const answer = { text, ...(await lastMail(db, conversation)) }
    const made = await composeAnswer(db, context, network, answerable, answer, nowIn(c))
    return 'problem' in made ? { channel: conversation.channel, problem: made.problem } : made
  }

  const answer: PageHandler = async (c) => {
    const { list: said, text, key } = parsed(answerForm, await c.req.parseBody())
    try {
      const given = { conversationId: idOf(c), text, key: key || newId(), author: c.get('user').id }
      await answerConversation(context, c.get('network'), given, nowIn(c))
    } catch (error) {
      if (!(error instanceof AnswerRefused)) throw error
      const page = await view(c)
      const made = await composed(c, text)
      const channel = ('channel' in made ? made.channel : made.content.channel) as AnsweredChannel
      const problems = { text: answerProblem(page, error.code, channel) }
      return show(c, filterOf(said), { draft: text, problems, formKey: key || newId() }, 422)
    }
    return back(c, said, 'answered')
  }

  const preview: PageHandler = async (c) => {
    const { list: said, text, key } = parsed(answerForm, await c.req.parseBody())
    const made = await composed(c, text)
    const kept = { draft: text, formKey: key || newId() }
    if (!('problem' in made)) return show(c, filterOf(said), { ...kept, composed: made })
    const problems = { text: answerProblem(await view(c), made.problem, made.channel as AnsweredChannel) }
    return show(c, filterOf(said), { ...kept, problems }, 422)
  }

  const size: PageHandler = async (c) => {
    const { text } = parsed(answerForm, await c.req.parseBody())
    const made = await composed(c, text)
    c.header('cache-control', 'no-store')
    const page = await view(c)
    if (!('problem' in made)) return c.html(<AnswerSize view={page} composed={made} />)
    const said = made.problem === 'empty' ? '' : answerProblem(page, made.problem, made.channel as AnsweredChannel)
    return c.html(<p class="note">{said}</p>)
  }

  const assign: PageHandler = async (c) => {
    const { list: said, to } = parsed(assignForm, await c.req.parseBody())
    const isDone = await db.transaction((tx) => assignConversation(tx, acting(c), to === '' ? null : to))
    if (!isDone) return show(c, filterOf(said), { problems: { text: (await view(c)).t('inbox.problems.assign') } }, 422)
    return back(c, said, to === '' ? 'released' : 'assigned')
  }

  const close: PageHandler = async (c) => {
    const { list: said } = parsed(z.object(shared), await c.req.parseBody())
    await db.transaction((tx) => closeConversation(tx, acting(c)))
    return back(c, said, 'closed')
  }

  const reopen: PageHandler = async (c) => {
    const { list: said } = parsed(z.object(shared), await c.req.parseBody())
    await db.transaction((tx) => reopenConversation(tx, acting(c)))
    return back(c, said, 'reopened')
  }

  const read: PageHandler = async (c) => {
    const { list: said } = parsed(z.object(shared), await c.req.parseBody())
    await db.transaction((tx) => markConversationRead(tx, c.get('network').id, idOf(c)))
    return back(c, said, 'read')
  }

  const note: PageHandler = async (c) => {
    const { list: said, note: text, key } = parsed(noteForm, await c.req.parseBody())
    if (text.trim() === '' || text.length > longestNote) {
      const problem = (await view(c)).t('inbox.problems.note', { most: longestNote })
      return show(c, filterOf(said), { note: text, problems: { note: problem } }, 422)
    }
    await db.transaction((tx) => leaveNote(tx, acting(c), { text, key: key || newId() }))
    return back(c, said, 'noted')
  }

  app.get('/console/inbox', may('conversation.read', networkOf(db)), list)
  // Before the conversations, whose ids would match this name.
  savedAnswerRoutes(house)
  app.get('/console/inbox/:id', may('conversation.read', conversationOf(db)), thread)
  app.post('/console/inbox/:id/answer', may('conversation.answer', conversationOf(db)), answer)
  app.post('/console/inbox/:id/preview', may('conversation.answer', conversationOf(db)), preview)
  app.post('/console/inbox/:id/size', may('conversation.answer', conversationOf(db)), size)
  app.post('/console/inbox/:id/assign', may('conversation.answer', conversationOf(db)), assign)
  app.post('/console/inbox/:id/close', may('conversation.answer', conversationOf(db)), close)
  app.post('/console/inbox/:id/reopen', may('conversation.answer', conversationOf(db)), reopen)
  app.post('/console/inbox/:id/read', may('conversation.answer', conversationOf(db)), read)
  app.post('/console/inbox/:id/note', may('conversation.answer', conversationOf(db)), note)
}
