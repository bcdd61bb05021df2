import { setImmediate } from 'node:timers/promises'
import type { Context, Network } from '../context.ts'
import type { Claimed } from './claim.ts'
import { type Brakes, handOver } from './hand-over.ts'
import type { Outcome } from './outcome.ts'
import { settle } from './settle.ts'

/** A transaction another one got in the way of is tried again so often. */
const triesToSettle = 3

/**
 * Hands a claimed batch over and settles what comes back as it comes, together with whatever has come meanwhile:
 * a crash then leaves in doubt what was under way, not the whole batch.
 */
export async function deliverBatch(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
  brakes: Brakes,
): Promise<void> {
  let waiting: Outcome[] = []
  let settled = Promise.resolve()
  let failure: unknown
  const settleWaiting = async () => {
    const some = waiting
    waiting = []
    await settleSurely(context, network, some, now).catch((error: unknown) => {
      failure ??= error
    })
  }
  await handOver(context, network, batch, now, brakes, (outcomes) => {
    // The turn that is waiting takes these along, and what other channels answer in the same moment.
    if (waiting.length === 0) settled = settled.then(() => setImmediate()).then(settleWaiting)
    waiting.push(...outcomes)
  })
  await settled
  // What could not be written down stays `sending`: its lease runs out, and then it is in doubt.
  if (failure !== undefined) throw failure
}

async function settleSurely(context: Context, network: Network, outcomes: Outcome[], now: Date): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await settle(context, network, outcomes, now)
    } catch (error) {
      if (tries === triesToSettle) throw error
      context.log.warn({ err: error }, 'What was handed over could not be written down; trying again')
    }
  }
}
