import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** One thing that is wrong with a request: where (a JSON Pointer into the body, or into the query), and what. */
export interface Fault {
  in: 'query' | 'body' | 'header' | 'path'
  /** RFC 6901. */
  pointer: string
  detail: string
}

/** A refusal that a program can act upon: RFC 9457 with a code that stays, and every fault at once. */
export class ApiProblem extends HTTPException {
  override name = 'ApiProblem'
  readonly code: string
  readonly title: string
  readonly errors: readonly Fault[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: ContentfulStatusCode,
    given: { code: string; title: string; detail: string; errors?: readonly Fault[]; headers?: Record<string, string> },
  ) {
    super(status, { message: given.detail })
    this.code = given.code
    this.title = given.title
    this.errors = given.errors ?? []
    this.headers = given.headers ?? {}
  }
}
