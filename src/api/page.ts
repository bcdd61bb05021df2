import { z } from '@hono/zod-openapi'

const most = 200
const usual = 50

const wholeNumber = z
  .string()
  .regex(/^\d{1,3}$/, `limit must be a whole number from 1 to ${most}.`)
  .transform(Number)
  .refine((value) => value >= 1 && value <= most, `limit must be a whole number from 1 to ${most}.`)

/** Which network, for a session that has several; a key has one. */
export const networkQuery = {
  network: z.string().max(100).optional().openapi({ description: 'The name of a network; the first one otherwise.' }),
}

/** The query of a list. Anything else in it is refused by name, so that a mistyped filter does not list everything. */
export const pageQuery = {
  ...networkQuery,
  limit: wholeNumber
    .optional()
    .openapi({ type: 'integer', description: `How many at most; ${usual} otherwise.`, minimum: 1, maximum: most }),
  cursor: z
    .uuid('cursor must be what next said on the page before.')
    .optional()
    .openapi({ description: 'Where the page before ended, as its next said.' }),
}

export interface PageAsked {
  limit?: number
  cursor?: string
}

export const limitOf = ({ limit = usual }: PageAsked): number => limit

/** A page of a list; next is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    data: z.array(item),
    next: z.string().nullable().openapi({ description: 'The cursor of the next page.' }),
  })

/** Rows asked for one more than the limit, as a page: the ids sort by creation, so the last one is the cursor. */
export function paged<Row extends { id: string }>(rows: readonly Row[], asked: PageAsked) {
  const limit = limitOf(asked)
  const page = rows.slice(0, limit)
  return { page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}
