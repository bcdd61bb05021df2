import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/index.ts'
import { ApiProblem } from '../http/problem.ts'
import { AnswerRefused, answerConversation } from '../inbox/answer.ts'
import { assignConversation } from '../inbox/assign.ts'
import { closeConversation, reopenConversation } from '../inbox/close.ts'
import type { Acting } from '../inbox/hold.ts'
import { inboxShows, listConversations } from '../inbox/list.ts'
import { findThread } from '../inbox/thread.ts'
import { conversationOf, networkOf } from '../web/console/locate.ts'
import { deliveryStatuses } from '../words.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { doing, listing, showing } from './operation.ts'
import { networkQuery, pageOf } from './page.ts'
import { anId, channel, instant } from './shapes.ts'

const status = z.enum(['open', 'closed'])
const summary = {
  id: anId,
  channel,
  address: z.string().openapi({ description: 'The number or mailbox the other side writes from.' }),
  status,
  unread: z.number().int(),
  assignedTo: anId.nullable().openapi({ description: 'The user who deals with it.' }),
  lastAt: instant,
}
const listed = z.object({ ...summary, excerpt: z.string() }).openapi('ConversationSummary')
const conversation = z
  .object({
    ...summary,
    contacts: z.array(anId).openapi({ description: 'Everybody who has this address.' }),
    messages: z.array(
      z.object({
        id: anId,
        direction: z.enum(['in', 'out', 'note']),
        text: z.string(),
        subject: z.string().nullable(),
        at: instant,
        deliveryId: anId.nullable(),
        deliveryStatus: z.enum(deliveryStatuses).nullable().openapi({ description: 'How an answer fared.' }),
      }),
    ),
  })
  .openapi('Conversation')

const inboxQuery = {
  ...networkQuery,
  show: z.enum(inboxShows).optional().openapi({ description: 'Open ones otherwise.' }),
  channel: z.enum(['sms', 'email']).optional(),
  campaign: anId.max(64).optional(),
  q: z.string().max(100).optional().openapi({ description: 'A name, a number, a mailbox, or words of a message.' }),
  cursor: z
    .string()
    .regex(/^\d{1,15}\.[\w-]{1,64}$/, 'cursor must be what next said on the page before.')
    .optional(),
}

const refusedAnswer = (code: string) =>
  new ApiProblem(409, {
    code: 'answer-refused',
    title: 'Not to be answered now',
    detail: `This conversation cannot be answered as things are (${code}).`,
  })
const notOfTheirs = () =>
  new ApiProblem(422, {
    code: 'not-among-colleagues',
    title: 'Not somebody who may answer',
    detail: 'assignedTo must be a user of this network who may answer in this conversation, or null for nobody.',
  })

/** Conversations with people who wrote: read, answered, handed to somebody, closed. */
export function conversationOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  context: Context,
): void {
  const { db, wall } = context
  const then = () => [jsonBody(), idempotent({ db, wall })]

  async function shown(networkId: string, id: string) {
    const thread = await findThread(db, networkId, id)
    if (!thread) throw new HTTPException(404)
    const { conversation: row, people, messages } = thread
    return {
      ...{ id: row.id, channel: row.channel, address: row.address, status: row.status, unread: row.unread },
      assignedTo: row.assignedTo,
      lastAt: row.lastAt.toISOString(),
      contacts: people.map((person) => person.id),
      messages: messages.map(({ id, direction, text, subject, at, deliveryId, status }) => ({
        ...{ id, direction, text, subject, at: at.toISOString(), deliveryId, deliveryStatus: status },
      })),
    }
  }

  api.openapi(
    listing('/api/v1/conversations', mayCall('conversation.read', networkOf(db)), {
      operationId: 'listConversations',
      summary: 'Conversations, the latest first, thirty a page',
      query: inboxQuery,
      answer: pageOf(listed),
    }),
    async (c) => {
      const { network: _, show = 'open', ...filter } = c.req.valid('query')
      const me = c.get('callerUserId') ?? ''
      const found = await listConversations(db, c.get('network').id, c.get('scope'), me, { ...filter, show })
      const data = found.rows.map(({ id, channel, address, status, unread, assignedTo, excerpt, lastAt }) => ({
        ...{ id, channel, address, status, unread, assignedTo, excerpt, lastAt: lastAt.toISOString() },
      }))
      return c.json({ data, next: found.next ?? null }, 200)
    },
  )

  api.openapi(
    showing('/api/v1/conversations/{id}', mayCall('conversation.read', conversationOf(db)), {
      operationId: 'getConversation',
      summary: 'One conversation with what was said',
      answer: conversation,
    }),
    async (c) => c.json(await shown(c.get('network').id, c.req.param('id') ?? ''), 200),
  )

  api.openapi(
    doing('/api/v1/conversations/{id}/answers', mayCall('conversation.answer', conversationOf(db)), then(), {
      operationId: 'answerConversation',
      summary: 'Answers, on the channel and from the sender they wrote to',
      body: z.strictObject({ text: z.string().trim().min(1).max(10_000) }).openapi('NewAnswer'),
      answer: z.object({ deliveryId: anId }),
    }),
    async (c) => {
      const network = c.get('network')
      const given = {
        conversationId: c.req.param('id') ?? '',
        text: c.req.valid('json').text,
        key: c.req.header('idempotency-key') ?? newId(),
        author: c.get('callerUserId') ?? null,
        actor: c.get('caller'),
      }
      const now = businessNow(wall.now(), network)
      const { deliveryId } = await answerConversation(context, network, given, now).catch((error: unknown) => {
        throw error instanceof AnswerRefused ? refusedAnswer(error.code) : error
      })
      return c.json({ deliveryId }, 200)
    },
  )

  api.openapi(
    doing('/api/v1/conversations/{id}/assignment', mayCall('conversation.answer', conversationOf(db)), then(), {
      operationId: 'assignConversation',
      summary: 'Hands a conversation to a user, or to nobody',
      body: z.strictObject({ assignedTo: anId.max(64).nullable() }).openapi('Assignment'),
      answer: conversation,
    }),
    async (c) => {
      const acting = actingOf(c.get('network'), c.req.param('id') ?? '', c.get('caller'))
      const { assignedTo } = c.req.valid('json')
      if (!(await db.transaction((tx) => assignConversation(tx, acting, assignedTo)))) throw notOfTheirs()
      return c.json(await shown(acting.networkId, acting.conversationId), 200)
    },
  )

  api.openapi(
    doing('/api/v1/conversations/{id}/status', mayCall('conversation.answer', conversationOf(db)), then(), {
      operationId: 'setConversationStatus',
      summary: 'Closes a conversation, or opens it again',
      body: z.strictObject({ status }).openapi('ConversationStatus'),
      answer: conversation,
    }),
    async (c) => {
      const acting = actingOf(c.get('network'), c.req.param('id') ?? '', c.get('caller'))
      const set = c.req.valid('json').status === 'closed' ? closeConversation : reopenConversation
      if (!(await db.transaction((tx) => set(tx, acting)))) throw new HTTPException(404)
      return c.json(await shown(acting.networkId, acting.conversationId), 200)
    },
  )

  function actingOf(network: Parameters<typeof businessNow>[1] & { id: string }, id: string, actor: string): Acting {
    const at = wall.now()
    return { networkId: network.id, conversationId: id, actor, now: businessNow(at, network), at }
  }
}
