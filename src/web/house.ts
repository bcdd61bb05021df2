import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Auth } from '../accounts/auth.ts'
import type { AppDeps } from '../app-deps.ts'
import type { Guards } from '../http/guard.ts'
import type { PageContext, PageEnv } from '../http/page-env.ts'
import type { Assets } from './assets.ts'
import type { ClockMoves } from './console/time/clock-moves.ts'
import type { View } from './view.ts'

/** What the rooms of the site share: each adds its routes to `app`, with the permission on every line. */
export interface House {
  app: Hono<PageEnv>
  deps: AppDeps
  assets: Assets
  auth: Auth
  guards: Guards
  moves: ClockMoves
  /** What a page is drawn with, once the guard has let the request in. */
  view(c: PageContext): Promise<View>
}

/** An empty field of a form or of a filter is no value; an unknown one is refused rather than quietly ignored. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

export const anId = z.string().max(64)

/** What a request says, or a 400 that names what is wrong; for queries, and forms nobody fills in by hand. */
export function parsed<T extends z.ZodType>(schema: T, given: unknown): z.infer<T> {
  const result = schema.safeParse(given)
  if (!result.success) throw new HTTPException(400, { message: z.prettifyError(result.error) })
  return result.data
}

/** The `:id` of the route. */
export const idOf = (c: PageContext): string => c.req.param('id') ?? ''
