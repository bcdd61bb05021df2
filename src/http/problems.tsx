import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import type { AppDeps } from '../app-deps.ts'
import { newId } from '../db/index.ts'
import type { Assets } from '../web/assets.ts'
import { ProblemPage, type ProblemStatus, problemStatus } from '../web/public/problem.tsx'
import { sendPage, viewOf } from '../web/view.ts'
import { translatorFor } from '../web/words/index.ts'
import type { PageContext, PageEnv } from './page-env.ts'
import { ApiProblem } from './problem.ts'

/** Programs get problem+json (RFC 9457), people a page. */
const wantsJson = (c: PageContext): boolean =>
  /^\/(api|webhooks)(\/|$)/.test(c.req.path) ||
  /^application\/(problem\+)?json\b/.test(c.req.header('accept')?.trimStart() ?? '')

/** Answers for what goes wrong: no stack trace ever leaves, and an unexpected error has a reference in the log. */
export function createProblems(deps: AppDeps, assets: Assets) {
  const answer = async (
    c: PageContext,
    status: ProblemStatus,
    given: { reference?: string; detail?: string } = {},
  ): Promise<Response> => {
    const t = translatorFor('en')
    const title = t(`problem.${status}.title`)
    const text = t(`problem.${status}.text`)
    if (wantsJson(c))
      return c.body(
        JSON.stringify({ type: 'about:blank', title, status, detail: given.detail || text, instance: given.reference }),
        status,
        { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      )
    return sendPage(
      c,
      <ProblemPage view={viewOf(c, assets, deps.wall.now())} status={status} reference={given.reference} />,
      status,
    )
  }

  const refuse = (c: PageContext, { status, code, title, message, errors, headers }: ApiProblem): Response =>
    c.body(
      JSON.stringify({
        type: `${deps.publicUrl}/api/docs#${code}`,
        title,
        status,
        detail: message,
        code,
        errors: errors.length > 0 ? errors : undefined,
      }),
      status,
      { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    )

  const onError: ErrorHandler<PageEnv> = (error, c) => {
    if (error instanceof ApiProblem) return refuse(c, error)
    if (error instanceof HTTPException) return answer(c, problemStatus(error.status), { detail: error.message })
    if (error instanceof SyntaxError && /JSON/.test(error.message))
      return answer(c, 400, { detail: `The body is not JSON: ${error.message}` })
    const reference = newId()
    deps.onError?.(error, { reference, method: c.req.method, path: routePath(c, -1) })
    return answer(c, 500, { reference })
  }

  const notFound: NotFoundHandler<PageEnv> = (c) => answer(c, 404)

  const wrongMethod = async (c: PageContext, methods: readonly string[]): Promise<Response> => {
    const response = await answer(c, 405)
    response.headers.set('allow', methods.join(', '))
    return response
  }

  return { onError, notFound, wrongMethod }
}
