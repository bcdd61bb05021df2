import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { EditProblems } from '../../../network/edit-problem.ts'
import { CursorProblem } from '../../../network/list/walk.ts'
import type { Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'

export const directions = ['up', 'down'] as const
/** Opaque; what a list does not know as its own is refused by the list. */
export const aCursor = z.string().max(2_000)

/** What could not be saved, field by field, in the reader's language. */
export const problemsIn = (view: View, error: EditProblems): Problems =>
  Object.fromEntries(Object.entries(error.problems).map(([field, code]) => [field, view.t(`editProblems.${code}`)]))

/** A page of a list; a place that is not in it is a malformed request. */
export async function inPlace<T>(page: Promise<T>): Promise<T> {
  try {
    return await page
  } catch (error) {
    if (error instanceof CursorProblem) throw new HTTPException(400, { message: error.message })
    throw error
  }
}
