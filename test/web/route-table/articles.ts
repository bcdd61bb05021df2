import type { Db } from '../../../src/db/index.ts'
import { articles } from '../../../src/db/schema.ts'
import type { SmallNetwork } from '../small-network.ts'
import type { RouteTable } from './types.ts'

const at = new Date('2027-01-11T08:00:00Z')

async function article({ networkId }: SmallNetwork, db: Db): Promise<string> {
  const id = `article-${networkId}`
  const words = { topic: 'blog', title: 'Bonjour', body: 'Un texte.', author: 'La rédaction' }
  await db.insertRows(
    articles,
    [{ networkId, id, ...words, publishedBy: 'test', publishedAt: at, createdAt: at }],
    'ignore',
  )
  return `/console/articles/${id}`
}

export const routes: RouteTable = {
  'GET /p/articles': { access: 'partner.read' },
  'GET /console/articles': { access: 'library.read' },
  'POST /console/articles': {
    access: 'library.write',
    form: { title: 'Bonjour', topic: 'blog', body: 'Un texte.', author: 'La rédaction' },
  },
  'POST /console/articles/:id/withdraw': {
    access: 'library.write',
    path: async (demo, db) => `${await article(demo, db)}/withdraw`,
  },
  'GET /api/v1/posts': { access: 'campaign.read' },
  'POST /api/v1/posts': { access: 'event.write' },
}
