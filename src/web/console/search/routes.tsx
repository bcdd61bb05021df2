import type { PageHandler } from '../../../http/page-env.ts'
import type { House } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { searchAll } from './find.ts'
import { SearchPage } from './search.tsx'

const shortest = 2
const longest = 200

/** One box for everything in a network. */
export function searchRoutes({ app, deps, view, guards: { may } }: House): void {
  const search: PageHandler = async (c) => {
    const text = (c.req.query('q') ?? '').trim().slice(0, longest)
    const result =
      text.length >= shortest
        ? await searchAll(deps.db, c.get('network'), c.get('user'), text, deps.context.templates)
        : undefined
    return sendPage(c, <SearchPage view={await view(c)} text={text} result={result} />)
  }

  app.get('/console/search', may('network.read', networkOf(deps.db)), search)
}
