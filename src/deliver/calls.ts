import type { Channel, Outgoing } from '../channel.ts'
import { type Urgency, urgencies } from '../words.ts'
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

/** Pages of a channel that takes many in a call under way at a time. */
const pagesAtOnce = 2

/**
 * What is claimed at a time for a lane: a whole call's worth where a call takes many, else little. A crash puts in doubt
 * whatever was claimed and not answered, so what is urgent is never claimed by the page.
 */
export function claimedAtOnce<Own extends { size: number; atOnce: number }>(
  channel: Channel | undefined,
  some: readonly Urgency[],
  own: Own,
): Own {
  const isBulk = some.every((urgency) => urgencies.indexOf(urgency) > lastUrgent)
  if (!isBulk || !channel || channel.perSend <= own.size) return own
  return { ...own, size: channel.perSend, atOnce: pagesAtOnce }
}
