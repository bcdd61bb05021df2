import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { networksOfUser } from '../../../accounts/policy.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { anId, type House, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { listCampaigns, networkSize } from '../campaigns/queries.ts'
import { networksOf } from '../networks-of.ts'
import { HomePage } from './home.tsx'

const pageQuery = z.object({ cursor: optional(anId) })

/** What a marketer opens first. */
export function homeRoutes({ app, deps, view, guards: { signedIn } }: House): void {
  const { db } = deps

  const home: PageHandler = async (c) => {
    const choices = await networksOf(db, networksOfUser(c.get('user')))
    const name = c.req.query('network')
    const network = name === undefined ? choices[0] : choices.find((choice) => choice.name === name)
    if (name !== undefined && !network) throw new HTTPException(404)
    if (!network) return sendPage(c, <HomePage view={await view(c)} networks={[]} campaigns={[]} />)
    c.set('network', network)
    const { cursor } = parsed(pageQuery, c.req.query())
    const page = await listCampaigns(db, network.id, cursor)
    const size = await networkSize(db, network.id)
    return sendPage(
      c,
      <HomePage view={await view(c)} networks={choices} campaigns={page.campaigns} size={size} next={page.next} />,
    )
  }

  app.get('/console', signedIn, home)
}
