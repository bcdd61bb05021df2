import type { Db } from '../../src/db/index.ts'
import { routeTable } from './route-table/index.ts'
import { pathIn } from './route-table/paths.ts'
import type { SmallNetwork } from './small-network.ts'

/** What the routes answer with instead of a page. */
const notPages = /^\/(api|assets|healthz|readyz|metrics|webhooks|o|c|q)(\/|$)|\.(pdf|csv|ics|json|png|zip)$|\/content$/

/** The address of every page of the route table, in the given network. */
export async function pagePaths(demo: SmallNetwork, db: Db): Promise<string[]> {
  const paths: string[] = []
  for (const [route, entry] of routeTable) {
    if (!route.startsWith('GET ') || notPages.test(route.slice(4))) continue
    if (entry.access === 'code' || entry.access === 'signature') continue
    paths.push(await pathIn(route, entry, demo, db))
  }
  return [...new Set(paths)].sort()
}
