import type { Channel, Receipt } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { retryPauseMs } from './after-receipt.ts'
import { callsOf, type Ready } from './calls.ts'
import type { Claimed } from './claim.ts'
import type { Outcome } from './outcome.ts'
import { prepare } from './prepare.ts'

/** A call is begun only with this much of the lease left, more than its answer commonly takes (wall time). */
const callMs = 45_000
/** Refusals that say something of the provider, not of the message: the others would be refused alike. */
const aboutProvider: ReadonlySet<string> = new Set(['rate_limited', 'unreachable', 'credentials', 'channel_error'])

/** Providers that have just refused everybody, with their words; shared by the batches of one round. */
export type Brakes = Map<Channel, Extract<Receipt, { outcome: 'refused' }>>

/** Told of every outcome as it comes, in groups; a doubt is an outcome too. */
export type Told = (outcomes: Outcome[]) => void

/**
 * Renders and sends, outside any transaction; every claimed delivery gets exactly one outcome. All calls go side by
 * side, so that a hanging answer holds up no other. What would begin too late in its lease is not sent, since another worker may take it for lost by then; nor is
 * anything once the process is asked to stop.
 */
export async function handOver(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
  brakes: Brakes,
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
  await Promise.all([...byChannel].map(([channel, ready]) => sendAll(context, channel, ready, brakes, told)))
}

async function sendAll(context: Context, channel: Channel, ready: Ready[], brakes: Brakes, told: Told): Promise<void> {
  // A failure to load is for `send` to tell, which then throws likewise.
  await channel.open?.().catch(() => undefined)
  const calls: Promise<void>[] = []
  for (const some of callsOf(channel, ready)) {
    const refusal = brakes.get(channel)
    if (context.stop?.aborted || isTooLate(context, some))
      told(some.map((one) => ({ ...one, receipt: { outcome: 'not_sent' } })))
    else if (refusal) told(some.map((one) => ({ ...one, receipt: likewise(refusal, one) })))
    else calls.push(sendSome(context, channel, some, brakes).then(told))
  }
  await Promise.all(calls)
}

const isTooLate = (context: Context, some: readonly Ready[]): boolean =>
  some.some(
    ({ claimed: { delivery } }) =>
      delivery.leaseUntil !== null && delivery.leaseUntil.getTime() - context.wall.now().getTime() < callMs,
  )

/** The provider is refusing everybody: the rest of the round waits as if refused too, without a call each. */
const likewise = ({ code, retryAfterMs }: Extract<Receipt, { outcome: 'refused' }>, { claimed }: Ready): Receipt => ({
  outcome: 'refused',
  code,
  permanent: false,
  detail: 'Not tried: the provider had just refused others.',
  retryAfterMs: retryAfterMs ?? retryPauseMs(claimed.delivery.attempt),
})

async function sendSome(
  context: Context,
  channel: Channel,
  some: readonly Ready[],
  brakes: Brakes,
): Promise<Outcome[]> {
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
  for (const receipt of receipts)
    if (receipt.outcome === 'refused' && !receipt.permanent && aboutProvider.has(receipt.code))
      brakes.set(channel, receipt)
  return some.map((one, index) => ({
    ...one,
    // An adapter that answers too little leaves the rest in doubt, never unsent.
    receipt: receipts[index] ?? { outcome: 'unknown', reason: 'no_receipt_from_adapter' },
  }))
}
