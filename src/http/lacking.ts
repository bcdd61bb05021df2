import type { Context } from '../context.ts'
import { openBreakers } from '../deliver/breaker.ts'
import { breakerText } from '../deliver/breaker-text.ts'
import { redisLack } from '../queue/redis-health.ts'

/**
 * What this process has to do without for now, as whoever watches it is told on `/readyz`: it serves all the same, and
 * goes on by itself once it has it again. Empty when nothing lacks.
 */
export async function lackingNow({ db, room, redis }: Pick<Context, 'db' | 'room' | 'redis'>): Promise<string[]> {
  const down = await openBreakers(db).catch(() => [])
  const lacks = [await room?.shortage(), redis && (await redisLack(redis)), ...down.map(breakerText)]
  return lacks.filter((lack) => lack !== undefined)
}
