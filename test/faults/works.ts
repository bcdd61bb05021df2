/**
 * A worker in a process of its own, to be killed: does all there is to do, says "idle" and ends. Its clock goes
 * RELAIS_TEST_SPEED times as fast as the real one, so that a grace of a minute passes while a test is looking on.
 */
import { setTimeout } from 'node:timers/promises'
import { and, eq, inArray } from 'drizzle-orm'
import { readConfig } from '../../src/config.ts'
import { deliveries } from '../../src/db/schema.ts'
import { openRelais } from '../../src/main.ts'
import { tickAll } from '../../src/worker.ts'

const { RELAIS_TEST_SPEED, RELAIS_TEST_EPOCH, ...env } = process.env
const epoch = Number(RELAIS_TEST_EPOCH)
const speed = Number(RELAIS_TEST_SPEED)
const wall = { now: () => new Date(epoch + (Date.now() - epoch) * speed) }

const { context, close } = await openRelais({ ...readConfig(env), logLevel: 'error' }, { wall })
for (;;) {
  await tickAll(context)
  const open = await context.db.$count(
    deliveries,
    and(eq(deliveries.channel, 'sms'), inArray(deliveries.status, ['planned', 'held', 'queued', 'sending', 'unknown'])),
  )
  if (open === 0 && (await context.db.$count(deliveries)) > 0) break
  await setTimeout(20)
}
await close()
process.stdout.write('idle\n')
