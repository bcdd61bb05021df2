import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { networksOfUser } from '../../../accounts/policy.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { hrefOf, listNotifications, markRead } from '../../../notification/inbox.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networksOf } from '../networks-of.ts'
import { NotificationsPage } from './notifications.tsx'

const listQuery = z.object({ show: optional(z.enum(['unread', 'all'])), cursor: optional(anId) })

/** What the signed-in user was told, whichever of their networks it happened in. */
export function notificationRoutes({ app, deps, view, guards: { signedIn } }: House): void {
  const { db, wall } = deps

  const list: PageHandler = async (c) => {
    const user = c.get('user')
    const { show = 'all', cursor } = parsed(listQuery, c.req.query())
    // The frame stays in the network one came from.
    const choices = await networksOf(db, networksOfUser(user))
    const network = choices.find(({ name }) => name === c.req.query('network')) ?? choices[0]
    if (network) c.set('network', network)
    const page = await listNotifications(db, user.id, networksOfUser(user), { isUnreadOnly: show === 'unread', cursor })
    return sendPage(
      c,
      <NotificationsPage view={await view(c)} {...page} show={show} isContinued={cursor !== undefined} />,
    )
  }

  /** Opening one is reading it, so it is a button: a link that a browser fetches ahead must not read it. */
  const open: PageHandler = async (c) => {
    const href = await hrefOf(db, c.get('user').id, idOf(c))
    if (href === undefined) throw new HTTPException(404)
    await markRead(db, c.get('user').id, wall.now(), idOf(c))
    return c.redirect(href, 303)
  }

  const readAll: PageHandler = async (c) => {
    await markRead(db, c.get('user').id, wall.now())
    return c.redirect('/console/notifications', 303)
  }

  app.get('/console/notifications', signedIn, list)
  app.post('/console/notifications/read', signedIn, readAll)
  app.post('/console/notifications/:id', signedIn, open)
}
