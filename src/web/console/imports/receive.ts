import { PassThrough, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import busboy from 'busboy'
import { HTTPException } from 'hono/http-exception'
import type { Context } from '../../../context.ts'
import type { PageContext, PageMiddleware } from '../../../http/page-env.ts'
import { ImportProblem } from '../../../network/import/problem.ts'
import { keepUpload, removeUpload, type Upload } from '../../../network/import/uploads.ts'

/** A form around the file may weigh so much more than the file. */
export const formRoom = 64 * 1024

/** A body whose length is not said would have to be held in memory to be measured. Browsers say it. */
export const sizeSaid: PageMiddleware = async function sizeSaid(c, next) {
  if (c.req.header('content-length') === undefined || c.req.header('transfer-encoding') !== undefined)
    throw new HTTPException(400, { message: 'Say how long the body is.' })
  await next()
}

export interface Received {
  fileName: string
  upload: Upload
  fields: Record<string, string>
}

/**
 * Takes in a form with one file (RFC 7578), which goes to the disk as it comes. Undefined when no file was chosen.
 * Throws ImportProblem for a file that is no table, and an HTTP 400 for a body that is no such form or ends early.
 */
export async function receiveUpload(context: Context, c: PageContext): Promise<Received | undefined> {
  const body = c.req.raw.body
  if (!body) throw new HTTPException(400, { message: 'There is no form in this.' })
  const fields: Record<string, string> = {}
  let parser: busboy.Busboy
  try {
    parser = busboy({
      headers: { 'content-type': c.req.header('content-type') ?? '' },
      // Browsers send names as they are, in the encoding of the page.
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 10, fieldSize: 1024, fieldNameSize: 100, parts: 12 },
    })
  } catch {
    throw new HTTPException(400, { message: 'This is not a form with a file.' })
  }
  let kept: Promise<Upload> | undefined
  // Of its own, since a refusal ends what it reads from, and the form around the file goes on.
  const way = new PassThrough()
  // Whoever reads from it hears of its end; where nobody does, there is nothing to hear.
  way.on('error', () => undefined)
  let fileName = ''
  parser.on('field', (name, value) => {
    fields[name] = value
  })
  parser.on('file', (_name, stream, info) => {
    // Some browsers send a path.
    fileName = (info.filename ?? '').split(/[\\/]/).at(-1)?.slice(0, 200) ?? ''
    if (fileName === '') return void stream.resume()
    const passed = stream.pipe(way)
    kept = keepUpload(context, passed, fileName)
    // What is refused is still read to its end, so that the answer can be heard.
    kept.catch(() => {
      stream.unpipe(passed)
      stream.resume()
    })
  })
  const source = Readable.fromWeb(body as ReadableStream)
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('close', resolve)
    parser.on('error', reject)
    source.on('error', reject)
  })
  source.pipe(parser)
  try {
    await ended
  } catch (error) {
    parser.destroy()
    way.destroy(error instanceof Error ? error : undefined)
    const upload = await kept?.catch(() => undefined)
    if (upload) await removeUpload(context, upload.path)
    throw new HTTPException(400, { message: 'The upload broke off.', cause: error })
  }
  if (!kept) return undefined
  const upload = await kept
  if (upload.size > 0) return { fileName, upload, fields }
  await removeUpload(context, upload.path)
  throw new ImportProblem('empty_upload', { file: fileName })
}
