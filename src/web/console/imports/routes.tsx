import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import { attachment } from '../../../http/attachment.ts'
import { upload } from '../../../http/body.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { isOpen } from '../../../job/enqueue.ts'
import { columnKey, isTarget } from '../../../network/import/columns.ts'
import type { LookResult } from '../../../network/import/preview.ts'
import { ImportProblem } from '../../../network/import/problem.ts'
import { largestUpload } from '../../../network/import/uploads.ts'
import { consentBases } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage } from '../../view.ts'
import { importOf, networkOf } from '../locate.ts'
import {
  beginImport,
  cancelImport,
  chooseFor,
  countOf,
  type Doer,
  discardImport,
  retryImport,
  startImport,
} from './actions.ts'
import { ImportFrame } from './frame.tsx'
import { ImportsPage } from './list.tsx'
import { columnsUnder, type PreviewChoices, PreviewPage } from './preview.tsx'
import { type FoundImport, findImport, listImports, openDuplicates } from './queries.ts'
import { formRoom, receiveUpload, sizeSaid } from './receive.ts'
import { ResultPage, RunningPage } from './result.tsx'
import { say } from './said.ts'
import { UploadPage } from './upload.tsx'

const patienceMs = 1_500

/** Files of contacts, from the upload to the rejects that come back mended. */
export function importRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  const doerOf = async (c: PageContext): Promise<Doer> => ({
    network: c.get('network'),
    userId: c.get('user').id,
    language: (await view(c)).language,
    patienceMs: deps.patienceMs ?? patienceMs,
  })

  const foundBy = async (c: PageContext): Promise<FoundImport> => {
    const found = await findImport(db, c.get('network').id, idOf(c))
    if (!found) throw new HTTPException(404)
    return found
  }
  const pageOf = (found: FoundImport) => `/console/imports/${found.row.id}`
  const lookedAt = ({ look }: FoundImport): LookResult => (look?.payload.result ?? {}) as LookResult
  const choicesOf = ({ row, look }: FoundImport): PreviewChoices => ({
    mapping: row.mapping,
    basis: row.basis ?? '',
    absent: look?.payload.absent === 'deactivate' ? 'deactivate' : 'keep',
  })
  const rejectsPath = ({ row }: FoundImport) => join(context.dataFolder, 'imports', `${row.id}.rejects.csv`)
  const hasRejectsFile = async (found: FoundImport) =>
    found.row.rejectsPath !== null && (await stat(rejectsPath(found)).catch(() => undefined)) !== undefined

  const list: PageHandler = async (c) => {
    const { cursor, discarded } = parsed(
      z.object({ cursor: optional(anId), discarded: optional(z.string()) }),
      c.req.query(),
    )
    const { rows, next } = await listImports(db, c.get('network').id, cursor)
    return sendPage(
      c,
      <ImportsPage
        view={await view(c)}
        rows={rows}
        next={next}
        cursor={cursor}
        hasDiscarded={discarded !== undefined}
      />,
    )
  }

  const mendsOf = async (c: PageContext, id: string | undefined) => {
    const found = id ? await findImport(db, c.get('network').id, id) : undefined
    return found && { id: found.row.id, fileName: found.row.fileName }
  }

  const uploadPage: PageHandler = async (c) => {
    const { mends } = parsed(z.object({ mends: optional(anId) }), c.req.query())
    return sendPage(c, <UploadPage view={await view(c)} mends={await mendsOf(c, mends)} />)
  }

  const receive: PageHandler = async (c) => {
    const v = await view(c)
    let problem = v.t('imports.problems.file')
    try {
      const received = await receiveUpload(context, c)
      if (received) return c.redirect(`/console/imports/${await beginImport(context, await doerOf(c), received)}`, 303)
    } catch (error) {
      if (!(error instanceof ImportProblem)) throw error
      problem = say(v, error)
    }
    return sendPage(c, <UploadPage view={v} problems={{ file: problem }} />, 422)
  }

  const show: PageHandler = async (c) => {
    const found = await foundBy(c)
    const { row, look, run } = found
    const isLooking = row.status === 'preview' && isOpen(look)
    if (isLooking || row.status === 'running') c.header('refresh', '2')
    const v = await view(c)
    if (row.status === 'preview')
      return sendPage(
        c,
        <PreviewPage
          view={v}
          found={found}
          looked={lookedAt(found)}
          isLooking={isLooking}
          choices={choicesOf(found)}
          hasMoved={c.req.query('moved') !== undefined}
        />,
      )
    if (row.status === 'running' && (run === undefined || isOpen(run)))
      return sendPage(c, <RunningPage view={v} found={found} />)
    return sendPage(
      c,
      <ResultPage
        view={v}
        found={found}
        hasRejectsFile={await hasRejectsFile(found)}
        duplicates={await openDuplicates(db, c.get('network').id)}
      />,
    )
  }

  /** The form of the preview; what its columns cannot be is left as it was. */
  const choicesFrom = async (c: PageContext, found: FoundImport): Promise<PreviewChoices> => {
    const form = await c.req.parseBody()
    const { sample } = lookedAt(found)
    const columns = sample ? columnsUnder(sample, found.row.mapping) : []
    const mapping = columns.map((column): [string, string] => {
      const chosen = form[`column-${column.index}`]
      return [columnKey(column), typeof chosen === 'string' && isTarget(chosen) ? chosen : column.target]
    })
    return {
      mapping: Object.fromEntries(mapping),
      basis: consentBases.find((basis) => basis === form.basis) ?? '',
      absent: !found.mends && form.absent === 'deactivate' ? 'deactivate' : 'keep',
    }
  }

  const choose: PageHandler = async (c) => {
    const found = await foundBy(c)
    if (found.row.status !== 'preview') return c.redirect(pageOf(found), 303)
    const choices = await choicesFrom(c, found)
    if (choices.basis !== '') {
      await chooseFor(context, await doerOf(c), found, choices)
      return c.redirect(`${pageOf(found)}#figures`, 303)
    }
    const v = await view(c)
    return sendPage(
      c,
      <PreviewPage
        view={v}
        found={found}
        looked={lookedAt(found)}
        isLooking={isOpen(found.look)}
        choices={choices}
        problems={{ basis: v.t('imports.problems.basis') }}
      />,
      422,
    )
  }

  /** Undefined while there is nothing counted that could be started. */
  const startable = (found: FoundImport) => {
    const { figures } = lookedAt(found)
    const rows = figures ? figures.created + figures.updated + figures.unchanged : 0
    const isReady = found.row.status === 'preview' && found.row.basis !== null && found.look?.status === 'done'
    return figures && isReady && rows > 0 ? { figures, rows } : undefined
  }

  const confirmStart: PageHandler = async (c) => {
    const found = await foundBy(c)
    const ready = startable(found)
    if (!ready) return c.redirect(pageOf(found), 303)
    const { figures, rows } = ready
    const v = await view(c)
    const title = v.t('imports.confirm.title', { count: rows, file: found.row.fileName })
    const { created, updated, unchanged, rejected, deactivated } = figures
    return sendPage(
      c,
      <ImportFrame view={v} title={title} step="confirm">
        <Confirmation
          view={v}
          title={title}
          people={created + updated + deactivated}
          action={`${pageOf(found)}/start`}
          confirm={v.t('imports.confirm.button')}
          back={pageOf(found)}
          isDangerous={deactivated > 0}
          fields={{ count: countOf(found) }}
        >
          <p>{v.t('imports.confirm.what', { created, updated, unchanged, rejected })}</p>
          {deactivated > 0 && (
            <p>
              <strong>{v.t('imports.figures.deactivated', { count: deactivated })}</strong>
            </p>
          )}
        </Confirmation>
      </ImportFrame>,
    )
  }

  const start: PageHandler = async (c) => {
    const found = await foundBy(c)
    const { count } = await c.req.parseBody()
    if (found.row.status === 'preview' && (!startable(found) || count !== countOf(found)))
      return c.redirect(`${pageOf(found)}?moved=1#figures`, 303)
    await startImport(context, await doerOf(c), found)
    return c.redirect(pageOf(found), 303)
  }

  const confirmDiscard: PageHandler = async (c) => {
    const found = await foundBy(c)
    if (found.row.status !== 'preview') return c.redirect(pageOf(found), 303)
    const v = await view(c)
    const title = v.t('imports.discardTitle', { file: found.row.fileName })
    return sendPage(
      c,
      <ImportFrame view={v} title={title}>
        <Confirmation
          view={v}
          title={title}
          action={`${pageOf(found)}/discard`}
          confirm={v.t('imports.discard')}
          back={pageOf(found)}
          isDangerous
        >
          <p>{v.t('imports.discardWhat')}</p>
        </Confirmation>
      </ImportFrame>,
    )
  }

  const discard: PageHandler = async (c) => {
    await discardImport(context, await doerOf(c), await foundBy(c))
    return c.redirect(`/console/imports?network=${encodeURIComponent(c.get('network').name)}&discarded=1`, 303)
  }

  const cancel: PageHandler = async (c) => {
    const found = await foundBy(c)
    await cancelImport(context, await doerOf(c), found)
    return c.redirect(pageOf(found), 303)
  }

  const retry: PageHandler = async (c) => {
    const found = await foundBy(c)
    await retryImport(context, await doerOf(c), found)
    return c.redirect(pageOf(found), 303)
  }

  const rejects: PageHandler = async (c) => {
    const found = await foundBy(c)
    if (!(await hasRejectsFile(found))) throw new HTTPException(404)
    const path = rejectsPath(found)
    await db.transaction((tx) =>
      audit(tx, {
        networkId: c.get('network').id,
        actor: c.get('user').id,
        action: 'import.rejects_download',
        subject: found.row.id,
        data: { rows: found.row.counts?.rejected },
        at: wall.now(),
      }),
    )
    const name = found.row.fileName.replace(/\.\w{1,5}$/, '')
    c.header('content-type', 'text/csv; charset=utf-8')
    c.header('content-disposition', attachment(`${(await view(c)).t('imports.rejects.fileName', { name })}.csv`))
    c.header('cache-control', 'no-store')
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream)
  }

  app.get('/console/imports', may('contact.import', networkOf(db)), list)
  app.get('/console/imports/new', may('contact.import', networkOf(db)), uploadPage)
  app.post(
    '/console/imports/new',
    may('contact.import', networkOf(db)),
    sizeSaid,
    upload(largestUpload + formRoom),
    receive,
  )
  app.get('/console/imports/:id', may('contact.import', importOf(db)), show)
  app.post('/console/imports/:id/mapping', may('contact.import', importOf(db)), choose)
  app.get('/console/imports/:id/start', may('contact.import', importOf(db)), confirmStart)
  app.post('/console/imports/:id/start', may('contact.import', importOf(db)), start)
  app.get('/console/imports/:id/discard', may('contact.import', importOf(db)), confirmDiscard)
  app.post('/console/imports/:id/discard', may('contact.import', importOf(db)), discard)
  app.post('/console/imports/:id/cancel', may('contact.import', importOf(db)), cancel)
  app.post('/console/imports/:id/retry', may('contact.import', importOf(db)), retry)
  app.post('/console/imports/:id/rejects', may('contact.import', importOf(db)), rejects)
}
