import { createHash } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { idempotencyKeys } from '../db/schema.ts'
import { ApiProblem } from '../http/problem.ts'
import type { ApiMiddleware } from './guard.ts'

const keptMs = 24 * 3_600_000

const badKey = () =>
  new ApiProblem(400, {
    code: 'bad-idempotency-key',
    title: 'Bad Idempotency-Key',
    detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, such as a UUID.',
  })
const otherRequest = () =>
  new ApiProblem(422, {
    code: 'idempotency-key-reused',
    title: 'Idempotency-Key used before',
    detail: 'This Idempotency-Key was sent with another request. Use a new one for each thing to be done.',
  })
const inFlight = () =>
  new ApiProblem(409, {
    code: 'idempotency-key-in-flight',
    title: 'The first request is not answered yet',
    detail:
      'A request with this Idempotency-Key is under way, or was cut off before its answer was kept. Wait; if this ' +
      'goes on, look whether the thing was done before you send it with a new key.',
    headers: { 'retry-after': '2' },
  })

/**
 * On the line of an API route that changes something, after its guard and its body: a request repeated with the same
 * `Idempotency-Key` within 24 hours gets the first answer again, and nothing is done twice (draft-ietf-httpapi-
 * idempotency-key-header). An answer of 5xx is not kept: that request may be tried again.
 */
export function idempotent({ db, wall }: { db: Db; wall: WallClock }): ApiMiddleware {
  return async function idempotent(c, next) {
    const key = c.req.header('idempotency-key')
    if (key === undefined) return next()
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw badKey()
    const now = wall.now()
    const networkId = c.get('network').id
    const caller = c.get('caller')
    const mine = and(eq(idempotencyKeys.networkId, networkId), eq(idempotencyKeys.caller, caller))
    const isIt = and(mine, eq(idempotencyKeys.key, key))
    const requestHash = createHash('sha256')
      .update(`${c.req.method} ${new URL(c.req.url).pathname}\n`)
      .update(new Uint8Array(await c.req.arrayBuffer()))
      .digest('hex')
    await db.delete(idempotencyKeys).where(and(mine, lt(idempotencyKeys.createdAt, new Date(now.getTime() - keptMs))))
    const begun = await db
      .insert(idempotencyKeys)
      .values({ networkId, caller, key, requestHash, createdAt: now })
      .onConflictDoNothing()
      .returning({ key: idempotencyKeys.key })
    if (begun.length === 0) {
      const [first] = await db.select().from(idempotencyKeys).where(isIt)
      if (first && first.requestHash !== requestHash) throw otherRequest()
      if (!first || first.status === null) throw inFlight()
      return new Response(first.body, {
        status: first.status,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'idempotency-replayed': 'true' },
      })
    }
    await next()
    // What was refused or failed did nothing: the key is free again.
    if (c.error || c.res.status >= 400) await db.delete(idempotencyKeys).where(isIt)
    else
      await db
        .update(idempotencyKeys)
        .set({ status: c.res.status, body: await c.res.clone().text() })
        .where(isIt)
  }
}
