import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { businessNow } from '../../../clock.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { contactOf } from '../locate.ts'
import { ContactPage } from './contact.tsx'
import { contactTimeline, findContact } from './find-contact.ts'

const pageQuery = z.object({ cursor: optional(anId) })

/** Sites and the people who work there. */
export function networkRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const contact: PageHandler = async (c) => {
    const network = c.get('network')
    const { cursor } = parsed(pageQuery, c.req.query())
    const detail = await findContact(db, network.id, idOf(c), businessNow(wall.now(), network))
    if (!detail) throw new HTTPException(404)
    const page = await contactTimeline(db, network.id, detail.contact.id, cursor)
    return sendPage(c, <ContactPage view={await view(c)} detail={detail} steps={page.steps} next={page.next} />)
  }

  app.get('/console/contacts/:id', may('contact.read', contactOf(db)), contact)
}
