import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { upload } from '../../../http/body.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { PictureRefused } from '../../../library/picture-refused.ts'
import { deletePicture, everyUseOf, usesOf } from '../../../library/picture-use.ts'
import {
  addPicture,
  bytesOf,
  countPictures,
  describePicture,
  findPicture,
  listPictures,
  type PictureRow,
  pictureFile,
} from '../../../library/pictures.ts'
import { type ReadPicture, readPicture } from '../../../library/read-picture.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { inNetwork } from '../../in-network.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { pictureNetworkOf } from './locate-picture.ts'
import { DeletePicturePage, PicturePage } from './picture.tsx'
import { PicturesPage, type UploadTyped } from './pictures.tsx'

/** More than a picture may weigh, so that one that is too heavy is told so in its form. */
const uploadBytes = 16_000_000

const listQuery = z.object({ cursor: optional(z.string().max(60)), done: optional(z.literal('deleted')) })
const pictureQuery = z.object({ done: optional(z.enum(['added', 'alreadyThere', 'described'])) })

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** Both descriptions, or what is wrong with them. */
function readAlt({ t }: View, form: Record<string, unknown>): { typed: Required<UploadTyped>; problems: Problems } {
  const typed = { alt_fr: textOf(form.alt_fr), alt_en: textOf(form.alt_en) }
  const problems: Record<string, string> = {}
  for (const [name, text] of Object.entries(typed)) {
    if (text === '') problems[name] = t('library.altMissing')
    else if (text.length > 200) problems[name] = t('library.altTooLong')
  }
  return { typed, problems }
}

/** The pictures of a library: looking, adding, describing, deleting. */
export function pictureRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const listPage = async (c: PageContext, shown: View, more: { typed?: UploadTyped; problems?: Problems } = {}) => {
    const networkId = c.get('network').id
    const { cursor, done } = parsed(listQuery, c.req.query())
    const { rows, next } = await listPictures(db, networkId, { cursor })
    return (
      <PicturesPage
        view={shown}
        rows={rows}
        uses={await usesOf(db, networkId, rows)}
        count={await countPictures(db, networkId)}
        next={next}
        isContinued={cursor !== undefined}
        done={done}
        {...more}
      />
    )
  }

  const list: PageHandler = async (c) => sendPage(c, await listPage(c, await view(c)))

  const add: PageHandler = async (c) => {
    const shown = await view(c)
    const { t } = shown
    const form = await c.req.parseBody()
    const { typed, problems } = readAlt(shown, form)
    const file = form.file
    const refused = async (message: string) =>
      sendPage(c, await listPage(c, shown, { typed, problems: { file: message, ...problems } }), 422)
    if (!(file instanceof File) || (file.size === 0 && file.name === '')) return refused(t('library.fileMissing'))
    let picture: ReadPicture
    try {
      picture = await readPicture(new Uint8Array(await file.arrayBuffer()))
    } catch (error) {
      if (!(error instanceof PictureRefused)) throw error
      const { megabytes, ...measured } = error.measured
      const said =
        megabytes === undefined ? measured : { megabytes: shown.formats.number(Math.ceil(megabytes * 10) / 10) }
      return refused(t(`library.refused.${error.code}`, said))
    }
    if (Object.keys(problems).length > 0) return sendPage(c, await listPage(c, shown, { typed, problems }), 422)
    const { row, isNew } = await db.transaction((tx) =>
      addPicture(tx, {
        networkId: c.get('network').id,
        picture,
        fileName: file.name,
        alt: { fr: typed.alt_fr, en: typed.alt_en },
        userId: c.get('user').id,
        random: deps.context.random,
        at: wall.now(),
      }),
    )
    return c.redirect(`/console/library/${row.id}?done=${isNew ? 'added' : 'alreadyThere'}`, 303)
  }

  const rowOf = async (c: PageContext): Promise<PictureRow> => {
    const row = await findPicture(db, c.get('network').id, idOf(c))
    if (!row) throw new HTTPException(404)
    return row
  }

  const picturePage = async (
    c: PageContext,
    row: PictureRow,
    more: { isRefused?: boolean; typed?: UploadTyped; problems?: Problems } = {},
  ) => (
    <PicturePage
      view={await view(c)}
      row={row}
      address={`${deps.publicUrl}/i/${pictureFile(c.get('network').number, row)}`}
      uses={await everyUseOf(db, row.networkId, row)}
      done={c.req.method === 'GET' ? parsed(pictureQuery, c.req.query()).done : undefined}
      {...more}
    />
  )

  const picture: PageHandler = async (c) => sendPage(c, await picturePage(c, await rowOf(c)))

  const describe: PageHandler = async (c) => {
    const row = await rowOf(c)
    const { typed, problems } = readAlt(await view(c), await c.req.parseBody())
    if (Object.keys(problems).length > 0) return sendPage(c, await picturePage(c, row, { typed, problems }), 422)
    const alt = { fr: typed.alt_fr, en: typed.alt_en }
    const { networkId, id } = row
    await db.transaction((tx) => describePicture(tx, { networkId, id, alt, userId: c.get('user').id, at: wall.now() }))
    return c.redirect(`/console/library/${id}?done=described`, 303)
  }

  const askDelete: PageHandler = async (c) => {
    const row = await rowOf(c)
    const uses = await everyUseOf(db, row.networkId, row)
    if (uses.length > 0) return sendPage(c, await picturePage(c, row, { isRefused: true }), 409)
    return sendPage(c, <DeletePicturePage view={await view(c)} row={row} />)
  }

  const remove: PageHandler = async (c) => {
    const row = await rowOf(c)
    const uses = await db.transaction((tx) => deletePicture(tx, row, { userId: c.get('user').id, at: wall.now() }))
    if (uses.length > 0) return sendPage(c, await picturePage(c, row, { isRefused: true }), 409)
    return c.redirect(inNetwork(await view(c), '/console/library?done=deleted'), 303)
  }

  const bytes: PageHandler = async (c) => {
    const found = await bytesOf(db, c.get('network').id, idOf(c))
    if (!found) throw new HTTPException(404)
    return c.body(new Uint8Array(found.bytes), 200, {
      'content-type': found.mime,
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=3600',
    })
  }

  app.get('/console/library', may('library.read', networkOf(db)), list)
  app.post('/console/library', may('library.write', networkOf(db)), upload(uploadBytes), add)
  app.get('/console/library/:id', may('library.read', pictureNetworkOf(db)), picture)
  app.get('/console/library/:id/picture', may('library.read', pictureNetworkOf(db)), bytes)
  app.post('/console/library/:id/alt', may('library.write', pictureNetworkOf(db)), describe)
  app.get('/console/library/:id/delete', may('library.write', pictureNetworkOf(db)), askDelete)
  app.post('/console/library/:id/delete', may('library.write', pictureNetworkOf(db)), remove)
}
