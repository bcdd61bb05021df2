import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { networks } from '../db/schema.ts'
import { lackingNow } from './lacking.ts'

export interface Readiness {
  code: 200 | 503
  body: { status: 'ready' | 'degraded' | 'not ready'; reasons: string[] }
}

/** What `/readyz` answers: whether this process does its work, and what it has to do without for now. */
export async function readinessOf(context: Context, unready: readonly string[] = []): Promise<Readiness> {
  const reasons = [...unready]
  try {
    await context.db.select({ one: sql`1` }).from(networks).limit(1)
  } catch {
    reasons.push('The database does not answer.')
  }
  if (reasons.length > 0) return { code: 503, body: { status: 'not ready', reasons } }
  // It serves, so it must not be taken out of turn; what it cannot do meanwhile is said.
  const lacking = await lackingNow(context)
  return { code: 200, body: { status: lacking.length > 0 ? 'degraded' : 'ready', reasons: lacking } }
}
