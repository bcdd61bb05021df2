import Database from 'better-sqlite3'
import { inArray } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { deliveries } from '../../src/db/schema.ts'
import { look } from '../../src/worker.ts'
import { live, mailStep } from './live.ts'

const grows =
  /^(?:SCAN|SEARCH) (?:addresses|attempts|broadcasts|consents|contact_addresses|contacts|decisions|deliveries|delivery_members|events|exposures|inbound_events|links|pieces|posts|pressures|rendered_contents|sites|timers)\b/
/** All of a table, all of a network, or all that waits in it. */
const isWalk = (step: string) =>
  grows.test(step) &&
  // Of a message, only what has not left stands in this one, and one row answers.
  !step.includes('deliveries_owed') &&
  (step.startsWith('SCAN') ||
    !step.includes('(') ||
    /\(network_id=\?(?: AND (?:fired_at|outcome|message_id)=\?)?\)$/.test(step))

/** The last wait of a campaign: stops at the first of its own, and is not asked again while that one is pending. */
const stopsAtTheFirst = (sql: string) =>
  /"campaign_id" = \?\) order by "timers"."due_at" desc limit \?$/.test(sql.trim())

/** Without statistics SQLite plans by the schema alone, so a few rows show what it would do on millions. */
test('no statement of the engine walks a table that grows with the network', async () => {
  const seen = new Set<string>()
  const { prepare } = Database.prototype
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    seen.add(sql)
    return prepare.call(this, sql)
  } as typeof prepare
  const l = await live()
  try {
    await l.owe(mailStep)
    const { db } = l.context
    const ids = (await db.select({ id: deliveries.id }).from(deliveries)).map(({ id }) => id)
    const lay = (index: number, state: Partial<typeof deliveries.$inferInsert>) =>
      db
        .update(deliveries)
        .set(state)
        .where(inArray(deliveries.id, ids.slice(index, index + 1)))
    const long = new Date(0)
    await lay(0, { status: 'held', reason: 'quiet_hours', dueAt: long })
    await lay(1, { status: 'sending', leaseUntil: long, provider: 'preview' })
    await lay(2, { status: 'unknown', dueAt: long, provider: 'sendgrid', attempt: 1 })
    seen.clear()
    for (const hours of [0, 1, 24, 24 * 40]) {
      l.clock.forward(hours * 3_600_000)
      for (let looks = 0; looks < 3; looks++) await look(l.context, l.network, l.clock.now())
    }
    const file = new Database(l.store.location.path, { readonly: true })
    const walks = [...seen]
      .filter((sql) => /^\s*(?:select|update|delete|insert|with)\b/i.test(sql) && !stopsAtTheFirst(sql))
      .flatMap((sql) => {
        const bound = Array<string>((sql.match(/\?/g) ?? []).length).fill('[]')
        const plan = (prepare.call(file, `explain query plan ${sql}`) as Database.Statement<unknown[]>).all(bound) as {
          detail: string
        }[]
        return plan.filter(({ detail }) => isWalk(detail)).map(({ detail }) => `${detail}: ${sql}`)
      })
    file.close()
    expect(seen.size).toBeGreaterThan(60)
    expect(walks).toEqual([])
  } finally {
    Database.prototype.prepare = prepare
    await l.close()
  }
})
