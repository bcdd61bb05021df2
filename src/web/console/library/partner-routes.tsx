import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { partnerBrandSchema, readBrand, savePartner } from '../../../library/brand.ts'
import { type FoundSite, findSite, listPartners, sitesBeginning } from '../../../library/partners.ts'
import { findPicture, picturesById } from '../../../library/pictures.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { inNetwork } from '../../in-network.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf, siteOf } from '../locate.ts'
import { PartnerPage, PartnersPage, type PartnerTyped, RemovePartnerPage } from './partners.tsx'
import { canBeLogo, logoChoices } from './printable.ts'

const listQuery = z.object({
  q: optional(z.string().max(100)),
  cursor: optional(anId),
  done: optional(z.literal('removed')),
})
const partnerQuery = z.object({ done: optional(z.literal('saved')) })

/** Partners beside the network, site by site. */
export function partnerRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const list: PageHandler = async (c) => {
    const networkId = c.get('network').id
    const { q, cursor, done } = parsed(listQuery, c.req.query())
    const { rows, next } = await listPartners(db, networkId, cursor)
    const logos = await picturesById(
      db,
      networkId,
      rows.flatMap(({ partner }) => partner.logo ?? []),
    )
    return sendPage(
      c,
      <PartnersPage
        view={await view(c)}
        rows={rows}
        logos={logos}
        q={q ?? ''}
        found={q ? await sitesBeginning(db, networkId, q) : []}
        next={next}
        isContinued={cursor !== undefined}
        done={done}
      />,
    )
  }

  const siteFor = async (c: PageContext): Promise<FoundSite> => {
    const site = await findSite(db, c.get('network').id, idOf(c))
    if (!site) throw new HTTPException(404)
    return site
  }

  const page = async (c: PageContext, site: FoundSite, given: { typed?: PartnerTyped; problems?: Problems } = {}) => {
    const networkId = c.get('network').id
    const { partner } = await readBrand(db, networkId, site.id)
    const typed = given.typed ?? { name: partner?.name ?? site.name, logo: partner?.logo ?? '' }
    return (
      <PartnerPage
        view={await view(c)}
        site={site}
        isShown={partner !== undefined}
        typed={typed}
        pictures={await logoChoices(db, networkId, typed.logo)}
        done={c.req.method === 'GET' ? parsed(partnerQuery, { done: c.req.query('done') }).done : undefined}
        problems={given.problems}
      />
    )
  }

  const show: PageHandler = async (c) => sendPage(c, await page(c, await siteFor(c)))

  const change = (c: PageContext, site: FoundSite) => ({
    networkId: c.get('network').id,
    siteId: site.id,
    userId: c.get('user').id,
    at: wall.now(),
  })

  const save: PageHandler = async (c) => {
    const site = await siteFor(c)
    const { t } = await view(c)
    const form = await c.req.parseBody()
    const typed = {
      name: typeof form.name === 'string' ? form.name : '',
      logo: typeof form.logo === 'string' ? form.logo : '',
    }
    const read = partnerBrandSchema.safeParse({ name: typed.name, ...(typed.logo ? { logo: typed.logo } : {}) })
    if (!read.success) {
      const problems = { name: t('library.partners.nameWrong') }
      return sendPage(c, await page(c, site, { typed, problems }), 422)
    }
    if (read.data.logo !== undefined) {
      const row = await findPicture(db, c.get('network').id, read.data.logo)
      if (!row || !canBeLogo(row)) {
        const problems = { logo: t('library.brand.logoGone') }
        return sendPage(c, await page(c, site, { typed: { ...typed, logo: '' }, problems }), 422)
      }
    }
    await db.transaction((tx) => savePartner(tx, change(c, site), read.data))
    return c.redirect(`/console/library/partners/${site.id}?done=saved`, 303)
  }

  const askRemove: PageHandler = async (c) =>
    sendPage(c, <RemovePartnerPage view={await view(c)} site={await siteFor(c)} />)

  const remove: PageHandler = async (c) => {
    const site = await siteFor(c)
    const { partner } = await readBrand(db, c.get('network').id, site.id)
    if (partner) await db.transaction((tx) => savePartner(tx, change(c, site), undefined))
    return c.redirect(inNetwork(await view(c), '/console/library/partners?done=removed'), 303)
  }

  app.get('/console/library/partners', may('library.read', networkOf(db)), list)
  app.get('/console/library/partners/:id', may('library.write', siteOf(db)), show)
  app.post('/console/library/partners/:id', may('library.write', siteOf(db)), save)
  app.get('/console/library/partners/:id/remove', may('library.write', siteOf(db)), askRemove)
  app.post('/console/library/partners/:id/remove', may('library.write', siteOf(db)), remove)
}
