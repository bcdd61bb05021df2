import { z } from 'zod'
import { can } from '../../../accounts/policy.ts'
import { businessNow } from '../../../clock.ts'
import { newId } from '../../../db/index.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { listArticles, newArticle, publishArticle, withdrawArticle } from '../../../intranet/articles.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { articleOf, networkOf } from '../locate.ts'
import { ArticlesPage } from './page.tsx'

const pageSize = 50
const list = '/console/articles'
const query = z.object({ cursor: optional(anId), said: optional(z.enum(['published', 'withdrawn'])) })
const fields = ['title', 'topic', 'body', 'author'] as const

/** The intranet's articles: published here, read by partners, heard by campaigns. */
export function articleRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const nowOf = (c: PageContext) => businessNow(wall.now(), c.get('network'))
  const back = (c: PageContext, said: string) =>
    c.redirect(`${list}?network=${encodeURIComponent(c.get('network').name)}&said=${said}`, 303)

  const page = async (
    c: PageContext,
    refused?: { id: string; values: Record<string, string>; problems: Record<string, string> },
  ) => {
    const { cursor, said } = parsed(query, c.req.query())
    const network = c.get('network')
    const shown = await listArticles(db, network.id, {
      ...{ limit: pageSize, isWhole: true },
      ...(cursor ? { cursor } : {}),
    })
    return sendPage(
      c,
      <ArticlesPage
        view={await view(c)}
        {...shown}
        mayPublish={can(c.get('user'), 'library.write', network.id)}
        id={refused?.id ?? newId()}
        values={refused?.values ?? { author: c.get('user').name }}
        problems={refused?.problems}
        said={said}
      />,
      refused ? 422 : 200,
    )
  }

  const publish: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    const { t } = await view(c)
    const values = Object.fromEntries(fields.map((name) => [name, String(form[name] ?? '')]))
    const id = anId.min(1).safeParse(form.id).data ?? newId()
    const read = newArticle.safeParse(values)
    if (!read.success) {
      const wrong = new Set(read.error.issues.map((issue) => issue.path[0]))
      const problems = Object.fromEntries(
        fields.filter((name) => wrong.has(name)).map((name) => [name, t(`articles.problems.${name}`)]),
      )
      return page(c, { id, values, problems })
    }
    const actor = c.get('user').id
    await publishArticle(context, c.get('network'), { ...read.data, id, actor, source: 'console' }, nowOf(c))
    return back(c, 'published')
  }

  const withdraw: PageHandler = async (c) => {
    await withdrawArticle(context, c.get('network'), { id: idOf(c), actor: c.get('user').id }, nowOf(c))
    return back(c, 'withdrawn')
  }

  app.get(list, may('library.read', networkOf(db)), (c) => page(c))
  app.post(list, may('library.write', networkOf(db)), publish)
  app.post(`${list}/:id/withdraw`, may('library.write', articleOf(db)), withdraw)
}
