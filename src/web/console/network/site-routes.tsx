import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { PageHandler } from '../../../http/page-env.ts'
import { EditProblems } from '../../../network/edit-problem.ts'
import { addSite, editSite, type SiteEntry, siteEntry, weekdays } from '../../../network/edit-site.ts'
import { areasOf } from '../../../network/list/contacts.ts'
import { listSites, siteSorts } from '../../../network/list/sites.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf, siteOf } from '../locate.ts'
import { aCursor, directions, inPlace, problemsIn } from './form-problems.ts'
import { SitePage } from './site.tsx'
import { findSite } from './site-detail.ts'
import { SiteFormPage } from './site-form.tsx'
import { SitesPage } from './sites.tsx'

const text = z.string().max(400)

const listQuery = z.object({
  q: optional(text),
  area: optional(text),
  state: optional(z.enum(['inactive', 'all'])),
  sort: optional(z.enum(siteSorts)),
  direction: optional(z.enum(directions)),
  cursor: optional(aCursor),
})

const doneQuery = z.object({ done: optional(z.enum(['saved', 'added', 'unchanged'])) })

const field = z.string().max(1_000).default('')
const plain = {
  name: field,
  typology: field,
  tier: field,
  addressLine1: field,
  addressLine2: field,
  postcode: field,
  city: field,
  country: field,
  area: field,
  mailbox: field,
  timezone: field,
}
const hours = Object.fromEntries(weekdays.map((day) => [`hours${day}`, field] as const))
const siteForm = z
  .object({ code: field, ...plain })
  .and(z.object(hours))
  .transform((given): SiteEntry & { code: string } => {
    const { code, name, typology, tier, addressLine1, addressLine2, postcode, city, country, area, mailbox, timezone } =
      given
    const days: Readonly<Record<string, unknown>> = given
    return {
      ...{ code, name, typology, tier, addressLine1, addressLine2, postcode, city, country, area, mailbox, timezone },
      hours: Object.fromEntries(weekdays.map((day) => [day, String(days[`hours${day}`] ?? '')])),
    }
  })

/** The sites of a network: the list, each one, and what may be changed of them. */
export function siteRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const scope = c.get('scope')
    const { q, ...rest } = parsed(listQuery, c.req.query())
    const query = { ...rest, text: q?.trim() || undefined }
    const [page, areas] = await Promise.all([
      inPlace(listSites(db, network.id, scope, query)),
      areasOf(db, network.id, scope),
    ])
    return sendPage(c, <SitesPage view={await view(c)} query={query} page={page} areas={areas} />)
  }

  const site: PageHandler = async (c) => {
    const { done } = parsed(doneQuery, c.req.query())
    const detail = await findSite(db, c.get('network').id, idOf(c))
    if (!detail) throw new HTTPException(404)
    return sendPage(c, <SitePage view={await view(c)} detail={detail} done={done} />)
  }

  const editForm: PageHandler = async (c) => {
    const detail = await findSite(db, c.get('network').id, idOf(c))
    if (!detail) throw new HTTPException(404)
    return sendPage(
      c,
      <SiteFormPage view={await view(c)} site={detail.site} entry={await siteEntry(db, detail.site)} />,
    )
  }

  const edit: PageHandler = async (c) => {
    const network = c.get('network')
    const id = idOf(c)
    const { code: _, ...entry } = parsed(siteForm, await c.req.parseBody())
    try {
      const changed = await editSite({ db, wall }, network, id, entry, c.get('user').id)
      return c.redirect(`/console/sites/${id}?done=${changed.length > 0 ? 'saved' : 'unchanged'}`, 303)
    } catch (error) {
      if (!(error instanceof EditProblems)) throw error
      const page = await view(c)
      const detail = await findSite(db, network.id, id)
      if (!detail) throw new HTTPException(404)
      return sendPage(
        c,
        <SiteFormPage view={page} site={detail.site} entry={entry} problems={problemsIn(page, error)} />,
        422,
      )
    }
  }

  const newForm: PageHandler = async (c) => {
    const { country, timezone } = c.get('network')
    if (c.get('scope').of !== 'network') throw new HTTPException(404)
    return sendPage(c, <SiteFormPage view={await view(c)} entry={{ country, timezone }} />)
  }

  /** Only for who has the whole network: a new site is in nobody's area yet. */
  const add: PageHandler = async (c) => {
    if (c.get('scope').of !== 'network') throw new HTTPException(403)
    const entry = parsed(siteForm, await c.req.parseBody())
    try {
      const id = await addSite({ db, wall }, c.get('network'), entry, c.get('user').id)
      return c.redirect(`/console/sites/${id}?done=added`, 303)
    } catch (error) {
      if (!(error instanceof EditProblems)) throw error
      const page = await view(c)
      return sendPage(c, <SiteFormPage view={page} entry={entry} problems={problemsIn(page, error)} />, 422)
    }
  }

  app.get('/console/sites', may('site.read', networkOf(db)), list)
  app.get('/console/sites/new', may('site.write', networkOf(db)), newForm)
  app.post('/console/sites', may('site.write', networkOf(db)), add)
  app.get('/console/sites/:id', may('site.read', siteOf(db)), site)
  app.get('/console/sites/:id/edit', may('site.write', siteOf(db)), editForm)
  app.post('/console/sites/:id', may('site.write', siteOf(db)), edit)
}
