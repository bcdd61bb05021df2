import type { Channel, Outgoing } from '../channel.ts'
import { urgencies } from '../words.ts'
import type { Claimed } from './claim.ts'

/** Rendered, and about to be handed over. */
export interface Ready {
  claimed: Claimed
  outgoing: Outgoing
}

/** `immediate` and `high`. */
const lastUrgent = urgencies.indexOf('high')

/**
 * Puts deliveries into calls of a channel. A doubtful answer puts all of a call in doubt, so what is urgent goes alone,
 * by class or by urgency.
 */
export function callsOf(channel: Channel, ready: readonly Ready[]): Ready[][] {
  const alone = ready.filter(isUrgent)
  const others = ready.filter((one) => !isUrgent(one))
  const known = new Map(others.map((one) => [one.outgoing, one]))
  const groups =
    channel.calls?.(others.map(({ outgoing }) => outgoing)).map((group) => group.map((one) => known.get(one)!)) ??
    inSlices(others, channel.perSend)
  return [...alone.map((one) => [one]), ...groups]
}

const isUrgent = ({ claimed: { delivery } }: Ready): boolean =>
  delivery.class === 'urgent_service' || delivery.priority <= lastUrgent

const inSlices = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
