import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Content } from '../../../channel.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { type Brand, discardDraft, emptyBrand, publishDraft, readBrand, saveDraft } from '../../../library/brand.ts'
import { findPicture } from '../../../library/pictures.ts'
import type { ChannelName } from '../../../words.ts'
import { type House, optional, parsed } from '../../house.ts'
import { inNetwork } from '../../in-network.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { framedContent } from '../outbox/framed-content.ts'
import { BrandPage, PublishBrandPage } from './brand.tsx'
import { type BrandTyped, brandOf, typedFrom, typedIn } from './brand-form.ts'
import { framedScreen } from './framed-screen.ts'
import { canBeLogo, logoChoices } from './printable.ts'
import { sampleContent } from './sample.ts'

const brandQuery = z.object({ done: optional(z.enum(['saved', 'published', 'discarded'])) })
const path = '/console/library/brand'

/** A network's brand: a draft that is looked at, then published. */
export function brandRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall, context, publicUrl } = deps

  const stateOf = async (c: PageContext) => {
    const { published, draft } = await readBrand(db, c.get('network').id)
    return { published, draft, brand: draft ?? published ?? emptyBrand }
  }

  const sampleOf = async (c: PageContext, { language, t }: View, brand: Brand, channel: ChannelName) => {
    const network = c.get('network')
    const logo = brand.logo === undefined ? undefined : await findPicture(db, network.id, brand.logo)
    const { templates } = context
    const title = t('library.brand.sampleTitle')
    return sampleContent({ templates, network, brand, logo, language, title, publicUrl }, channel)
  }

  const page = async (c: PageContext, given: { typed?: BrandTyped; problems?: Problems } = {}) => {
    const shown = await view(c)
    const { published, draft, brand } = await stateOf(c)
    const typed = given.typed ?? typedFrom(brand)
    return (
      <BrandPage
        view={shown}
        brand={brand}
        isPublished={published !== undefined}
        hasDraft={draft !== undefined}
        typed={typed}
        pictures={await logoChoices(db, c.get('network').id, typed.logo)}
        letter={await sampleOf(c, shown, brand, 'print')}
        hasPdf={deps.letterPdf !== undefined}
        done={c.req.method === 'GET' ? parsed(brandQuery, { done: c.req.query('done') }).done : undefined}
        problems={given.problems}
      />
    )
  }

  /** Set as the print shop would: an address too high for the window is found now, not by the batch. */
  const tooHigh = async (c: PageContext, shown: View, brand: Brand): Promise<boolean> => {
    if (!deps.letterPdf) return false
    const content = await sampleOf(c, shown, brand, 'print')
    if (content?.channel !== 'print') return false
    try {
      await deps.letterPdf({ ...content, blocks: [] })
      return false
    } catch (error) {
      if (error instanceof Error && 'reason' in error && error.reason === 'OVERFLOW') return true
      throw error
    }
  }

  const show: PageHandler = async (c) => sendPage(c, await page(c))

  const save: PageHandler = async (c) => {
    const shown = await view(c)
    const typed = typedIn(await c.req.parseBody())
    const read = brandOf(shown, typed)
    if (!read.brand) return sendPage(c, await page(c, { typed, problems: read.problems }), 422)
    const networkId = c.get('network').id
    const { brand } = read
    if (brand.logo !== undefined) {
      const row = await findPicture(db, networkId, brand.logo)
      if (!row || !canBeLogo(row)) {
        const problems = { logo: shown.t('library.brand.logoGone') }
        return sendPage(c, await page(c, { typed: { ...typed, logo: '' }, problems }), 422)
      }
    }
    if (await tooHigh(c, shown, brand)) {
      const problems = { address: shown.t('library.brand.addressTooHigh') }
      return sendPage(c, await page(c, { typed, problems }), 422)
    }
    await db.transaction((tx) => saveDraft(tx, { networkId, userId: c.get('user').id, at: wall.now() }, brand))
    return c.redirect(`${inNetwork(shown, `${path}?done=saved`)}#preview`, 303)
  }

  const change = (c: PageContext) => ({ networkId: c.get('network').id, userId: c.get('user').id, at: wall.now() })

  const askPublish: PageHandler = async (c) => {
    const { draft } = await stateOf(c)
    return sendPage(c, draft ? <PublishBrandPage view={await view(c)} /> : await page(c))
  }

  const publish: PageHandler = async (c) => {
    const isDone = await db.transaction((tx) => publishDraft(tx, change(c)))
    return c.redirect(inNetwork(await view(c), isDone ? `${path}?done=published` : path), 303)
  }

  const discard: PageHandler = async (c) => {
    const isDone = await db.transaction((tx) => discardDraft(tx, change(c)))
    return c.redirect(inNetwork(await view(c), isDone ? `${path}?done=discarded` : path), 303)
  }

  const surfaces: readonly ChannelName[] = ['email', 'intranet', 'screen']

  const preview: PageHandler = async (c) => {
    const channel = surfaces.find((name) => name === c.req.query('surface'))
    if (!channel) throw new HTTPException(404)
    const shown = await view(c)
    const content: Content | undefined = await sampleOf(c, shown, (await stateOf(c)).brand, channel)
    if (!content) throw new HTTPException(404)
    c.header('cache-control', 'no-store')
    if (content.channel === 'screen')
      return c.html(
        framedScreen({ ...content, text: shown.t('library.brand.sampleScreen') }, shown.t('delivery.acknowledge')),
      )
    if (content.channel !== 'email' && content.channel !== 'intranet') throw new HTTPException(404)
    return c.html(framedContent(content))
  }

  const letter: PageHandler = async (c) => {
    const content = await sampleOf(c, await view(c), (await stateOf(c)).brand, 'print')
    if (content?.channel !== 'print' || !deps.letterPdf) throw new HTTPException(404)
    return c.body(new Uint8Array(await deps.letterPdf(content)), 200, {
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="letter.pdf"',
      'cache-control': 'no-store',
    })
  }

  app.get('/console/library/brand', may('library.read', networkOf(db)), show)
  app.post('/console/library/brand', may('library.write', networkOf(db)), save)
  app.get('/console/library/brand/publish', may('library.write', networkOf(db)), askPublish)
  app.post('/console/library/brand/publish', may('library.write', networkOf(db)), publish)
  app.post('/console/library/brand/discard', may('library.write', networkOf(db)), discard)
  app.get('/console/library/brand/letter.pdf', may('library.read', networkOf(db)), letter)
  app.get('/console/library/brand/preview', may('library.read', networkOf(db)), preview)
}
