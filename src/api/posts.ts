import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/index.ts'
import { type Article, listArticles, newArticle, publishArticle } from '../intranet/articles.ts'
import { networkOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { listing, making } from './operation.ts'
import { limitOf, pageOf, pageQuery } from './page.ts'
import { anId, instant } from './shapes.ts'

const post = z
  .object({
    id: anId,
    topic: z.string().openapi({ description: 'As campaigns wait for it: when: { posted: blog }.' }),
    title: z.string(),
    body: z.string().openapi({ description: 'Plain text; an empty line begins a paragraph.' }),
    author: z.string().openapi({ description: 'Who signs it.' }),
    publishedAt: instant,
    withdrawnAt: instant.nullable(),
  })
  .openapi('Post')

const newPost = z.strictObject(newArticle.shape).openapi('NewPost')

const shown = ({ id, topic, title, body, author, publishedAt, withdrawnAt }: Article) => ({
  ...{ id, topic, title, body, author },
  publishedAt: publishedAt.toISOString(),
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
})

/** Articles of the intranet. */
export function postOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: Context,
): void {
  api.openapi(
    listing('/api/v1/posts', mayCall('campaign.read', networkOf(db)), {
      operationId: 'listPosts',
      summary: 'The articles of the intranet, the latest first, those taken back included',
      query: pageQuery,
      answer: pageOf(post),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const { cursor } = asked
      const { rows, next } = await listArticles(db, c.get('network').id, {
        limit: limitOf(asked),
        isWhole: true,
        ...(cursor === undefined ? {} : { cursor }),
      })
      return c.json({ data: rows.map(shown), next: next ?? null }, 200)
    },
  )
  api.openapi(
    making('/api/v1/posts', mayCall('event.write', networkOf(db)), [jsonBody(), idempotent({ db, wall })], {
      operationId: 'createPost',
      summary: 'Publishes an article on the intranet; campaigns that wait for one on its topic go on',
      body: newPost,
      answer: post,
    }),
    async (c) => {
      const network = c.get('network')
      const article = c.req.valid('json')
      const id = newId()
      const now = businessNow(wall.now(), network)
      await publishArticle({ db, wall }, network, { ...article, id, actor: c.get('caller'), source: 'api' }, now)
      return c.json(shown({ ...article, ...{ id, publishedAt: now, withdrawnAt: null } } as Article), 201)
    },
  )
}
