import type { Channel, Receipt } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { callsOf, type Ready } from './calls.ts'
import type { Claimed } from './claim.ts'
import type { Gate } from './gate.ts'
import { openCall } from './open-calls.ts'
import type { Outcome } from './outcome.ts'
import { prepare } from './prepare.ts'

/** A call is begun only with this much of the lease left, more than its answer commonly takes (wall time). */
const callMs = 45_000
/** Told of every outcome as it comes, in groups; a doubt is an outcome too. */
export type Told = (outcomes: Outcome[]) => void

/**
 * Renders and sends, outside any transaction; every claimed delivery gets exactly one outcome. All calls go side by
 * side, so that a hanging answer holds up no other. What would begin too late in its lease is not sent, since another worker may take it for lost by then; nor is
 * anything once the process is asked to stop or its provider has refused everybody: it stays owed.
 */
export async function handOver(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
  gate: Gate,
  told: Told,
): Promise<void> {
  const byChannel = new Map<Channel, Ready[]>()
  for (const claimed of batch) {
    const prepared = await prepare(context, network, claimed, now)
    if ('outcome' in prepared) {
      told([prepared.outcome])
      continue
    }
    const ready = byChannel.get(claimed.channel) ?? []
    ready.push({ claimed, outgoing: prepared.outgoing })
    byChannel.set(claimed.channel, ready)
  }
  await Promise.all([...byChannel].map(([channel, ready]) => sendAll(context, channel, ready, now, gate, told)))
}

async function sendAll(
  context: Context,
  channel: Channel,
  ready: Ready[],
  now: Date,
  gate: Gate,
  told: Told,
): Promise<void> {
  // A failure to load is for `send` to tell, which then throws likewise.
  await channel.open?.().catch(() => undefined)
  const calls: Promise<void>[] = []
  for (const some of callsOf(channel, ready)) {
    if (context.stop?.aborted || isTooLate(context, some) || gate.isShut(channel))
      told(some.map((one) => ({ ...one, receipt: { outcome: 'not_sent' } })))
    else calls.push(sendSome(context, channel, some, now, gate).then(told))
  }
  await Promise.all(calls)
}

const isTooLate = (context: Context, some: readonly Ready[]): boolean =>
  some.some(
    ({ claimed: { delivery } }) =>
      delivery.leaseUntil !== null && delivery.leaseUntil.getTime() - context.wall.now().getTime() < callMs,
  )

async function sendSome(
  context: Context,
  channel: Channel,
  given: readonly Ready[],
  now: Date,
  gate: Gate,
): Promise<Outcome[]> {
  const some = channel.isLocal ? given : await together(context, given, now)
  // Writing the call down may have taken long: by the end of their lease another worker would ask about them.
  if (isTooLate(context, some)) return some.map((one) => ({ ...one, receipt: { outcome: 'not_sent' } }))
  let receipts: Receipt[]
  try {
    receipts = await channel.send(some.map(({ outgoing }) => outgoing))
  } catch (error) {
    // By contract a throw means that nothing left.
    const detail = (error as Error).message
    context.log.error(
      { channel: channel.name, provider: channel.provider, err: error },
      'A channel failed before sending',
    )
    receipts = some.map(() => ({ outcome: 'refused', code: 'channel_error', permanent: false, detail }))
  }
  // What could not be counted of a provider is no reason to lose what it answered.
  await gate
    .heard(channel, receipts)
    .catch((error: unknown) => context.log.error({ err: error }, 'What a provider answered could not be counted'))
  const outcomes = some.map((one, index) => ({
    ...one,
    // An adapter that answers too little leaves the rest in doubt, never unsent.
    receipt: receipts[index] ?? ({ outcome: 'unknown', reason: 'no_receipt_from_adapter' } as const),
  }))
  for (const outcome of outcomes) note(context, channel, outcome)
  return outcomes
}

/** Those of one call, which is written down; where it cannot be, they leave all the same, each with its own doubt. */
async function together(context: Context, some: readonly Ready[], now: Date): Promise<readonly Ready[]> {
  try {
    const call = await openCall(context, some, now)
    return call ? some.map((one) => ({ ...one, outgoing: { ...one.outgoing, call } })) : some
  } catch (error) {
    context.log.warn({ err: error }, 'What a call carries could not be written down')
    return some
  }
}

/** By ids and codes: what a provider says in words may name whom it is about. */
function note({ log }: Context, { name, provider }: Channel, { claimed: { delivery }, receipt }: Outcome): void {
  const line = { deliveryId: delivery.id, attempt: delivery.attempt, channel: name, provider, outcome: receipt.outcome }
  if (receipt.outcome === 'unknown') log.warn(line, 'Nobody knows whether a delivery left')
  else if (receipt.outcome === 'refused') log.info({ ...line, code: receipt.code }, 'A delivery was refused')
  else log.debug(line, 'A delivery was handed over')
}
