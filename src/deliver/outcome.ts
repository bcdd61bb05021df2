import type { Outgoing } from '../channel.ts'
import type { HandedOver } from './after-receipt.ts'
import type { Claimed } from './claim.ts'

/** How one claimed delivery went. */
export interface Outcome {
  claimed: Claimed
  /** What was handed over; absent when it could not be rendered. */
  outgoing?: Outgoing
  receipt: HandedOver
  /** The answer was never seen, and the provider has it all the same: when that attempt began (business time). */
  adoptedFrom?: Date
}
