import { businessNow } from '../src/clock.ts'
import { deliveries } from '../src/db/schema.ts'
import { deliverDue } from '../src/deliver/deliver-due.ts'
import { answer } from './in-child.ts'
import { fannedOut, loaded } from './spine.ts'

/** Fans out one step to so many people and delivers it in the sandbox; CPU microseconds per recipient of each. */
const contacts = Number(process.argv[2])
const made = await loaded(contacts)
const { context } = made.space.relais
const micros = async (work: () => Promise<unknown>) => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / contacts
}
const fanOut = await micros(() => fannedOut(made))
const delivery = await micros(() =>
  deliverDue(context, made.space.network, businessNow(context.wall.now(), made.space.network)),
)
const total = await context.db.$count(deliveries)
await made.space.close()
answer({ fanOut, delivery, total })
