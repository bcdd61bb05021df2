import { HTTPException } from 'hono/http-exception'
import { can, networksOfUser } from '../../../accounts/policy.ts'
import { urgentShare } from '../../../campaign/urgent-share.ts'
import { businessNow } from '../../../clock.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import type { House } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networksOf } from '../networks-of.ts'
import { deleteDemoRoutes } from './delete-demo-routes.tsx'
import { recentFigures } from './figures.ts'
import { firstStepsOf } from './first-steps.ts'
import { HomePage, NoNetworkPage } from './home.tsx'
import { readerOf } from './reader.ts'
import { troublesOf } from './troubles.ts'
import { upcomingOf } from './upcoming.ts'
import { waitingOf } from './waiting.ts'

/** What a marketer opens first. */
export function homeRoutes(house: House): void {
  const { app, deps, view, guards } = house
  const { db, wall } = deps

  const home: PageHandler = async (c) => {
    const user = c.get('user')
    const choices = await networksOf(db, networksOfUser(user))
    const name = c.req.query('network')
    const network = choices.find(
      (choice) => (name === undefined || choice.name === name) && can(user, 'network.read', choice.id),
    )
    if (name !== undefined && !choices.some((choice) => choice.name === name)) throw new HTTPException(404)
    if (!network) return sendPage(c, <NoNetworkPage view={await view(c)} />)
    c.set('network', network)
    const reader = readerOf(db, network, user, businessNow(wall.now(), network))
    const facts = {
      steps: await firstStepsOf(reader),
      upcoming: await upcomingOf(reader),
      troubles: await troublesOf(reader),
      waiting: await waitingOf(reader, wall.now()),
      figures: reader.mayRead.campaigns ? await recentFigures(reader) : undefined,
      urgent: reader.mayRead.campaigns ? await urgentShare(db, network.id, reader.now) : undefined,
    }
    const gone = c.req.query('gone')
    const isGoing = gone !== undefined && choices.some((choice) => choice.name === gone && choice.isDemo)
    // Without script too: the page comes back by itself until the example network is gone.
    if (isGoing) c.header('refresh', '2')
    return sendPage(
      c,
      <HomePage
        view={await view(c)}
        facts={facts}
        gone={gone === undefined ? undefined : isGoing ? 'going' : 'gone'}
      />,
    )
  }

  app.get('/console', guards.signedIn, home)
  deleteDemoRoutes(house)
}
