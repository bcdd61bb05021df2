import { eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { campaigns, contacts, deliveries, sites } from '../../../db/schema.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { runOneJob } from '../../../job/run.ts'
import { askDemoDeletion, deletionOf, NotADemo } from '../../../network/delete-demo.ts'
import type { House } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { DeleteDemoPage } from './delete-demo.tsx'

/** The page waits so long for the deletion; what is left goes on by itself. */
const patienceMs = 2_000

/** The example network goes at one press and a look. */
export function deleteDemoRoutes({ app, deps, view, guards: { may } }: House): void {
  const { context, db, wall } = deps

  const look: PageHandler = async (c) => {
    const network = c.get('network')
    if (!network.isDemo) throw new HTTPException(404)
    // An example is small by its making, so it may be counted.
    const size = {
      sites: await db.$count(sites, eq(sites.networkId, network.id)),
      contacts: await db.$count(contacts, eq(contacts.networkId, network.id)),
      campaigns: await db.$count(campaigns, eq(campaigns.networkId, network.id)),
      deliveries: await db.$count(deliveries, eq(deliveries.networkId, network.id)),
    }
    return sendPage(c, <DeleteDemoPage view={await view(c)} size={size} />)
  }

  const remove: PageHandler = async (c) => {
    const network = c.get('network')
    try {
      const own = await askDemoDeletion(context, network, c.get('user').id)
      const until = wall.now().getTime() + (deps.patienceMs ?? patienceMs)
      await runOneJob(context, deletionOf(network), () => wall.now().getTime() >= until)
      return c.redirect(
        `/console?network=${encodeURIComponent(own.name)}&gone=${encodeURIComponent(network.name)}`,
        303,
      )
    } catch (error) {
      if (error instanceof NotADemo) throw new HTTPException(403)
      throw error
    }
  }

  app.get('/console/network/delete', may('network.delete', networkOf(db)), look)
  app.post('/console/network/delete', may('network.delete', networkOf(db)), remove)
}
