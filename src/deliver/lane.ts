import type { Context, Network } from '../context.ts'
import { applyPending } from '../tracking/inbox.ts'
import type { ChannelName } from '../words.ts'
import { type Admission, admit, sendersOfLane, settleUp, type Waiting } from './admit.ts'
import { claim, type Share } from './claim.ts'
import { deliverBatch } from './deliver-batch.ts'
import { type Gate, openGate } from './gate.ts'

/** A share of what a network owes that is handed over on its own: what hangs in one lane holds up no other. */
export interface Lane extends Share {
  channels: readonly ChannelName[]
  /** Deliveries claimed together: one durable commit. */
  size: number
  /** Batches under way at a time. */
  atOnce: number
  /** One channel that a carrier serves: its pace is kept, and nothing is claimed while its provider is down. */
  isPaced?: boolean
  /** Waits for its pace as long as it is not over; else it returns, and what waits stays owed. */
  isPatient?: boolean
  /** What is known of its providers from what left before it; found out anew without. */
  gate?: Gate
}

/** The batches of a lane that are under way; each leaves when it is through. */
export type UnderWay = Set<Promise<void>>

/** What of a lane outlives one turn at it. */
export interface Kept {
  underWay: UnderWay
  gate: Gate
  /** Waits so long (milliseconds), or until somebody looks at the lane. */
  pause(ms: number): Promise<void>
}

/** What is not urgent is taken a few at a time: one commit for each would cost more than the wait. */
const togetherMs = 40
const longestPauseMs = 1_000

/**
 * Hands over what is due in a lane, urgent first, until nothing is left or `isOver`. What came in meanwhile is applied
 * before each claim: a STOP that was answered must stop what is still owed. Returns how many were dealt with, also by
 * not sending them. Given what is `kept`, it waits for its pace, returns as soon as nothing more can be begun and
 * leaves under way what has not been answered; else it waits for every answer. Rejects with the first failure to write
 * something down.
 */
export async function runLane(
  context: Context,
  network: Network,
  now: Date,
  lane: Lane,
  isOver: () => boolean,
  kept?: Kept,
): Promise<number> {
  const begun = kept?.underWay ?? new Set()
  const gate = kept?.gate ?? lane.gate ?? openGate(context, network)
  const pause = kept?.pause ?? (lane.isPatient ? sleep : undefined)
  const among = lane.isPaced ? await sendersOfLane(context, network, lane) : []
  const whole: Admission = { share: lane, limit: lane.size, paid: { limits: [], units: 0 } }
  const failures: unknown[] = []
  let dealtWith = 0
  for (;;) {
    const admission = lane.isPaced ? await admit(context, network, now, lane, among, gate, pause !== undefined) : whole
    const taken = isAdmitted(admission) ? await begin(admission) : 0
    dealtWith += taken
    if (isOver() || failures.length > 0) break
    const waitMs = isAdmitted(admission) ? undefined : admission.waitMs
    if (waitMs !== undefined && pause) await pause(Math.min(longestPauseMs, Math.max(waitMs, togetherMs)))
    // What is under way may leave something due again, so one more look follows the last of it.
    else if (taken === 0 && (kept || begun.size === 0)) break
    else if (taken === 0 || begun.size >= (lane.isPaced ? gate.atOnce(lane.atOnce) : lane.atOnce))
      await Promise.race(begun)
    await applyPending(context.db, context.wall)
  }
  if (!kept) await Promise.all(begun)
  if (failures.length > 0) throw failures[0]
  return dealtWith

  async function begin(admission: Admission): Promise<number> {
    const { taken, claimed } = await claim(context, network, now, admission.limit, admission.share)
    await settleUp(context, admission, claimed)
    if (claimed.length > 0) {
      const batch = deliverBatch(context, network, claimed, now, gate)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => begun.delete(batch))
      begun.add(batch)
    }
    return taken
  }
}

const isAdmitted = (admission: Admission | Waiting): admission is Admission => 'share' in admission

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
