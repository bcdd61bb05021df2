/** Articles of the intranet: published for everybody, and heard by the campaigns that wait for one. */
import { and, desc, eq, isNull, lt, or } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { articles } from '../db/schema.ts'
import { postPublished, reportEvent } from '../sequence/report.ts'

export type Article = typeof articles.$inferSelect

/** What an article is made of. Nobody publishes without a name: readers are told who speaks. */
export const newArticle = z.strictObject({
  topic: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9-]{0,59}$/),
  title: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(20_000),
  author: z.string().trim().min(1).max(120),
})
export type NewArticle = z.output<typeof newArticle>

/**
 * Publishes an article, once for its id, with all that campaigns do at a post of its topic, in one transaction. Returns
 * whether it is new.
 */
export async function publishArticle(
  { db, wall }: Pick<Context, 'db' | 'wall'>,
  network: Network,
  { id, actor, source, ...article }: NewArticle & { id: string; actor: string; source: 'console' | 'api' },
  now: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [made] = await tx
      .insert(articles)
      .values({ networkId: network.id, id, ...article, publishedBy: actor, publishedAt: now, createdAt: now })
      .onConflictDoNothing()
      .returning({ id: articles.id })
    if (!made) return false
    const { topic, title, author } = article
    const told = { name: postPublished, data: { topic, title, author, article: id }, key: `article:${id}`, source }
    await reportEvent(tx, network.id, { ...told, at: now, now })
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'article.publish', subject: id, data: { title, topic } },
      at: wall.now(),
    })
    return true
  })
}

/** Takes an article back; alerts that have left are not called back. Returns whether it was there to be taken. */
export async function withdrawArticle(
  { db, wall }: Pick<Context, 'db' | 'wall'>,
  network: Network,
  { id, actor }: { id: string; actor: string },
  now: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [gone] = await tx
      .update(articles)
      .set({ withdrawnAt: now })
      .where(and(eq(articles.networkId, network.id), eq(articles.id, id), isNull(articles.withdrawnAt)))
      .returning({ title: articles.title })
    if (!gone) return false
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'article.withdraw', subject: id, data: { title: gone.title } },
      at: wall.now(),
    })
    return true
  })
}

/** Articles, the latest first, a page after the article `cursor` names; of those taken back only where asked for. */
export async function listArticles(
  tx: Tx,
  networkId: string,
  { cursor, limit, isWhole = false }: { cursor?: string; limit: number; isWhole?: boolean },
): Promise<{ rows: Article[]; next?: string }> {
  const last = cursor === undefined ? undefined : await findArticle(tx, networkId, cursor)
  const rows = await tx
    .select()
    .from(articles)
    .where(
      and(
        eq(articles.networkId, networkId),
        isWhole ? undefined : isNull(articles.withdrawnAt),
        last &&
          or(
            lt(articles.publishedAt, last.publishedAt),
            and(eq(articles.publishedAt, last.publishedAt), lt(articles.id, last.id)),
          ),
      ),
    )
    .orderBy(desc(articles.publishedAt), desc(articles.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  return rows.length > limit ? { rows: page, next: page.at(-1)!.id } : { rows: page }
}

export async function findArticle(tx: Tx, networkId: string, id: string): Promise<Article | undefined> {
  const [row] = await tx
    .select()
    .from(articles)
    .where(and(eq(articles.networkId, networkId), eq(articles.id, id)))
  return row
}
