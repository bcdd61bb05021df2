import type { Context } from '../context.ts'

/**
 * What this process has to do without for now, as whoever watches it is told on `/readyz`: it serves all the same, and
 * goes on by itself once it has it again. Empty when nothing lacks.
 */
export async function lackingNow({ room }: Pick<Context, 'room'>): Promise<string[]> {
  const shortage = await room?.shortage()
  return shortage === undefined ? [] : [shortage]
}
