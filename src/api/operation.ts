import { createRoute, z } from '@hono/zod-openapi'
import type { ApiMiddleware } from './guard.ts'
import { networkQuery } from './page.ts'
import { problem } from './shapes.ts'

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } })
const refused = { description: 'Refused', content: { 'application/problem+json': { schema: problem } } }
const security: Record<string, string[]>[] = [{ key: [] }, { session: [] }]

const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({ description: 'Sent again with the same key within 24 hours, the request is done once.' }),
})

interface About {
  /** Names the operation for programs that generate code from the description. */
  operationId: string
  summary: string
}

/** A route that lists, its guard on its line. */
export const listing = <P extends string, Q extends z.ZodRawShape, A extends z.ZodType>(
  path: P,
  guard: ApiMiddleware,
  { query, answer, ...about }: About & { query: Q; answer: A },
) =>
  createRoute({
    method: 'get',
    path,
    middleware: guard,
    ...about,
    security,
    request: { query: z.strictObject(query) },
    responses: { 200: { description: about.summary, content: json(answer) }, default: refused },
  })

/** A route that shows one thing by its `{id}`, its guard on its line. */
export const showing = <P extends `${string}/{id}${string}`, A extends z.ZodType>(
  path: P,
  guard: ApiMiddleware,
  { answer, ...about }: About & { answer: A },
) =>
  createRoute({
    method: 'get',
    path,
    middleware: guard,
    ...about,
    security,
    request: { query: z.strictObject(networkQuery), params: z.object({ id: z.string().max(64) }) },
    responses: { 200: { description: about.summary, content: json(answer) }, default: refused },
  })

/** A route that makes something out of JSON, its guard on its line; `then` comes after the guard. */
export const making = <P extends string, B extends z.ZodType, A extends z.ZodType>(
  path: P,
  guard: ApiMiddleware,
  then: readonly ApiMiddleware[],
  { body, answer, ...about }: About & { body: B; answer: A },
) =>
  createRoute({
    method: 'post',
    path,
    middleware: [guard, ...then],
    ...about,
    security,
    request: {
      query: z.strictObject(networkQuery),
      headers: idempotencyHeader,
      body: { required: true, content: json(body) },
    },
    responses: { 201: { description: about.summary, content: json(answer) }, default: refused },
  })

/**
 * A route that does something to one thing by its `{id}`, its guard on its line; `then` comes after the guard. `params`
 * are what its path names besides.
 */
export const doing = <
  P extends `${string}/{id}${string}`,
  B extends z.ZodType,
  A extends z.ZodType,
  N extends z.ZodRawShape = Record<never, never>,
>(
  path: P,
  guard: ApiMiddleware,
  then: readonly ApiMiddleware[],
  { body, answer, params, ...about }: About & { body: B; answer: A; params?: N },
) =>
  createRoute({
    method: 'post',
    path,
    middleware: [guard, ...then],
    ...about,
    security,
    request: {
      query: z.strictObject(networkQuery),
      params: z.object({ id: z.string().max(64), ...((params ?? {}) as N) }),
      headers: idempotencyHeader,
      body: { required: true, content: json(body) },
    },
    responses: { 200: { description: about.summary, content: json(answer) }, default: refused },
  })
